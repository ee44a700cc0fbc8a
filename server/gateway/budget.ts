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

const keysOfAGeneration = 50_000;

/**
 * A budget per key. Those asked of lately are the younger half of what is kept; when that is full the older half is forgotten,
 * so that memory is bounded and a key costs the same however many there are.
 */
export class Budgets {
  readonly #clock: Clock;
  readonly #rate: Rate;
  readonly #most: number;
  #younger = new Map<string, Budget>();
  #older: ReadonlyMap<string, Budget> = new Map();

  /** `most`: keys of each half. */
  constructor(clock: Clock, rate: Rate, most = keysOfAGeneration) {
    this.#clock = clock;
    this.#rate = rate;
    this.#most = most;
  }

  take(key: string, amount: number): boolean {
    return (this.#younger.get(key) ?? this.#renewed(key)).take(amount);
  }

  #renewed(key: string): Budget {
    const budget = this.#older.get(key) ?? new Budget(this.#clock, this.#rate);
    if (this.#younger.size >= this.#most) {
      this.#older = this.#younger;
      this.#younger = new Map();
    }
    this.#younger.set(key, budget);
    return budget;
  }
}
