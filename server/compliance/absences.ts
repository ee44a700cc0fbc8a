import type { Clock } from '../../shared/clock.ts';

/** Devices that go within this time of one another are named together. */
const gatherMs = 5_000;

/** Names devices that have been away for a while, once each; who comes back before is not named. One timer for all. */
export class Absences {
  readonly #clock: Clock;
  readonly #afterMs: number;
  readonly #onLong: (deviceIds: readonly string[]) => void;
  /** Since when, on the monotonic clock; the longest away first. */
  readonly #away = new Map<string, number>();
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, afterMs: number, onLong: (deviceIds: readonly string[]) => void) {
    this.#clock = clock;
    this.#afterMs = afterMs;
    this.#onLong = onLong;
  }

  left(deviceId: string): void {
    this.#away.delete(deviceId);
    this.#away.set(deviceId, this.#clock.monotonic());
    if (!this.#cancel) this.#wait(this.#afterMs);
  }

  came(deviceId: string): void {
    this.#away.delete(deviceId);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#away.clear();
  }

  #wait(ms: number): void {
    this.#cancel = this.#clock.after(ms, () => this.#look());
  }

  #look(): void {
    this.#cancel = undefined;
    const before = this.#clock.monotonic() - this.#afterMs;
    const long: string[] = [];
    for (const [deviceId, since] of this.#away) {
      if (since > before) break;
      this.#away.delete(deviceId);
      long.push(deviceId);
    }
    const next = this.#away.values().next().value;
    if (next !== undefined) this.#wait(Math.max(next - before, gatherMs));
    if (long.length > 0) this.#onLong(long);
  }
}
