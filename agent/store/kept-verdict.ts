import { VerdictMessage } from '../../shared/protocol/messages.ts';
import { EpochMs, strictObject, validator } from '../../shared/schema.ts';
import type { Log } from '../log.ts';
import { parseJson, readIfThere, writeDurably } from './durable-file.ts';

const Kept = strictObject({
  verdict: VerdictMessage,
  /** By the clock of the device, which `verdict.at` is not. */
  receivedAt: EpochMs,
});
const kept = validator(Kept);

/** What the server said last of this device. */
export interface ReceivedVerdict {
  verdict: VerdictMessage;
  receivedAt: number;
}

/** The last verdict, kept on disk for when the device is offline. Without a disk it is kept in memory. */
export class KeptVerdict {
  readonly #path: string;
  readonly #log: Log;
  #latest: ReceivedVerdict | undefined;
  #isLoaded = false;

  constructor(path: string, log: Log) {
    this.#path = path;
    this.#log = log;
  }

  /** Undefined until the server has said anything. */
  get latest(): ReceivedVerdict | undefined {
    if (!this.#isLoaded) this.#latest = this.#load();
    this.#isLoaded = true;
    return this.#latest;
  }

  receive(verdict: VerdictMessage, receivedAt: number): void {
    this.#latest = { verdict, receivedAt };
    this.#isLoaded = true;
    try {
      writeDurably(this.#path, JSON.stringify(this.#latest));
    } catch (error) {
      this.#log.error({ err: error }, 'The verdict of the district could not be kept on disk. Is the disk full?');
    }
  }

  /** The server says it again at the next contact, so that a damaged file is not worth keeping. */
  #load(): ReceivedVerdict | undefined {
    const content = readIfThere(this.#path);
    if (content === undefined) return undefined;
    const parsed = parseJson(content);
    if (kept.check(parsed)) return parsed;
    this.#log.warn({ path: this.#path }, 'The kept verdict was damaged; the server says it again.');
    return undefined;
  }
}
