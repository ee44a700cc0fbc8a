import { readFile } from 'node:fs/promises';
import type Type from 'typebox';
import type { RequestBody } from '../../shared/api/contract.ts';
import type { Routes } from '../../shared/api/routes.ts';
import type { CatalogueEntry, ListView, PolicyList } from '../../shared/api/schemas.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { catalogue } from '../../shared/filter/catalogue.ts';
import type { RolloutAction } from '../../shared/policy/rollout.ts';
import type { Bus } from '../bus.ts';
import type { Actor, Changed, EventLog, LifeCycle, Lists, ListVersion } from '../services.ts';
import type { DesiredStore } from '../store/desired.ts';
import type { ListRecord } from '../store/lists.ts';
import type { ProfileStore } from '../store/profiles.ts';
import { compiledFrom, demandArtifact, subscriptionFrom } from './adopt-list.ts';
import type { Artifacts } from './artifacts.ts';
import { compileAside } from './compile-aside.ts';
import type { FetchList } from './fetch-list.ts';
import { ListArrivals } from './list-arrivals.ts';
import { blockedEssentials, blocksEssentials } from './list-guards.ts';
import { demandCategory, exceptionNames, usesCategory } from './list-names.ts';
import { ListRefresher } from './list-refresher.ts';
import { adoptEarlier, type ListRolloutParts } from './list-rollouts.ts';
import { ListSources, noSuchList, type Taken, type UncompiledArrival } from './list-sources.ts';
import { exceptionsOf, versionsOf } from './list-versions.ts';
import { viewOf, warning } from './list-views.ts';
import { Serial } from './serial.ts';

export interface ListParts extends ListRolloutParts {
  stores: ListRolloutParts['stores'] & { desired: DesiredStore; profiles: ProfileStore };
  events: EventLog;
  bus: Bus;
  onError: (error: unknown) => void;
  artifacts: Artifacts;
  fetchList: FetchList;
  /** Names no list may block (`name`, `*.name`, `=name`). */
  essentials: () => Promise<readonly string[]>;
}

type About = Type.Static<Routes['importList']['query']>;

const day = 86_400_000;
/** What no list and no desired state names any more is kept this long: a device may be fetching it. */
const keptUnused = 7 * day;

/** Category lists: uploaded or fetched, compiled, brought to the devices in rings, and fetched by them by hash. */
export class ListService implements Lists, LifeCycle {
  readonly #parts: ListParts;
  readonly #serial = new Serial();
  readonly #arrivals: ListArrivals;
  readonly #sources: ListSources;
  readonly #refresher: ListRefresher;
  #cancelPrune: (() => void) | undefined;

