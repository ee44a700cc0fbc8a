import type { Clock } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { Actor, EventLog } from '../services.ts';
import type { DocumentStore } from '../store/documents.ts';
import type { PostureStore } from '../store/posture.ts';
import type { RestrictionRecord, RestrictionStore } from '../store/restrictions.ts';

export interface BrakeParts {
  stores: { documents: DocumentStore; restrictions: RestrictionStore; posture: PostureStore };
  events: EventLog;
  clock: Clock;
  /** What is held differs. */
  changed: () => void;
}

/** What is remembered of holding new restrictions back. */
interface HoldState {
  held: { since: number; by: string; reason: string } | null;
  /** Somebody looked at those that wait: they begin in the next pass, however many. */
  confirmed: boolean;
  /** Restrictions that began until then were looked at and are not counted. */
  countFrom: number;
}

const document = 'restriction-hold';
const share = 0.05;
const always = 20;
const windowMs = 3_600_000;
const byItself = 'server';

/** How many devices of a fleet may become restricted within an hour before somebody has to look. */
export function brakeOf(fleet: number): number {
  return Math.max(always, Math.floor(fleet * share));
}

/** Holds new restrictions back: by itself when they are many, or because a person said so. Remembered over a restart. */
export class RestrictionBrake {
  readonly #parts: BrakeParts;

  constructor(parts: BrakeParts) {
    this.#parts = parts;
  }

  async held(): Promise<HoldState['held']> {
    return (await this.#read()).state.held;
  }

  async limit(): Promise<number> {
    return brakeOf((await this.#parts.stores.posture.deviceIds()).length);
  }

  /** A person holds new ones back. */
  async hold(reason: string, actor: Actor): Promise<void> {
    const { clock, events } = this.#parts;
    const { state, version } = await this.#read();
    if (state.held) throw new CodedError('conflict', 'New restrictions are held back already.');
    await this.#save({ ...state, held: { since: clock.now(), by: actor, reason }, confirmed: false }, version);
    await events.add({ actor, code: 'restrictions-held', words: `New restrictions are held back: ${reason}` });
  }

  /** A person lets those that wait begin, with the next pass. */
  async confirm(reason: string, waiting: number, actor: Actor): Promise<void> {
    const { state, version } = await this.#read();
    if (!state.held) throw new CodedError('conflict', 'Nothing is held back.');
    await this.#save({ ...state, held: null, confirmed: true }, version);
    const words = `${waiting} restrictions that waited may begin: ${reason}`;
    await this.#parts.events.add({ actor, code: 'restrictions-confirmed', words });
  }

  /** Which of those that wait may begin now. */
  async release(waiting: readonly RestrictionRecord[]): Promise<RestrictionRecord[]> {
    const { stores, clock } = this.#parts;
    const { state, version } = await this.#read();
    const now = clock.now();
    const begun = waiting.map((one) => ({ ...one, from: now }));
    if (state.confirmed) {
      await this.#save({ held: null, confirmed: false, countFrom: now }, version);
      return begun;
    }
    if (state.held?.by === byItself && waiting.length === 0) await this.#letGo(state, version);
    if (state.held || waiting.length === 0) return [];
    const many = waiting.length + (await stores.restrictions.begunSince(Math.max(state.countFrom, now - windowMs)));
    const limit = await this.limit();
    if (many <= limit) return begun;
    await this.#brake(state, version, many, limit);
    return [];
  }

  async #brake(state: HoldState, version: number, many: number, limit: number): Promise<void> {
    const { clock, events, changed } = this.#parts;
    const reason = `${many} devices would be restricted within an hour, more than ${limit}. Look at the policy, then confirm or mend it.`;
    await this.#save({ ...state, held: { since: clock.now(), by: byItself, reason } }, version);
    const words = `New restrictions are held back: ${reason}`;
    await events.add({ actor: byItself, code: 'restrictions-held', words });
    changed();
  }

  /** What was held by itself is over when nothing waits any more. */
  async #letGo(state: HoldState, version: number): Promise<void> {
    const { events, changed } = this.#parts;
    await this.#save({ ...state, held: null }, version);
    const words = 'Nothing waits to be restricted any more, so nothing is held back.';
    await events.add({ actor: byItself, code: 'restrictions-released', words });
    changed();
  }

  async #read(): Promise<{ state: HoldState; version: number }> {
    const saved = await this.#parts.stores.documents.read(document);
    if (!saved) return { state: { held: null, confirmed: false, countFrom: 0 }, version: 0 };
    return { state: saved.content as HoldState, version: saved.version };
  }

  async #save(state: HoldState, version: number): Promise<void> {
    const { stores, clock } = this.#parts;
    await stores.documents.save(document, state, version, clock.now());
  }
}
