import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../shared/clock.ts';
import type { LifeCycle } from './services.ts';

/** Repeats a step until it finds nothing more, or the sweep is stopped; the sum of what the steps found. */
export type Exhaust = (step: () => Promise<number>) => Promise<number>;

export interface HourlySweepParts {
  work: (exhaust: Exhaust) => Promise<void>;
  clock: Clock;
  onError: (error: unknown) => void;
}

const everyMs = 3_600_000;

/** Clears away what is over, at the start and each hour, in small steps with the sockets served between. */
export class HourlySweep implements LifeCycle {
  readonly #parts: HourlySweepParts;
  #running: Promise<void> = Promise.resolve();
  #cancel: (() => void) | undefined;
  #stopped = false;

  constructor(parts: HourlySweepParts) {
    this.#parts = parts;
  }

  async start(): Promise<void> {
    this.#again();
    await this.#running;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel?.();
    await this.#running;
  }

  #again(): void {
    const { work, clock, onError } = this.#parts;
    this.#running = work((step) => this.#exhaust(step)).catch(onError);
    this.#cancel = clock.after(everyMs, () => this.#again());
  }

  async #exhaust(step: () => Promise<number>): Promise<number> {
    let sum = 0;
    for (let more = true; more && !this.#stopped; ) {
      const found = await step();
      sum += found;
      more = found > 0;
      await setImmediate();
    }
    return sum;
  }
}
