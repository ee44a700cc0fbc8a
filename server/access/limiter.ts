import type { Clock } from '../../shared/clock.ts';

/** Allows `limit` tries per key in a sliding window; memory is bounded by forgetting the oldest keys. */
export class TryLimiter {
  readonly #clock: Clock;
  readonly #limit: number;
  readonly #windowMs: number;
  readonly #tries = new Map<string, number[]>();
  readonly #keyLimit = 10_000;

  constructor(clock: Clock, limit: number, windowMs: number) {
    this.#clock = clock;
    this.#limit = limit;
    this.#windowMs = windowMs;
  }

  /** True when another try is allowed; it is counted. */
  take(key: string): boolean {
    const now = this.#clock.monotonic();
    const recent = (this.#tries.get(key) ?? []).filter((at) => now - at < this.#windowMs);
    if (recent.length >= this.#limit) return false;
    recent.push(now);
    this.#tries.delete(key);
    this.#tries.set(key, recent);
    const oldest = this.#tries.keys().next().value;
    if (this.#tries.size > this.#keyLimit && oldest !== undefined) this.#tries.delete(oldest);
    return true;
  }

  /** The latest try does not count after all. */
  giveBack(key: string): void {
    this.#tries.get(key)?.pop();
  }

  /** A success clears the count. */
  clear(key: string): void {
    this.#tries.delete(key);
  }
}
