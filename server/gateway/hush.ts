import type { Clock } from '../../shared/clock.ts';

/** For so long a device waits at most, whatever goes on. */
const mostMs = 10_000;

/**
 * Whether a publication to many goes out. Whoever has been given its state is listened to when all have theirs: to hear one takes
 * longer than to give a state, and what they say first is only answered then (docs/decisions/0043-a-publication-to-all.md).
 */
export class Hush {
  readonly #clock: Pick<Clock, 'after'>;
  readonly #listeners = new Set<(isOn: boolean) => void>();
  #cancel: (() => void) | undefined;

  constructor(clock: Pick<Clock, 'after'>) {
    this.#clock = clock;
  }

  get isOn(): boolean {
    return this.#cancel !== undefined;
  }

  /** While it is on it goes on; who waits already waits no longer for that. */
  begin(): void {
    if (this.isOn) return;
    this.#cancel = this.#clock.after(mostMs, () => this.end());
    this.#tell();
  }

  end(): void {
    if (!this.isOn) return;
    this.#cancel?.();
    this.#cancel = undefined;
    this.#tell();
  }

  /** Called each time it turns. Returns what ends that. */
  onTurn(listener: (isOn: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener(this.isOn);
  }
}
