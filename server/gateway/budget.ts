import type { Clock } from '../../shared/clock.ts';

export interface Rate {
  /** What may be spent at once. */
  burst: number;
  perSecond: number;
}

/** A token bucket: spends what it holds, fills at a steady rate. */
export class Budget {
  readonly #clock: Clock;
  readonly #rate: Rate;
  #left: number;
  #at: number;

  constructor(clock: Clock, rate: Rate) {
    this.#clock = clock;
    this.#rate = rate;
    this.#left = rate.burst;
    this.#at = clock.monotonic();
  }

  /** False, and nothing spent, when less than `amount` is left. */
  take(amount: number): boolean {
    const now = this.#clock.monotonic();
    this.#left = Math.min(this.#rate.burst, this.#left + ((now - this.#at) / 1000) * this.#rate.perSecond);
    this.#at = now;
    if (this.#left < amount) return false;
    this.#left -= amount;
    return true;
  }
}

const keyLimit = 50_000;

/** A budget per key; the keys longest unused are forgotten first, so memory is bounded. */
export class Budgets {
  readonly #clock: Clock;
  readonly #rate: Rate;
  readonly #budgets = new Map<string, Budget>();

  constructor(clock: Clock, rate: Rate) {
    this.#clock = clock;
    this.#rate = rate;
  }

  take(key: string, amount: number): boolean {
    const budget = this.#budgets.get(key) ?? new Budget(this.#clock, this.#rate);
    this.#budgets.delete(key);
    this.#budgets.set(key, budget);
    const oldest = this.#budgets.keys().next().value;
    if (this.#budgets.size > keyLimit && oldest !== undefined) this.#budgets.delete(oldest);
    return budget.take(amount);
  }
}
