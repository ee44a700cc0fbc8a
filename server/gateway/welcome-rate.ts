import type { Clock } from '../../shared/clock.ts';

const windowMs = 5_000;
/** What one small server welcomes without lagging, until more was seen. */
const assumed = 200;
/** Of the busiest pace seen: room for whatever else comes at a start. */
const share = 0.8;
const longestSpread = 3_600;

/**
 * How fast this server has shown that it can welcome devices, so that a planned restart is spread over as long as their return
 * will take. What it could do is not known where nobody asked it to: below what is assumed it never goes.
 */
export class WelcomeRate {
  readonly #clock: Clock;
  #begin: number;
  #count = 0;
  #busiest = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#begin = clock.monotonic();
  }

  /** One was welcomed. */
  note(): void {
    const elapsed = this.#clock.monotonic() - this.#begin;
    if (elapsed >= windowMs) {
      this.#busiest = Math.max(this.#busiest, (this.#count * 1_000) / elapsed);
      this.#begin += elapsed;
      this.#count = 0;
    }
    this.#count += 1;
  }

  /** Seconds over which so many devices should come back, when nobody is welcomed in the first `awaySeconds` of them. */
  spreadOf(devices: number, awaySeconds = 0): number {
    if (devices === 0) return 0;
    return Math.min(longestSpread, Math.ceil(awaySeconds + devices / Math.max(assumed, this.#busiest * share)));
  }
}
