import type { Clock } from '../../shared/clock.ts';

export interface Rate {
  perSecond: number;
  /** How many may come at once. */
  burst: number;
}

/**
 * What one device's programs may ask in all: a page full of other sites asks some hundreds at once, while a program in a
 * loop asks as fast as it is answered and would take a core.
 */
export const usualRate: Rate = { perSecond: 2000, burst: 4000 };

/** A bucket of tokens that is filled only when it is empty, so that the clock is not read for every query. */
export class RateLimit {
  readonly #clock: Clock;
  readonly #rate: Rate;
  #tokens: number;
  #filledAt: number;

  constructor(clock: Clock, rate: Rate) {
    this.#clock = clock;
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#filledAt = clock.monotonic();
  }

  /** False when there were too many. In no stretch of time pass more than twice the burst beside the rate. */
  take(): boolean {
    if (this.#tokens < 1) this.#fill();
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  #fill(): void {
    const now = this.#clock.monotonic();
    const { perSecond, burst } = this.#rate;
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#filledAt) / 1000) * perSecond);
    this.#filledAt = now;
  }
}

/** So many queries within this time are more than pages of a browser ask for. */
const surge = { queries: 1000, withinMs: 1000 };

/** Calls `onSurge` once, when queries come thick; the clock is not read for every query. */
export class SurgeWatch {
  readonly #clock: Clock;
  readonly #onSurge: () => void;
  #queries = 0;
  #countedFrom: number;
  #isOver = false;

  constructor(clock: Clock, onSurge: () => void) {
    this.#clock = clock;
    this.#onSurge = onSurge;
    this.#countedFrom = clock.monotonic();
  }

  note(): void {
    this.#queries += 1;
    if (this.#queries === surge.queries) this.#look();
  }

  #look(): void {
    const now = this.#clock.monotonic();
    const isSurge = now - this.#countedFrom < surge.withinMs;
    this.#countedFrom = now;
    this.#queries = 0;
    if (!isSurge || this.#isOver) return;
    this.#isOver = true;
    this.#onSurge();
  }
}