  constructor(parts: ListParts) {
    const { stores, clock, random, onError } = parts;
    this.#parts = parts;
    this.#arrivals = new ListArrivals(parts);
    this.#sources = new ListSources(parts, this.#serial, (arrival) => this.#take(arrival));
    this.#refresher = new ListRefresher({
      ...{ clock, random, onError },
      lists: () => stores.lists.list(),
      rollouts: () => stores.lists.rollouts(),
      refresh: (category) => this.#sources.refreshByItself(category),
    });
  }

  async start(): Promise<void> {
    await this.#prune();
    await adoptEarlier(this.#parts);
    await this.#refresher.start();
  }

  async stop(): Promise<void> {
    this.#cancelPrune?.();
    await this.#refresher.stop();
    await this.#serial.settled();
  }

  /** What the timers do each minute, at once. */
  async look(): Promise<void> {
    await this.#refresher.look();
  }

  async list(): Promise<ListView[]> {
    const { lists } = this.#parts.stores;
    const rollouts = new Map((await lists.rollouts()).map((rollout) => [rollout.category, rollout]));
    return (await lists.list()).map((list) => viewOf(list, rollouts.get(list.category)));
  }

  async import(category: string, bytes: Uint8Array, about: About, actor: Actor): Promise<Taken> {
    demandCategory(category);
    return await this.#serial.run(async () => {
      const fetchedFrom = (await this.#parts.stores.lists.find(category))?.subscription?.url;
      const taken = await this.#take({ category, bytes, about, subscription: null, byPerson: true, actor });
      const words = `The list is no longer fetched from ${fetchedFrom}: this upload replaces it.`;
      return fetchedFrom === undefined ? taken : { ...taken, problems: [warning(category, words), ...taken.problems] };
    });
  }

  async giveArtifact(hash: string, artifact: Uint8Array): Promise<number> {
    const names = demandArtifact(hash, artifact);
    await this.#parts.artifacts.write(hash, artifact);
    return names;
  }

  async adopt(wanted: PolicyList, actor: Actor): Promise<ListView> {
    const { category, title, source, licence } = wanted;
    demandCategory(category);
    const exceptions = exceptionNames(wanted.exceptions);
    return await this.#serial.run(async () => {
      const earlier = await this.#parts.stores.lists.find(category);
      const subscription = subscriptionFrom(wanted, earlier, this.#parts.clock.now());
      if (earlier && subscription && earlier.subscription?.url === subscription.url) {
        const list = { ...earlier, title: title.trim() || category, source, licence, exceptions, subscription };
        await this.#parts.stores.lists.replace(list);
        await this.#tell(list, actor, 'list-described', `What is said of the list “${list.title}” was changed.`);
        return await this.#changed(category);
      }
      const compiled = compiledFrom(wanted, await this.#artifact(wanted));
      const about = { title, source, licence };
      const arrival = { category, compiled, about, exceptions, subscription, byPerson: true, actor };
      const { list, changed } = await this.#arrivals.take(arrival);
      if (changed) this.#parts.bus.publish('filter-changed', {});
      return list;
    });
  }

  async #artifact({ category, artifact }: PolicyList): Promise<Uint8Array> {
    const path = await this.#parts.artifacts.find(artifact);
    if (path !== undefined) return await readFile(path);
    throw new CodedError(
      'bad-list',
      `The names of the list ${category} are not here. Hand in the file ${artifact} first.`,
    );
  }

  catalogue(): CatalogueEntry[] {
    return [...catalogue];
  }

  async subscribe(
    category: string,
    { url, title, licence, refreshHours }: RequestBody<Routes['subscribeList']>,
    actor: Actor,
  ): Promise<Taken> {
    demandCategory(category);
    if (licence.trim() === '') throw new CodedError('bad-request', 'Say under which licence the list may be used.');
    const fetched = await this.#parts.fetchList(url, { etag: null, lastModified: null });
    if (!fetched.changed) throw new CodedError('list-unreachable', 'The source says that nothing changed, unasked.');
    const { content, etag, lastModified } = fetched;
    const refreshedAt = this.#parts.clock.now();
    const subscription = { url, refreshHours, etag, lastModified, refreshedAt, problem: null };
    const about = { source: url, licence: licence.trim(), ...(title === undefined ? {} : { title }) };
    return await this.#serial.run(() =>
      this.#take({ category, bytes: content, about, subscription, byPerson: true, actor }),
    );
  }

  async refresh(category: string, actor: Actor): Promise<Taken & { changed: boolean }> {
    return await this.#sources.refresh(category, actor);
  }

  async setExceptions(category: string, names: readonly string[], actor: Actor): Promise<ListView> {
    const exceptions = exceptionNames(names);
    return await this.#serial.run(async () => {
      const before = await this.#find(category);
      const list = { ...before, exceptions };
      await this.#parts.stores.lists.replace(list);
      const words = `${exceptions.length} names are taken out of the list “${list.title}”.`;
      await this.#tell(list, actor, 'list-exceptions-set', words, {
        ...{ before: { exceptions: before.exceptions }, after: { exceptions } },
      });
      return await this.#changed(category);
    });
  }

  async decideRollout(
    category: string,
    action: 'resume' | 'finish' | 'roll-back',
    reason: string,
    actor: Actor,
  ): Promise<ListView> {
    const list = await this.#find(category);
    const rollout = await this.#parts.stores.lists.rollout(category);
    if (rollout?.rolloutId === undefined || rollout.state === 'rolled-back')
      throw new CodedError('conflict', `There is nothing to ${action} in “${list.title}”.`);
    const isForFew = action === 'resume' && (await this.#arrivals.isUsedByFew(category));
    await this.#parts.rollouts().act(rollout.rolloutId, isForFew ? 'finish' : action, reason, actor);
    return await this.#view(category);
  }

  async prepareAction(category: string, action: RolloutAction): Promise<void> {
    const list = await this.#find(category);
    const rollout = await this.#parts.stores.lists.rollout(category);
    if (action === 'roll-back' && rollout) await this.#arrivals.prepareRollBack(list, rollout);
    else if (action === 'resume' || action === 'finish') await this.#demandEssentials(list);
  }

  async delete(category: string, actor: Actor): Promise<void> {
    await this.#serial.run(async () => {
      const list = await this.#find(category);
      const assignments = await this.#parts.stores.profiles.assignments();
      const users = assignments.filter(({ settings }) => usesCategory(settings.webFilter, category));
      if (users.length > 0) {
        const profiles = [...new Set(users.map(({ profile }) => profile))];
        throw new CodedError('list-in-use', undefined, profiles.slice(0, 20));
      }
      await this.#parts.stores.lists.delete(category);
      await this.#tell(list, actor, 'list-deleted', `The list “${list.title}” was deleted.`);
      this.#parts.bus.publish('filter-changed', {});
    });
  }

  async artifactPath(hash: string): Promise<string | undefined> {
    return await this.#parts.artifacts.find(hash);
  }

  async deltaPath(from: string, to: string): Promise<string | undefined> {
    return await this.#parts.artifacts.findDelta(from, to);
  }

  async versions(): Promise<(deviceId: string) => ReadonlyMap<string, ListVersion>> {
    const { lists } = this.#parts.stores;
    const { rollouts } = this.#parts.stores;
    return await versionsOf(await lists.list(), await lists.rollouts(), (id) => rollouts.holdersOf(id));
  }

  async #take(arrival: UncompiledArrival): Promise<Taken> {
    const { bytes, ...rest } = arrival;
    const taken = (await this.#parts.stores.lists.find(arrival.category))?.exceptions;
    const compiled = await compileAside(bytes, arrival.category, taken);
    const { list, problems, changed } = await this.#arrivals.take({ ...rest, compiled });
    if (changed) this.#parts.bus.publish('filter-changed', {});
    return { list, problems };
  }

  /** A version that was held goes out at a person's word, but never one that locks the district out. */
  async #demandEssentials(list: ListRecord): Promise<void> {
    const path = await this.#parts.artifacts.find(list.hash);
    if (path === undefined) throw new CodedError('conflict', `The new version of “${list.title}” is no longer here.`);
    const blocked = blockedEssentials(await readFile(path), exceptionsOf(list, list), await this.#parts.essentials());
    if (blocked.length > 0) throw blocksEssentials(list.title, blocked);
  }

  async #find(category: string): Promise<ListRecord> {
    const list = await this.#parts.stores.lists.find(category);
    if (!list) throw noSuchList(category);
    return list;
  }

  async #view(category: string): Promise<ListView> {
    return viewOf(await this.#find(category), await this.#parts.stores.lists.rollout(category));
  }

  async #changed(category: string): Promise<ListView> {
    this.#parts.bus.publish('filter-changed', {});
    return await this.#view(category);
  }

  async #tell(list: ListRecord, actor: Actor, code: string, words: string, changed: Changed = {}): Promise<void> {
    await this.#parts.events.add({ actor, code, words, ...changed, subject: { kind: 'list', id: list.category } });
  }

  /** Clears away what nothing names any more, now and each day. */
  async #prune(): Promise<void> {
    const { stores, artifacts, clock, onError } = this.#parts;
    this.#cancelPrune = clock.after(day, () => void this.#prune().catch(onError));
    const wanted = new Set((await stores.desired.sectionContents()).flatMap(listHashes));
    for (const { hash } of await stores.lists.list()) wanted.add(hash);
    for (const { from, toHash } of await stores.lists.rollouts()) wanted.add(from.hash).add(toHash);
    await artifacts.prune(wanted, clock.now() - keptUnused);
  }
}

/** Hashes of the artefacts a section of ours names. */
function listHashes(section: string): string[] {
  const { lists } = JSON.parse(section) as { lists?: { hash: string }[] };
  return (lists ?? []).map(({ hash }) => hash);
}
