import type { Clock } from '../../../shared/clock.ts';

interface Ear {
  refused(reason: string, count: number): void;
  waiting(count: number): void;
}

const tellEveryMs = 250;

/** What a front counts at its door, told together: a storm of refused handshakes costs the server nothing. */
export class DoorCounts {
  readonly #clock: Clock;
  readonly #ear: Ear;
  readonly #refused = new Map<string, number>();
  #waiting = 0;
  #toldWaiting = 0;
  #isScheduled = false;

  constructor(clock: Clock, ear: Ear) {
    this.#clock = clock;
    this.#ear = ear;
  }

  readonly handshakesRefused = {
    inc: ({ reason }: { reason: string }) => {
      this.#refused.set(reason, (this.#refused.get(reason) ?? 0) + 1);
      this.#schedule();
    },
  };

  readonly handshakesWaiting = {
    set: (waiting: number) => {
      this.#waiting = waiting;
      this.#schedule();
    },
  };

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#clock.after(tellEveryMs, () => this.#tell());
  }

  #tell(): void {
    this.#isScheduled = false;
    for (const [reason, count] of this.#refused) this.#ear.refused(reason, count);
    this.#refused.clear();
    if (this.#waiting !== this.#toldWaiting) this.#ear.waiting(this.#waiting);
    this.#toldWaiting = this.#waiting;
  }
}
