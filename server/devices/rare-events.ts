import type { Clock } from '../../shared/clock.ts';
import { TryLimiter } from '../access/limiter.ts';
import type { EventLog, NewEvent } from '../services.ts';

const minute = 60_000;
const perMinute = 30;

/**
 * Events that a stranger or a broken device can cause at will: one per key and minute, and 30 per minute in all, so that
 * a flood cannot fill the disk. The next one says how many were left out.
 */
export class RareEvents {
  readonly #events: EventLog;
  readonly #perKey: TryLimiter;
  readonly #inAll: TryLimiter;
  #leftOut = 0;

  constructor(events: EventLog, clock: Clock) {
    this.#events = events;
    this.#perKey = new TryLimiter(clock, 1, minute);
    this.#inAll = new TryLimiter(clock, perMinute, minute);
  }

  /** True when this one was listed: what else would grow with each, such as a line of log, goes by it. */
  async add(key: string, event: NewEvent): Promise<boolean> {
    if (!this.#perKey.take(key) || !this.#inAll.take('all')) {
      this.#leftOut += 1;
      return false;
    }
    const more = this.#leftOut > 0 ? ` (${this.#leftOut} like this were not listed)` : '';
    this.#leftOut = 0;
    await this.#events.add({ ...event, words: event.words + more });
    return true;
  }
}
