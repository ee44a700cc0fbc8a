import type { Clock } from '../shared/clock.ts';

/**
 * A clock that lies behind and is moved by hand, so that the sample district can live through some weeks in seconds. What is
 * looked at each minute would be looked at sixty thousand times: no timer is shorter than `leastMs`.
 */
export class PastClock implements Clock {
  #now: number;
  #timers: { at: number; work: () => void }[] = [];
  readonly #leastMs: number;

  constructor(start: number, leastMs = 0) {
    this.#now = start;
    this.#leastMs = leastMs;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  after(ms: number, work: () => void): () => void {
    const timer = { at: this.#now + Math.max(ms, this.#leastMs), work };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Runs what falls due on the way, in the order of its time. */
  moveTo(instant: number): void {
    for (let due = this.#dueBy(instant); due; due = this.#dueBy(instant)) {
      this.#timers = this.#timers.filter((timer) => timer !== due);
      this.#now = Math.max(this.#now, due.at);
      due.work();
    }
    this.#now = Math.max(this.#now, instant);
  }

  /** When the next timer is due; `null`: none waits. */
  get nextDue(): number | null {
    return this.#dueBy(Number.POSITIVE_INFINITY)?.at ?? null;
  }

  #dueBy(instant: number): { at: number; work: () => void } | undefined {
    return this.#timers.filter(({ at }) => at <= instant).toSorted((a, b) => a.at - b.at)[0];
  }
}
