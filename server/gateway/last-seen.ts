import type { Logger } from 'pino';
import type { Clock } from '../../shared/clock.ts';
import type { PresenceStore } from '../store/presence.ts';

export interface LastSeenParts {
  presence: Pick<PresenceStore, 'seen'>;
  clock: Clock;
  log: Pick<Logger, 'error'>;
}

const writeEveryMs = 5_000;
/**
 * Of those that stay connected: a tenth of the pages that each minute would write (30 MB of log for 100,000 devices), for ten
 * minutes that a crash may lose of a device which never comes back.
 */
const writeHeardEveryMs = 600_000;

/** Writes when devices were last seen, by one timer for all: each when it comes or goes, and each ten minutes between. */
export class LastSeen {
  readonly #parts: LastSeenParts;
  #touched = new Set<string>();
  /** Those that are connected and were heard of since they were written last. */
  #heard = new Set<string>();
  #heardWrittenAt = 0;
  #cancel: (() => void) | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(parts: LastSeenParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#heardWrittenAt = this.#parts.clock.monotonic();
    this.#schedule();
  }

  /** Resolves when the last times are written. */
  async stop(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#takeHeard();
    this.#write();
    await this.#writing;
  }

  /** This device came or went just now. */
  touch(deviceId: string): void {
    this.#touched.add(deviceId);
    this.#heard.delete(deviceId);
  }

  /** This device, which is connected, let itself be heard. */
  heard(deviceId: string): void {
    this.#heard.add(deviceId);
  }

  #schedule(): void {
    const { clock } = this.#parts;
    this.#cancel = clock.after(writeEveryMs, () => {
      this.#schedule();
      if (clock.monotonic() - this.#heardWrittenAt >= writeHeardEveryMs) this.#takeHeard();
      this.#write();
    });
  }

  #takeHeard(): void {
    this.#heardWrittenAt = this.#parts.clock.monotonic();
    for (const id of this.#heard) this.#touched.add(id);
    this.#heard = new Set();
  }

  #write(): void {
    if (this.#touched.size === 0) return;
    const ids = [...this.#touched];
    this.#touched = new Set();
    const { presence, clock, log } = this.#parts;
    const at = clock.now();
    this.#writing = this.#writing
      .then(() => presence.seen(ids, at))
      .catch((error: unknown) => log.error({ err: error }, 'last-seen times could not be written'));
  }
}
