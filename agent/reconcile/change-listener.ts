import type { Clock } from '../../shared/clock.ts';
import type { CapabilityName, Sections } from '../../shared/profile/registry.ts';
import type { Capability } from '../capabilities/capability.ts';
import type { Log } from '../log.ts';
import { recent, settleDelay } from './pace.ts';
import { PathWatcher } from './path-watcher.ts';

export interface ChangeListenerOptions {
  capability: Pick<Capability, 'watched' | 'subscribe'>;
  /** Where a path of the host is on disk. */
  real: (path: string) => string;
  clock: Clock;
  log: Log;
}

/** Hears that what a section has set may have changed, by its files and by what it subscribes to, and says so when it has settled. */
export class ChangeListener {
  readonly #options: ChangeListenerOptions;
  readonly #onSettled: () => void;
  readonly #watcher: PathWatcher;
  #unsubscribe: (() => void) | undefined;
  #cancel: (() => void) | undefined;
  #heardAt: number | undefined;
  #settled: number[] = [];

  constructor(options: ChangeListenerOptions, onSettled: () => void) {
    this.#options = options;
    this.#onSettled = onSettled;
    this.#watcher = new PathWatcher(() => this.#heard(), options.log);
  }

  /** From now on for these settings; the new subscription begins before the old one ends. */
  listen(desired: NonNullable<Sections[CapabilityName]>): void {
    const { capability, real } = this.#options;
    this.#watcher.watch(capability.watched(desired).map(real));
    const before = this.#unsubscribe;
    this.#unsubscribe = capability.subscribe?.(desired, () => this.#heard());
    before?.();
  }

  stop(): void {
    this.#watcher.stop();
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** When the first change was heard that nobody has looked at, monotonic; asked once, as the look begins. */
  taken(): number | undefined {
    const at = this.#heardAt;
    this.#heardAt = undefined;
    return at;
  }

  #heard(): void {
    const { clock } = this.#options;
    this.#heardAt ??= clock.monotonic();
    if (this.#cancel) return;
    this.#settled = recent(this.#settled, clock.monotonic());
    this.#cancel = clock.after(settleDelay(this.#settled.length), () => {
      this.#cancel = undefined;
      this.#settled.push(clock.monotonic());
      this.#onSettled();
    });
  }
}
