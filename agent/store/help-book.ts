import Type from 'typebox';
import type { Clock, Random } from '../../shared/clock.ts';
import { plainText } from '../../shared/plain-text.ts';
import { type HelpRequestRecord, TicketsMessage } from '../../shared/protocol/messages.ts';
import { EpochMs, strictObject, text, validator } from '../../shared/schema.ts';
import type { Log } from '../log.ts';
import { parseJson, readIfThere, writeDurably } from './durable-file.ts';

export interface HelpBookOptions {
  /** The file that keeps what was asked and what the helpdesk said. */
  path: string;
  clock: Clock;
  random: Random;
  /** Takes the request towards the server; it must survive there until the server has it. */
  emit: (record: HelpRequestRecord) => void;
  log: Log;
}

export const helpCategories = [
  'slow',
  'will-not-start',
  'screen',
  'keyboard',
  'battery',
  'network',
  'software',
  'printing',
  'sign-in',
  'web-filter',
  'damage',
  'lost-or-stolen',
  'other',
] as const;
export type HelpCategory = (typeof helpCategories)[number];

export type HelpTicket = TicketsMessage['tickets'][number];
/** A request on its way: the helpdesk has not answered yet that it has it. */
export type WaitingHelp = Type.Static<typeof Waiting>;
export type HelpOutcome = { ok: true } | { ok: false; problem: 'tooShort' | 'tooLong' | 'tooOften' | 'notSaved' };

const Waiting = strictObject({
  id: text(64, { minLength: 1 }),
  at: EpochMs,
  words: text(1000),
  ticket: Type.Optional(text(64)),
});
const Kept = strictObject({
  waiting: Type.Array(Waiting, { maxItems: 20 }),
  told: Type.Union([TicketsMessage, Type.Null()]),
});
type Kept = Type.Static<typeof Kept>;
const kept = validator(Kept);

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const mostPerHour = 5;
const mostPerDay = 15;
const shortest = 5;
/** Nine bytes a sign in a form: what a page takes. */
export const longestHelp = 800;
const mostWaiting = 20;
/** What the helpdesk never told of is forgotten after this, and so is what it told. */
const forgetAfterMs = 30 * dayMs;
/** An answer is told of by no message: it counts as there when the helpdesk speaks after it. */
const answeredAfterMs = 60_000;

/** What this device asked of the helpdesk, and what it was told. */
export class HelpBook {
  readonly #options: HelpBookOptions;
  /** When requests were made lately, by the monotonic clock. */
  #lately: number[] = [];
  #kept: Kept | undefined;

  constructor(options: HelpBookOptions) {
    this.#options = options;
  }

  /** `ticket`: the one that is answered. */
  ask(category: HelpCategory, words: string, ticket?: string): HelpOutcome {
    const { clock, random, emit } = this.#options;
    const said = plainText(words, '');
    if (said.length < shortest) return { ok: false, problem: 'tooShort' };
    if (said.length > longestHelp) return { ok: false, problem: 'tooLong' };
    if (this.#isTooOften()) return { ok: false, problem: 'tooOften' };
    const request = { id: random.uuid(), at: clock.now(), words: said, ...(ticket !== undefined && { ticket }) };
    const before = this.#read();
    if (!this.#keep({ ...before, waiting: [...before.waiting, request].slice(-mostWaiting) }))
      return { ok: false, problem: 'notSaved' };
    this.#lately.push(clock.monotonic());
    emit({ kind: 'help-request', category, ...request });
    return { ok: true };
  }

  /** What the helpdesk says of all tickets of this device. What is a ticket by now waits no more. */
  receive(told: TicketsMessage): void {
    const known = new Set(told.tickets.flatMap(({ request }) => (request === undefined ? [] : [request])));
    const isThere = ({ id, at, ticket }: WaitingHelp) =>
      known.has(id) || (ticket !== undefined && told.at > at - answeredAfterMs);
    const next = { waiting: this.#read().waiting.filter((one) => !isThere(one)), told };
    this.#keep(next);
    this.#kept = next;
  }

  /** Newest first. */
  get tickets(): readonly HelpTicket[] {
    const { told } = this.#read();
    return told && told.at > this.#options.clock.now() - forgetAfterMs ? told.tickets : [];
  }

  /** Newest first. */
  get waiting(): readonly WaitingHelp[] {
    const since = this.#options.clock.now() - forgetAfterMs;
    return this.#read()
      .waiting.filter(({ at }) => at > since)
      .toReversed();
  }

  #isTooOften(): boolean {
    const now = this.#options.clock.monotonic();
    this.#lately = this.#lately.filter((at) => at > now - dayMs);
    return this.#lately.length >= mostPerDay || this.#lately.filter((at) => at > now - hourMs).length >= mostPerHour;
  }

  #read(): Kept {
    this.#kept ??= this.#load();
    return this.#kept;
  }

  /** The helpdesk says it again at the next contact, so that a damaged file is not worth keeping. */
  #load(): Kept {
    const { path, log } = this.#options;
    const content = readIfThere(path);
    const parsed = content === undefined ? { waiting: [], told: null } : parseJson(content);
    if (kept.check(parsed)) return parsed;
    log.warn(
      { path },
      'The list of requests for help was damaged; it begins anew. Requests that were made are not lost.',
    );
    return { waiting: [], told: null };
  }

  /** False, and nothing changed, when the disk does not take it. */
  #keep(next: Kept): boolean {
    const { path, log } = this.#options;
    try {
      writeDurably(path, JSON.stringify(next));
      this.#kept = next;
      return true;
    } catch (error) {
      log.error({ err: error, path }, 'What the helpdesk said could not be kept on disk. Is the disk full?');
      return false;
    }
  }
}
