import type { Clock } from '../../shared/clock.ts';

/** While devices go on reporting what they were given, the loop has better to do than to judge them. */
const quietMs = 1_000;
/** So long a device may take to apply what it was given before it is judged without its report. */
const longestMs = 10_000;

/**
 * Connected devices that were given a new state, each until it is judged: once, and not before its report and after it. A
 * fleet is judged when no more of it reports, and each device ten seconds after it was given the state at the latest.
 */
export class Applying {
  readonly #clock: Clock;
  readonly #onDue: (deviceIds: string[]) => void;
  /** Device → when it was given the state, on the monotonic clock; the first to be given first. */
  readonly #givenAt = new Map<string, number>();
  readonly #reported = new Set<string>();
  #cancelQuiet: (() => void) | undefined;
  #cancelLongest: (() => void) | undefined;

  /** `onDue` is told of devices that are to be judged; each is applying until it is taken. */
  constructor(clock: Clock, onDue: (deviceIds: string[]) => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  given(deviceIds: readonly string[]): void {
    const now = this.#clock.monotonic();
    for (const id of deviceIds) if (!this.#givenAt.has(id)) this.#givenAt.set(id, now);
    if (this.#givenAt.size > 0) this.#cancelLongest ??= this.#clock.after(longestMs, () => this.#fire());
  }

  /** Returns those of these that are not applying anything. */
  reported(deviceIds: readonly string[]): string[] {
    const others: string[] = [];
    for (const id of deviceIds) {
      if (this.#givenAt.has(id)) this.#reported.add(id);
      else others.push(id);
    }
    if (others.length < deviceIds.length) {
      this.#cancelQuiet?.();
      this.#cancelQuiet = this.#clock.after(quietMs, () => this.#onDue([...this.#reported]));
    }
    return others;
  }

  /** They are about to be judged. Returns those of them that were applying, and are so no more. */
  take(deviceIds: readonly string[] | 'all'): string[] {
    const which = deviceIds === 'all' ? [...this.#givenAt.keys()] : deviceIds;
    const taken = which.filter((id) => this.#givenAt.delete(id));
    for (const id of taken) this.#reported.delete(id);
    if (this.#givenAt.size === 0) this.stop();
    return taken;
  }

  /** All of them, reported or not. */
  ids(): string[] {
    return [...this.#givenAt.keys()];
  }

  stop(): void {
    this.#cancelQuiet?.();
    this.#cancelLongest?.();
    this.#cancelQuiet = undefined;
    this.#cancelLongest = undefined;
  }

  #fire(): void {
    this.#cancelLongest = undefined;
    const now = this.#clock.monotonic();
    const due: string[] = [];
    for (const [id, at] of this.#givenAt) {
      const wait = at + longestMs - now;
      if (wait > 0) {
        this.#cancelLongest = this.#clock.after(wait, () => this.#fire());
        break;
      }
      due.push(id);
    }
    this.#onDue(due);
  }
}
