import type { Logger } from 'pino';
import type { Clock } from '../shared/clock.ts';
import type { Metrics } from './metrics.ts';
import type { EventLog } from './services.ts';
import { type Trouble, troubleOf, troubleWords } from './store/trouble.ts';

export interface StoreHealthParts {
  /** Saves something of some size; rejects when that cannot be done. */
  tryWrite: () => Promise<void>;
  events: EventLog;
  metrics: Pick<Metrics, 'storeTrouble'>;
  clock: Clock;
  log: Pick<Logger, 'error' | 'info'>;
}

const tryEveryMs = 5_000;

/**
 * Whether the store can be written. Whoever fails at it says so; from then on nobody needs to try, because this does, every
 * few seconds, and tells when it works again. Reading goes on meanwhile. Damage does not pass: it is said until the server is
 * started anew.
 */
export class StoreHealth {
  readonly #parts: StoreHealthParts;
  readonly #listeners = new Set<() => void>();
  #trouble: { kind: Trouble; since: number; error: unknown } | undefined;
  #cancel: (() => void) | undefined;

  constructor(parts: StoreHealthParts) {
    this.#parts = parts;
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** What is wrong now, in words for people; undefined: nothing. */
  get words(): string | undefined {
    return this.#trouble && troubleWords[this.#trouble.kind];
  }

  /** True when the error is about the state of the store. */
  note(error: unknown): boolean {
    const kind = troubleOf(error);
    if (kind === undefined) return false;
    if (this.#trouble?.kind === kind) return true;
    const { metrics, log, clock } = this.#parts;
    log.error({ err: error }, troubleWords[kind]);
    metrics.storeTrouble.reset();
    metrics.storeTrouble.set({ kind }, 1);
    this.#trouble = { kind, since: this.#trouble?.since ?? clock.now(), error };
    if (kind !== 'damaged') this.#tryLater();
    return true;
  }

  /** Throws what the store failed with last, while it does. A damaged page is no reason to refuse what lies on others. */
  demand(): void {
    if (this.#trouble && this.#trouble.kind !== 'damaged') throw this.#trouble.error;
  }

  /** Called each time the store works again. */
  onRecovered(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tryLater(): void {
    const { clock, log } = this.#parts;
    this.#cancel?.();
    this.#cancel = clock.after(tryEveryMs, () => {
      this.#try().catch((error: unknown) => log.error({ err: error }, 'the store could not be tried'));
    });
  }

  async #try(): Promise<void> {
    try {
      await this.#parts.tryWrite();
      await this.#recovered();
    } catch (error) {
      if (!this.note(error)) throw error;
      this.#tryLater();
    }
  }

  async #recovered(): Promise<void> {
    const { metrics, log, events } = this.#parts;
    const { kind, since } = this.#trouble ?? {};
    if (kind === undefined || since === undefined) return;
    const words = `Nothing could be saved since ${new Date(since).toISOString()} (${kind}). Now it can: devices send again what they kept.`;
    await events.add({ actor: 'server', code: 'store-recovered', words });
    this.#trouble = undefined;
    metrics.storeTrouble.reset();
    log.info({}, words);
    for (const listener of this.#listeners) listener();
  }
}
