import type { BootClock } from '../../agent/context/boot-clock.ts';
import type { Clock } from '../../shared/clock.ts';
import { FakeClock } from './clock.ts';

/** A machine whose wall clock is set, that sleeps, and that is started anew, by whoever tests. */
export class FakeMachine {
  readonly #awake = new FakeClock();
  #wallOff = 0;
  #slept = 0;
  #bootedAt = this.#awake.now() - 1_000_000;
  #boots = 1;

  /** Its wall clock, and timers that stand still in sleep. */
  readonly clock: Clock = {
    now: () => this.#awake.now() + this.#slept + this.#wallOff,
    monotonic: () => this.#awake.monotonic(),
    after: (ms, work) => this.#awake.after(ms, work),
  };
  readonly boot: BootClock = {
    elapsed: () => this.#awake.now() + this.#slept - this.#bootedAt,
    bootId: () => `boot-${this.#boots}`,
  };

  /** The time it really is. */
  get time(): number {
    return this.#awake.now() + this.#slept;
  }

  get pending(): number {
    return this.#awake.pending;
  }

  advance(ms: number): void {
    this.#awake.advance(ms);
  }

  sleep(ms: number): void {
    this.#slept += ms;
  }

  /** Somebody sets the wall clock; timers and the boot clock do not notice. */
  setWall(time: number): void {
    this.#wallOff = time - this.time;
  }

  /** Off for a while. Whoever ran on it must be stopped before and made anew. */
  reboot(offMs: number): void {
    this.#slept += offMs;
    this.#bootedAt = this.time;
    this.#boots += 1;
  }
}
