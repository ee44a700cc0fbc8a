import { readFile } from 'node:fs/promises';
import type { ListView, RowProblem } from '../../shared/api/schemas.ts';
import type { Actor } from '../services.ts';
import type { ListRecord, RolloutRecord, Subscription, VersionRecord } from '../store/lists.ts';
import type { CompiledList } from './compile.ts';
import { makeDeltas } from './list-deltas.ts';
import { blockedEssentials, blocksEssentials, reasonToHold } from './list-guards.ts';
import { fewDevices } from './list-plan.ts';
import { rolloutOf } from './list-rollouts.ts';
import type { ListParts } from './list-service.ts';
import { exceptionsOf } from './list-versions.ts';
import { shrinkage, viewOf } from './list-views.ts';

/** A compiled list as it comes in. */
export interface Arrival {
  category: string;
  compiled: CompiledList;
  /** What is not said stays as it was said before. */
  about: { title?: string; source?: string; licence?: string };
  /** Names the district takes out; absent: as before. */
  exceptions?: string[];
  subscription: Subscription | null;
  /** A person is there to read a refusal; what comes by itself is held back instead. */
  byPerson: boolean;
  actor: Actor;
}

interface Taken {
  list: ListView;
  problems: RowProblem[];
  /** Devices may be concerned. */
  changed: boolean;
}

/** Takes new versions in: judges them, keeps them, and decides how they go out. Its callers see to it that one comes at a time. */
export class ListArrivals {
  readonly #parts: ListParts;

  constructor(parts: ListParts) {
    this.#parts = parts;
  }

