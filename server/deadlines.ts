import type { Clock } from '../shared/clock.ts';

/** Timers take at most 2^31 - 1 ms; a longer wait is cut in pieces. */
const longestWait = 86_400_000;

/** One timer for the next of many deadlines, each of one subject: a device, an override. */
export class Deadlines {
  readonly #clock: Clock;
  readonly #onDue: (ids: readonly string[]) => void;
  readonly #moments = new Map<string, number>();
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, onDue: (ids: readonly string[]) => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  /** `null` forgets the subject. Call `arm` after a batch of these. */
  set(id: string, moment: number | null): void {
    if (moment === null) this.#moments.delete(id);
    else this.#moments.set(id, moment);
  }

  /** Unless one is set already. */
  expect(id: string, moment: number): void {
    if (!this.#moments.has(id)) this.#moments.set(id, moment);
  }

  /** Winds the timer up for the next deadline. */
  arm(): void {
    this.disarm();
    let next = Number.POSITIVE_INFINITY;
    for (const moment of this.#moments.values()) next = Math.min(next, moment);
    if (next === Number.POSITIVE_INFINITY) return;
    const wait = Math.min(Math.max(0, next - this.#clock.now()), longestWait);
    this.#cancel = this.#clock.after(wait, () => this.#fire());
  }

  disarm(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #fire(): void {
    const now = this.#clock.now();
    const due = [...this.#moments].filter(([, moment]) => moment <= now).map(([id]) => id);
    for (const id of due) this.#moments.delete(id);
    if (due.length > 0) this.#onDue(due);
    this.arm();
  }
}
