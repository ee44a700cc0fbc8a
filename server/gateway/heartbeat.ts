import type { Logger } from 'pino';
import type { Clock } from '../../shared/clock.ts';
import { closeCodes } from '../../shared/protocol/messages.ts';
import type { PresenceStore } from '../store/presence.ts';
import type { LiveSessions } from './live-sessions.ts';

export interface HeartbeatParts {
  sessions: LiveSessions;
  presence: PresenceStore;
  clock: Clock;
  heartbeatSeconds: number;
  log: Pick<Logger, 'error'>;
}

const lookEveryMs = 5_000;
const helloWithinMs = 10_000;
const writeEveryMs = 60_000;
const silentBeats = 2.5;

/**
 * One timer for all sessions: ends those that are silent or never say hello, and writes when devices were last seen, each
 * at most once a minute and when it comes or goes.
 */
export class Heartbeat {
  readonly #parts: HeartbeatParts;
  readonly #touched = new Set<string>();
  #writtenAt = 0;
  #cancel: (() => void) | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(parts: HeartbeatParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#writtenAt = this.#parts.clock.monotonic();
    this.#schedule();
  }

  /** Resolves when the last times are written. */
  async stop(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#write();
    await this.#writing;
  }

  /** This device came or went just now. */
  touch(deviceId: string): void {
    this.#touched.add(deviceId);
  }

  #schedule(): void {
    this.#cancel = this.#parts.clock.after(lookEveryMs, () => {
      this.#schedule();
      this.#look();
    });
  }

  #look(): void {
    const { sessions, clock, heartbeatSeconds } = this.#parts;
    const now = clock.monotonic();
    const isDue = now - this.#writtenAt >= writeEveryMs;
    for (const session of sessions.all()) {
      if (now - session.lastHeard > heartbeatSeconds * 1000 * silentBeats) session.terminate();
      else if (session.state === 'new' && now - session.openedAt > helloWithinMs)
        session.close(closeCodes.notAllowed, 'no hello');
      else if (isDue && session.isLive && session.lastHeard > this.#writtenAt) this.#touched.add(session.deviceId);
    }
    if (isDue) this.#writtenAt = now;
    this.#write();
  }

  #write(): void {
    if (this.#touched.size === 0) return;
    const ids = [...this.#touched];
    this.#touched.clear();
    const { presence, clock, log } = this.#parts;
    this.#writing = this.#writing
      .then(() => presence.seen(ids, clock.now()))
      .catch((error: unknown) => log.error({ err: error }, 'last-seen times could not be written'));
  }
}
