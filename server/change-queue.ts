import type { Clock } from '../shared/clock.ts';

interface Parts {
  /** Handles one batch; must be safe to repeat. */
  work: (ids: readonly string[] | 'all') => Promise<void>;
  clock: Clock;
  onError: (error: unknown) => void;
  /** From the begin of one batch to the begin of the next, at least; a function is told how long the last one took. */
  gapMs?: number | ((tookMs: number) => number);
}

const retryMs = 5_000;

/**
 * Gathers the ids of things that changed and hands them on one batch at a time: what changes while a batch is at work
 * waits for the next one, once, however often it changes. A batch that fails is tried again.
 */
export class ChangeQueue {
  readonly #parts: Parts;
  #ids = new Set<string>();
  #all = false;
  #running: Promise<void> | undefined;
  #cancelTimer: (() => void) | undefined;
  #lastBegin = Number.NEGATIVE_INFINITY;
  #lastTook = 0;
  #failed = false;
  #stopped = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  add(ids: readonly string[] | 'all'): void {
    if (ids === 'all') this.#all = true;
    else for (const id of ids) this.#ids.add(id);
    if (this.#running === undefined && !this.#cancelTimer) this.#later(this.#waitMs());
  }

  /** Handles what waits, gap or not; resolves when nothing is left, or after a batch that failed. */
  async settled(): Promise<void> {
    while ((this.#running !== undefined || this.#waiting) && !this.#stopped) {
      this.#begin();
      await this.#running;
      if (this.#failed) return;
    }
  }

  /** Waits for the batch at work; what waits is dropped. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelTimer?.();
    await this.#running;
  }

  get #waiting(): boolean {
    return this.#all || this.#ids.size > 0;
  }

  #waitMs(): number {
    const { gapMs = 0, clock } = this.#parts;
    const gap = typeof gapMs === 'number' ? gapMs : gapMs(this.#lastTook);
    return Math.max(0, this.#lastBegin + gap - clock.monotonic());
  }

  #later(ms: number): void {
    if (this.#stopped) return;
    if (ms === 0) this.#begin();
    else this.#cancelTimer = this.#parts.clock.after(ms, () => this.#begin());
  }

  #begin(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    if (this.#stopped || this.#running !== undefined) return;
    this.#running = this.#runBatch().then((wait) => {
      this.#running = undefined;
      if (this.#waiting) this.#later(wait ?? this.#waitMs());
    });
  }

  /** Returns how long to wait before the next try when the batch failed. */
  async #runBatch(): Promise<number | undefined> {
    await Promise.resolve();
    const batch = this.#all ? 'all' : [...this.#ids];
    this.#ids = new Set();
    this.#all = false;
    this.#lastBegin = this.#parts.clock.monotonic();
    try {
      await this.#parts.work(batch);
      this.#failed = false;
      return undefined;
    } catch (error) {
      this.#failed = true;
      this.#parts.onError(error);
      this.add(batch);
      return retryMs;
    } finally {
      this.#lastTook = this.#parts.clock.monotonic() - this.#lastBegin;
    }
  }
}
