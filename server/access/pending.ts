import type { Clock } from '../../shared/clock.ts';

const limit = 10_000;

/** What was begun and must be ended soon, in memory alone: a restart has people begin again. The oldest go first. */
export class Pending<T> {
  readonly #clock: Clock;
  readonly #lifeMs: number;
  readonly #open = new Map<string, { value: T; until: number }>();

  constructor(clock: Clock, lifeMs: number) {
    this.#clock = clock;
    this.#lifeMs = lifeMs;
  }

  put(key: string, value: T): void {
    this.#open.delete(key);
    this.#open.set(key, { value, until: this.#clock.monotonic() + this.#lifeMs });
    const oldest = this.#open.keys().next().value;
    if (this.#open.size > limit && oldest !== undefined) this.#open.delete(oldest);
  }

  /** Undefined when it was never begun, was ended, or took too long. */
  read(key: string): T | undefined {
    const found = this.#open.get(key);
    return found && found.until > this.#clock.monotonic() ? found.value : undefined;
  }

  /** As `read`, once. */
  take(key: string): T | undefined {
    const value = this.read(key);
    this.#open.delete(key);
    return value;
  }
}
