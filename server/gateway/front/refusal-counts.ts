import type { Clock } from '../../../shared/clock.ts';

const tellEveryMs = 250;

/** Counts refused handshakes of a front and tells them together: a storm of them costs the server nothing. */
export class RefusalCounts {
  readonly #clock: Clock;
  readonly #tell: (reason: string, count: number) => void;
  readonly #counts = new Map<string, number>();

  constructor(clock: Clock, tell: (reason: string, count: number) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  inc({ reason }: { reason: string }): void {
    if (this.#counts.size === 0) this.#clock.after(tellEveryMs, () => this.#tellAll());
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + 1);
  }

  #tellAll(): void {
    for (const [reason, count] of this.#counts) this.#tell(reason, count);
    this.#counts.clear();
  }
}
