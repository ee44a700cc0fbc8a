import type { Validator } from '../../shared/schema.ts';
import type { Log } from '../log.ts';
import { parseJson, readIfThere, writeDurably } from './durable-file.ts';

/** What the server said last of something, kept on disk for when the device is offline. Without a disk it is kept in memory. */
export class KeptLatest<T> {
  readonly #path: string;
  readonly #schema: Validator<T>;
  readonly #log: Log;
  #latest: T | undefined;
  #isLoaded = false;

  constructor(path: string, schema: Validator<T>, log: Log) {
    this.#path = path;
    this.#schema = schema;
    this.#log = log;
  }

  /** Undefined until the server has said anything. */
  get latest(): T | undefined {
    if (!this.#isLoaded) this.#latest = this.#load();
    this.#isLoaded = true;
    return this.#latest;
  }

  keep(latest: T): void {
    this.#latest = latest;
    this.#isLoaded = true;
    try {
      writeDurably(this.#path, JSON.stringify(latest));
    } catch (error) {
      this.#log.error(
        { err: error, path: this.#path },
        'What the server said could not be kept on disk. Is the disk full?',
      );
    }
  }

  /** The server says it again at the next contact, so that a damaged file is not worth keeping. */
  #load(): T | undefined {
    const content = readIfThere(this.#path);
    if (content === undefined) return undefined;
    const parsed = parseJson(content);
    if (this.#schema.check(parsed)) return parsed;
    this.#log.warn({ path: this.#path }, 'What was kept of the server is damaged; the server says it again.');
    return undefined;
  }
}
