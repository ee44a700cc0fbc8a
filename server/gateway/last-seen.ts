import type { Logger } from 'pino';
import type { Clock } from '../../shared/clock.ts';
import type { PresenceStore } from '../store/presence.ts';

export interface LastSeenParts {
  presence: Pick<PresenceStore, 'seen'>;
  clock: Clock;
  log: Pick<Logger, 'error'>;
}

const writeEveryMs = 5_000;

/** Writes when devices were last seen, by one timer for all: each when it comes or goes, and once a minute between. */
export class LastSeen {
  readonly #parts: LastSeenParts;
  #touched = new Set<string>();
  #cancel: (() => void) | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(parts: LastSeenParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#cancel = this.#parts.clock.after(writeEveryMs, () => {
      this.start();
      this.flush();
    });
  }

  /** Resolves when the last times are written. */
  async stop(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    this.flush();
    await this.#writing;
  }

  /** This device let itself be heard just now. */
  touch(deviceId: string): void {
    this.#touched.add(deviceId);
  }

  flush(): void {
    if (this.#touched.size === 0) return;
    const ids = [...this.#touched];
    this.#touched = new Set();
    const { presence, clock, log } = this.#parts;
    this.#writing = this.#writing
      .then(() => presence.seen(ids, clock.now()))
      .catch((error: unknown) => log.error({ err: error }, 'last-seen times could not be written'));
  }
}
