import Type from 'typebox';
import type { Clock } from '../../shared/clock.ts';
import { EpochMs, strictObject, text, validator } from '../../shared/schema.ts';
import type { Log } from '../log.ts';
import { parseJson, readIfThere, writeDurably } from '../store/durable-file.ts';

const Message = strictObject({ id: text(64), title: text(100), words: text(1000), at: EpochMs });
const Lost = strictObject({ words: text(500), contact: text(200), since: EpochMs });
const Kept = strictObject({ messages: Type.Array(Message, { maxItems: 10 }), lost: Type.Optional(Lost) });
type Kept = Type.Static<typeof Kept>;
const schema = validator(Kept);

export type TellMessage = Type.Static<typeof Message>;
export type LostMode = Type.Static<typeof Lost>;

/** A restart that the person may put off. */
export interface ComingRestart {
  at: number;
  /** How often it may still be put off. */
  postpones: number;
  postpone(): void;
}

const shownMs = 86_400_000;
const mostMessages = 10;

/** What the district tells the person by commands: for the device's own page, over restarts. */
export class Told {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #log: Log;
  #kept: Kept | undefined;
  /** Not kept here: the command itself is. */
  restart: ComingRestart | undefined;

  constructor(path: string, clock: Clock, log: Log) {
    this.#path = path;
    this.#clock = clock;
    this.#log = log;
  }

  /** Of the last day, the newest first. */
  get messages(): readonly TellMessage[] {
    return this.#all.messages.filter(({ at }) => at > this.#clock.now() - shownMs);
  }

  get lost(): LostMode | undefined {
    return this.#all.lost;
  }

  add(message: TellMessage): void {
    this.#keep({ ...this.#all, messages: [message, ...this.messages].slice(0, mostMessages) });
  }

  setLost(lost: LostMode | undefined): void {
    const { messages } = this.#all;
    this.#keep({ messages, ...(lost && { lost }) });
  }

  get #all(): Kept {
    this.#kept ??= this.#load();
    return this.#kept;
  }

  #load(): Kept {
    const content = readIfThere(this.#path);
    const parsed = content === undefined ? undefined : parseJson(content);
    if (schema.check(parsed)) return parsed;
    if (content !== undefined) this.#log.warn({ path: this.#path }, 'What the district told the person was damaged.');
    return { messages: [] };
  }

  #keep(kept: Kept): void {
    writeDurably(this.#path, JSON.stringify(kept));
    this.#kept = kept;
  }
}
