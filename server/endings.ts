import type { Clock } from '../shared/clock.ts';
import { ChangeQueue } from './change-queue.ts';
import { Deadlines } from './deadlines.ts';

export interface EndingsParts {
  clock: Clock;
  /** Ends everything whose time is over, in the store. */
  endOverdue: () => Promise<void>;
  onError: (error: unknown) => void;
}

/** Things that end by themselves at a moment of their own, one pass after the other. */
export class Endings {
  readonly #endOverdue: () => Promise<void>;
  readonly #moments: Deadlines;
  readonly #overdue: ChangeQueue;

  constructor({ clock, endOverdue, onError }: EndingsParts) {
    this.#endOverdue = endOverdue;
    this.#overdue = new ChangeQueue({ work: endOverdue, clock, onError });
    this.#moments = new Deadlines(clock, (ids) => this.#overdue.add(ids));
  }

  /** Ends what ended while the server was away, and waits for those that are open. */
  async start(open: () => Promise<readonly { id: string; until: number }[]>): Promise<void> {
    await this.#endOverdue();
    for (const { id, until } of await open()) this.#moments.set(id, until);
    this.#moments.arm();
  }

  async stop(): Promise<void> {
    this.#moments.disarm();
    await this.#overdue.stop();
    this.#moments.disarm();
  }

  /** Resolves when all that is due has ended. */
  async settled(): Promise<void> {
    await this.#overdue.settled();
  }

  expect(id: string, until: number): void {
    this.#moments.set(id, until);
    this.#moments.arm();
  }

  forget(id: string): void {
    this.#moments.set(id, null);
  }
}
