import type { ListView, RowProblem } from '../../shared/api/schemas.ts';
import type { Clock } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { Actor, EventLog } from '../services.ts';
import type { ListRecord, ListStore, Subscription } from '../store/lists.ts';
import type { Fetched, FetchList } from './fetch-list.ts';
import type { Arrival } from './list-arrivals.ts';
import { viewOf } from './list-views.ts';
import type { Serial } from './serial.ts';

export interface SourceParts {
  stores: { lists: ListStore };
  events: EventLog;
  clock: Clock;
  fetchList: FetchList;
  onError: (error: unknown) => void;
}

export type UncompiledArrival = Omit<Arrival, 'compiled'> & { bytes: Uint8Array };

export interface Taken {
  list: ListView;
  problems: RowProblem[];
}

type Refreshed = Taken & { changed: boolean };

/** Asks the sources of lists again. Whatever a source does, the earlier list stays until a better one was taken. */
export class ListSources {
  readonly #parts: SourceParts;
  readonly #serial: Serial;
  readonly #take: (arrival: UncompiledArrival) => Promise<Taken>;
  readonly #refreshing = new Map<string, Promise<Refreshed>>();

  /** `take` is called while nothing else changes lists. */
  constructor(parts: SourceParts, serial: Serial, take: (arrival: UncompiledArrival) => Promise<Taken>) {
    this.#parts = parts;
    this.#serial = serial;
    this.#take = take;
  }

  /** Two at once for one list are one. */
  async refresh(category: string, actor: Actor): Promise<Refreshed> {
    const running = this.#refreshing.get(category) ?? this.#refresh(category, actor);
    this.#refreshing.set(category, running);
    try {
      return await running;
    } finally {
      if (this.#refreshing.get(category) === running) this.#refreshing.delete(category);
    }
  }

  /** False: it brought a problem, which is recorded. */
  async refreshByItself(category: string): Promise<boolean> {
    try {
      await this.refresh(category, 'server');
    } catch (error) {
      if (!(error instanceof CodedError)) this.#parts.onError(error);
      return false;
    }
    return true;
  }

  async #refresh(category: string, actor: Actor): Promise<Refreshed> {
    const { subscription, title } = await this.#find(category);
    if (!subscription) {
      throw new CodedError('conflict', `“${title}” was uploaded: there is no address to ask. Upload it again.`);
    }
    try {
      const fetched = await this.#parts.fetchList(subscription.url, subscription);
      return await this.#serial.run(async () => {
        const before = await this.#find(category);
        // Somebody uploaded another list meanwhile, or chose another source: this answer is about the former.
        if (before.subscription?.url !== subscription.url) throw new CodedError('changed-meanwhile');
        return await this.#answered(before, before.subscription, fetched, actor);
      });
    } catch (error) {
      if (error instanceof CodedError) await this.#recordProblem(category, subscription.url, error.message, actor);
      throw error;
    }
  }

  async #answered(before: ListRecord, known: Subscription, fetched: Fetched, actor: Actor): Promise<Refreshed> {
    const { category } = before;
    const { lists } = this.#parts.stores;
    const asked = { ...known, refreshedAt: this.#parts.clock.now() };
    if (!fetched.changed) {
      const rollout = await lists.rollout(category);
      const subscription = { ...asked, problem: rollout?.state === 'halted' ? known.problem : null };
      await lists.replace({ ...before, subscription });
      return { list: viewOf({ ...before, subscription }, rollout), changed: false, problems: [] };
    }
    const { content: bytes, etag, lastModified } = fetched;
    const subscription = { ...asked, etag, lastModified, problem: null };
    const taken = await this.#take({ category, bytes, about: {}, subscription, byPerson: false, actor });
    return { ...taken, changed: (await this.#find(category)).hash !== before.hash };
  }

  /** The list stays as it is, with the words beside it; an event tells of the first failure in a row only. */
  async #recordProblem(category: string, url: string, problem: string, actor: Actor): Promise<void> {
    await this.#serial.run(async () => {
      const list = await this.#parts.stores.lists.find(category);
      if (list?.subscription?.url !== url) return;
      const subscription = {
        ...list.subscription,
        refreshedAt: this.#parts.clock.now(),
        problem: problem.slice(0, 600),
      };
      await this.#parts.stores.lists.replace({ ...list, subscription });
      if (list.subscription.problem !== null) return;
      const words = `The list “${list.title}” could not be refreshed. ${problem}`.slice(0, 500);
      await this.#parts.events.add({
        ...{ actor, code: 'list-refresh-failed', words },
        subject: { kind: 'list', id: list.category },
      });
    });
  }

  async #find(category: string): Promise<ListRecord> {
    const list = await this.#parts.stores.lists.find(category);
    if (!list) throw noSuchList(category);
    return list;
  }
}

export function noSuchList(category: string): CodedError {
  return new CodedError('not-found', `There is no list of the category “${category.slice(0, 63)}”.`);
}
