import type { Clock } from '../../shared/clock.ts';
import { ChangeQueue } from '../change-queue.ts';
import { Deadlines } from '../deadlines.ts';
import type { ChangeStore } from '../store/changes.ts';

export interface ScheduleParts {
  changes: ChangeStore;
  clock: Clock;
  /** Publishes or holds one that is due; when to try again by itself, in epoch ms, where that is known. */
  publish: (id: string) => Promise<number | undefined>;
  onError: (error: unknown) => void;
}

/** Publishes what is scheduled when it is due, and tries again whenever something may have made way. */
export class Schedule {
  readonly #parts: ScheduleParts;
  readonly #queue: ChangeQueue;
  readonly #moments: Deadlines;

  constructor(parts: ScheduleParts) {
    this.#parts = parts;
    const { clock, onError } = parts;
    this.#queue = new ChangeQueue({ work: () => this.#pass(), clock, onError });
    this.#moments = new Deadlines(clock, () => this.again());
  }

  /** What became due while the server was away is tried at once. */
  async start(): Promise<void> {
    this.again();
  }

  async stop(): Promise<void> {
    this.#moments.disarm();
    await this.#queue.stop();
    this.#moments.disarm();
  }

  async settled(): Promise<void> {
    await this.#queue.settled();
  }

  again(): void {
    this.#queue.add('all');
  }

  async #pass(): Promise<void> {
    const { changes, clock, publish } = this.#parts;
    for (const { id, publishAt } of await changes.scheduled()) {
      const isDue = publishAt !== null && publishAt <= clock.now();
      const next = isDue ? await publish(id) : publishAt;
      this.#moments.set(id, next !== undefined && next !== null && Number.isFinite(next) ? next : null);
    }
    this.#moments.arm();
  }
}