  /** The artefact and the deltas to it are on disk before the row names it. `list-blocks-essentials` for a person. */
  async take(arrival: Arrival): Promise<Taken> {
    const { stores, artifacts } = this.#parts;
    const { category, compiled, actor, byPerson } = arrival;
    const [earlier, rollout] = [await stores.lists.find(category), await stores.lists.rollout(category)];
    const arrived = this.#record(arrival, earlier);
    const inForce = rollout?.from ?? earlier;
    const hold = await this.#judge(arrived, compiled, inForce, byPerson);
    const list = withProblem(arrived, hold);
    await artifacts.write(compiled.hash, compiled.artifact);
    const next = await this.#wayOut({ list, artifact: compiled.artifact, earlier, rollout, hold, byPerson });
    if (next === 'refused') return await this.#keepRefused(list, earlier ?? list, rollout);
    const begins = next ? await rolloutOf(this.#parts, list, next, actor, next.reason ?? undefined) : undefined;
    await stores.lists.replace(list, next && begins ? { ...next, rolloutId: begins.id } : next && null, begins);
    if (begins && begins.held === undefined) await this.#parts.rollouts().begin(begins.id);
    await this.#tell(list, actor, next?.state === 'halted' ? next.reason : null, earlier);
    const short = byPerson && inForce ? shrinkage(category, list.names, inForce.names) : [];
    return {
      list: viewOf(list, await stores.lists.rollout(category)),
      problems: [...short, ...compiled.problems],
      changed: differs(list, earlier) || (next ?? undefined) !== undefined || (next === null && rollout !== undefined),
    };
  }

  /** Everybody will go back to the earlier version: it is nearer by a delta. */
  async prepareRollBack(list: ListRecord, rollout: RolloutRecord): Promise<void> {
    const { artifacts } = this.#parts;
    const path = await artifacts.find(rollout.from.hash);
    if (path !== undefined) {
      await makeDeltas(artifacts, [list.hash], { hash: rollout.from.hash, artifact: await readFile(path) });
    }
  }

  /** Rings of a handful of devices prove nothing. */
  async isUsedByFew(category: string): Promise<boolean> {
    return (await this.#parts.stores.listUse.devicesWith(category)).length < fewDevices;
  }

  #record(
    { category, compiled, about, subscription, exceptions: taken }: Arrival,
    earlier: ListRecord | undefined,
  ): ListRecord {
    const { artifact, hash, names, skipped, canary, format, exceptions } = compiled;
    return {
      category,
      title: about.title?.trim() || earlier?.title || category,
      source: about.source ?? earlier?.source ?? '',
      licence: about.licence ?? earlier?.licence ?? '',
      ...{ hash, names, skipped, canary, format },
      bytes: artifact.byteLength,
      ownExceptions: exceptions,
      exceptions: taken ?? earlier?.exceptions ?? [],
      updatedAt: this.#parts.clock.now(),
      subscription,
    };
  }

  /** Why it must not go out by itself; throws where a person asked for it. */
  async #judge(
    list: ListRecord,
    { artifact }: CompiledList,
    inForce: VersionRecord | undefined,
    byPerson: boolean,
  ): Promise<string | undefined> {
    const blocked = blockedEssentials(artifact, exceptionsOf(list, list), await this.#parts.essentials());
    if (byPerson && blocked.length > 0) throw blocksEssentials(list.title, blocked);
    return byPerson ? undefined : reasonToHold(blocked, list.names, inForce?.names ?? 0);
  }

  /** How the version reaches the devices: `null` all at once, `undefined` as before because nothing is new. */
  async #wayOut({
    list,
    artifact,
    earlier,
    rollout,
    hold,
    byPerson,
  }: {
    list: ListRecord;
    artifact: Uint8Array;
    earlier: ListRecord | undefined;
    rollout: RolloutRecord | undefined;
    hold: string | undefined;
    byPerson: boolean;
  }): Promise<RolloutRecord | null | undefined | 'refused'> {
    const inForce = rollout?.from ?? earlier;
    if (!inForce || !earlier || list.hash === inForce.hash) return null;
    if (rollout?.toHash === list.hash && !(byPerson && rollout.state === 'rolled-back')) {
      return rollout.state === 'rolled-back' ? 'refused' : undefined;
    }
    const { artifacts, clock } = this.#parts;
    const counts = await makeDeltas(artifacts, [inForce.hash, earlier.hash], { hash: list.hash, artifact });
    const now = clock.now();
    const made: Omit<RolloutRecord, 'state' | 'reason'> = {
      category: list.category,
      from: versionOf(inForce),
      toHash: list.hash,
      ...(counts ?? { added: list.names, removed: inForce.names }),
      ...{ startedAt: now, ring: 0, since: now },
    };
    if (hold !== undefined) return { ...made, state: 'halted', reason: hold };
    if (await this.isUsedByFew(list.category)) return null;
    return { ...made, state: 'running', reason: null };
  }

  /** The source still gives what a person took back. */
  async #keepRefused(list: ListRecord, earlier: ListRecord, rollout: RolloutRecord | undefined): Promise<Taken> {
    const problem = 'The source gives a version that was taken back here. A newer one will be taken.';
    const kept = withProblem({ ...earlier, subscription: list.subscription }, problem);
    await this.#parts.stores.lists.replace(kept);
    return { list: viewOf(kept, rollout), problems: [], changed: false };
  }

  async #tell(list: ListRecord, actor: Actor, held: string | null, earlier: ListRecord | undefined): Promise<void> {
    const { title, names, skipped, category, hash } = list;
    if (actor === 'server' && earlier?.hash === hash) return;
    const words = held
      ? `A new version of the list “${title}” was held back. ${held}`
      : `The list “${title}” was imported: ${names} names, ${skipped} rows left out.`;
    const code = held ? 'list-held-back' : 'list-imported';
    await this.#parts.events.add({ actor, code, words, subject: { kind: 'list', id: category } });
  }
}

/** In what sections say of a list. */
function differs(list: ListRecord, earlier: ListRecord | undefined): boolean {
  const said = ({ hash, title, canary, ownExceptions, exceptions }: ListRecord) =>
    JSON.stringify([hash, title, canary, ownExceptions, exceptions]);
  return earlier === undefined || said(list) !== said(earlier);
}

function withProblem(list: ListRecord, problem: string | undefined): ListRecord {
  if (problem === undefined || !list.subscription) return list;
  return { ...list, subscription: { ...list.subscription, problem } };
}

function versionOf(record: VersionRecord): VersionRecord {
  const { hash, bytes, names, skipped, canary, format, ownExceptions, updatedAt } = record;
  return { hash, bytes, names, skipped, canary, format, ownExceptions, updatedAt };
}
