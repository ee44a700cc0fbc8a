import Type from 'typebox';
import type { Clock, Random } from '../../shared/clock.ts';
import type { Decision } from '../../shared/filter/decision.ts';
import { plainText } from '../../shared/plain-text.ts';
import type { WebFilterSection } from '../../shared/profile/web-filter.ts';
import type { UnblockRequestRecord } from '../../shared/protocol/messages.ts';
import { EpochMs, strictObject, text, validator } from '../../shared/schema.ts';
import type { Log } from '../log.ts';
import { parseJson, readIfThere, writeDurably } from '../store/durable-file.ts';
import type { PageWords } from './words/en.ts';

export interface RequestBookOptions {
  /** The file that keeps what waits for a decision. */
  path: string;
  clock: Clock;
  random: Random;
  /** Takes the request towards the server; it must survive there until the server has it. */
  emit: (record: UnblockRequestRecord) => void;
  log: Log;
}

/** How a request stands, newest news first. */
export interface RequestState {
  name: string;
  state: keyof PageWords['states']['short'];
  reason: string;
  /** When it was made, while it waits; when it was decided, afterwards. */
  at: number;
}

export type AskOutcome = { ok: true } | { ok: false; problem: keyof PageWords['problems'] };

const Waiting = Type.Array(strictObject({ id: text(64, { minLength: 1 }), name: text(253), at: EpochMs }), {
  maxItems: 100,
});
type Waiting = Type.Static<typeof Waiting>;
const waitingSchema = validator(Waiting);

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const mostPerHour = 10;
const mostPerName = 3;
const shortest = 5;
const longest = 500;
/** A server tells outcomes for a week; what it never told of is forgotten after this. */
const forgetAfterMs = 15 * dayMs;

/** The requests of this device: takes new ones within limits and knows how the others stand. */
export class RequestBook {
  readonly #options: RequestBookOptions;
  /** When requests were made lately, by the monotonic clock. */
  #lately: { name: string; at: number }[] = [];
  #waiting: Waiting | undefined;

  constructor(options: RequestBookOptions) {
    this.#options = options;
  }

  /** `words` as the person wrote them, `now` by the clock of the schedules. */
  ask(name: string, words: string, decision: Decision, now: number): AskOutcome {
    const said = plainText(words, '');
    if (said.length < shortest) return { ok: false, problem: 'tooShort' };
    if (said.length > longest) return { ok: false, problem: 'tooLong' };
    const limit = this.#limitReached(name);
    if (limit) return { ok: false, problem: limit };
    const { clock, random, emit } = this.#options;
    const id = random.uuid();
    if (!this.#keep([...this.#read(), { id, name, at: now }].slice(-100))) return { ok: false, problem: 'notSaved' };
    this.#lately.push({ name, at: clock.monotonic() });
    const { category, rule } = decision;
    const about = { ...(category && { category }), ...(rule && { rule: rule.slice(0, 300) }) };
    emit({ kind: 'unblock-request', at: now, id, name, ...about, words: said });
    return { ok: true };
  }

  /** The newest first, with the outcomes the section tells of. */
  list(section: WebFilterSection, now: number): RequestState[] {
    const outcomes = section.outcomes ?? [];
    const decided = new Set(outcomes.map(({ id }) => id));
    const before = this.#read();
    const waiting = before.filter(({ id, at }) => !decided.has(id) && at > now - forgetAfterMs);
    if (waiting.length < before.length) this.#keep(waiting);
    return [
      ...waiting.map(({ name, at }) => ({ name, at, state: 'waiting' as const, reason: '' })),
      ...outcomes.map(({ name, at, state, reason }) => ({ name, at, state, reason })),
    ].sort((a, b) => b.at - a.at);
  }

  /** How the request for a name stands: one that waits, else the last that was decided. */
  about(name: string, section: WebFilterSection, now: number): RequestState | undefined {
    const found = this.list(section, now).filter((state) => state.name === name);
    return found.find(({ state }) => state === 'waiting') ?? found[0];
  }

  #limitReached(name: string): keyof PageWords['problems'] | undefined {
    const now = this.#options.clock.monotonic();
    this.#lately = this.#lately.filter(({ at }) => at > now - dayMs);
    if (this.#lately.filter(({ at }) => at > now - hourMs).length >= mostPerHour) return 'tooOften';
    return this.#lately.filter((made) => made.name === name).length >= mostPerName ? 'tooOftenForName' : undefined;
  }

  #read(): Waiting {
    this.#waiting ??= this.#load();
    return this.#waiting;
  }

  #load(): Waiting {
    const { path, log } = this.#options;
    const content = readIfThere(path);
    const parsed = content === undefined ? [] : parseJson(content);
    if (waitingSchema.check(parsed)) return parsed;
    log.warn(
      { path },
      'The list of unblock requests was damaged; it begins anew. Requests that were made are not lost.',
    );
    return [];
  }

  /** False when the disk does not take it. */
  #keep(waiting: Waiting): boolean {
    const { path, log } = this.#options;
    try {
      writeDurably(path, JSON.stringify(waiting));
      this.#waiting = waiting;
      return true;
    } catch (error) {
      log.error({ err: error, path }, 'An unblock request could not be kept. Is the disk full?');
      return false;
    }
  }
}
