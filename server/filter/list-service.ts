import type Type from 'typebox';
import type { Routes } from '../../shared/api/routes.ts';
import type { ListView, RowProblem } from '../../shared/api/schemas.ts';
import type { Clock } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { CategoryId } from '../../shared/profile/web-filter.ts';
import { validator } from '../../shared/schema.ts';
import type { Bus } from '../bus.ts';
import type { Actor, EventLog, LifeCycle, Lists } from '../services.ts';
import type { DesiredStore } from '../store/desired.ts';
import type { ListRecord, ListStore } from '../store/lists.ts';
import type { Artifacts } from './artifacts.ts';
import type { CompiledList } from './compile.ts';
import { compileAside } from './compile-aside.ts';

export interface ListParts {
  stores: { lists: ListStore; desired: DesiredStore };
  artifacts: Artifacts;
  events: EventLog;
  bus: Bus;
  clock: Clock;
}

type About = Type.Static<Routes['importList']['query']>;

const category = validator(CategoryId);
/** What no list and no desired state names any more is kept this long: a device may be fetching it. */
const keptUnused = 7 * 86_400_000;
/** A list that shrinks below this share of the earlier one deserves a word. */
const suspiciousShare = 0.5;

/** Category lists: imported whole, compiled, and fetched by devices by hash. */
export class ListService implements Lists, LifeCycle {
  readonly #parts: ListParts;

  constructor(parts: ListParts) {
    this.#parts = parts;
  }

  /** Clears away what nothing names any more. */
  async start(): Promise<void> {
    const { stores, artifacts, clock } = this.#parts;
    const olderThan = clock.now() - keptUnused;
    const inSections = (await stores.desired.sectionContents()).flatMap(listHashes);
    const wanted = new Set([...(await stores.lists.list()).map(({ hash }) => hash), ...inSections]);
    await artifacts.prune(wanted, olderThan);
  }

  async stop(): Promise<void> {
    // Nothing runs between calls.
  }

  async list(): Promise<ListView[]> {
    return (await this.#parts.stores.lists.list()).map(viewOf);
  }

  async import(
    name: string,
    bytes: Uint8Array,
    about: About,
    actor: Actor,
  ): Promise<{ list: ListView; problems: RowProblem[] }> {
    demandCategory(name);
    const { stores, artifacts, bus } = this.#parts;
    const earlier = await stores.lists.find(name);
    const compiled = await compileAside(bytes, name);
    await artifacts.write(compiled.hash, compiled.artifact);
    const list = this.#record(name, about, compiled, earlier);
    await stores.lists.replace(list);
    await this.#tell(list, actor);
    if (earlier?.hash !== list.hash || earlier.title !== list.title) bus.publish('policy-changed', {});
    return { list: viewOf(list), problems: [...shrinkage(list, earlier), ...compiled.problems] };
  }

  async artifactPath(hash: string): Promise<string | undefined> {
    return await this.#parts.artifacts.find(hash);
  }

  /** What is not said about the list stays as it was said before. */
  #record(name: string, about: About, compiled: CompiledList, earlier: ListRecord | undefined): ListRecord {
    const { artifact, hash, names, skipped, canary } = compiled;
    return {
      category: name,
      title: about.title?.trim() || earlier?.title || name,
      source: about.source ?? earlier?.source ?? '',
      licence: about.licence ?? earlier?.licence ?? '',
      hash,
      bytes: artifact.byteLength,
      names,
      skipped,
      canary,
      updatedAt: this.#parts.clock.now(),
    };
  }

  async #tell(list: ListRecord, actor: Actor): Promise<void> {
    const words = `The list “${list.title}” was imported: ${list.names} names, ${list.skipped} rows left out.`;
    await this.#parts.events.add({ actor, code: 'list-imported', words, subject: { kind: 'list', id: list.category } });
  }
}

function demandCategory(name: string): void {
  const shown = name.slice(0, 80);
  if (category.check(name)) return;
  throw new CodedError('bad-list', `“${shown}” cannot be a category: use a-z, 0-9 and -, at most 63 characters.`);
}

function shrinkage(list: ListRecord, earlier: ListRecord | undefined): RowProblem[] {
  if (!earlier || list.names >= earlier.names * suspiciousShare) return [];
  const words = `The list has ${list.names} names; the earlier one had ${earlier.names}. Was it cut short?`;
  return [{ severity: 'warning', file: list.category, row: null, column: null, words }];
}

/** Hashes of the artefacts a section of ours names. */
function listHashes(section: string): string[] {
  const { lists } = JSON.parse(section) as { lists?: { hash: string }[] };
  return (lists ?? []).map(({ hash }) => hash);
}

function viewOf({ category: name, title, source, licence, names, hash, updatedAt, skipped }: ListRecord): ListView {
  return { category: name, title, source, licence, names, hash, updatedAt: new Date(updatedAt).toISOString(), skipped };
}
