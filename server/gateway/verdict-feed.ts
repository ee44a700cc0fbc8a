import type { Clock } from '../../shared/clock.ts';
import type { DeviceVerdicts } from '../services.ts';
import { DeviceFeed } from './device-feed.ts';
import type { LiveSessions } from './live-sessions.ts';

export interface VerdictFeedParts {
  sessions: Pick<LiveSessions, 'live' | 'liveIds'>;
  verdicts: DeviceVerdicts;
  clock: Clock;
  onError: (error: unknown) => void;
}

/** Tells connected devices how they are judged: soon after the welcome, and when it changes. */
export class VerdictFeed {
  readonly #verdicts: DeviceVerdicts;
  readonly #feed: DeviceFeed<'verdict'>;

  constructor({ verdicts, ...parts }: VerdictFeedParts) {
    this.#verdicts = verdicts;
    this.#feed = new DeviceFeed({ ...parts, type: 'verdict', of: (ids) => verdicts.of(ids) });
  }

  look(deviceIds: readonly string[]): void {
    this.#feed.look(deviceIds);
  }

  /** What these people owe changed. */
  async lookAtPeople(personIds: readonly string[]): Promise<void> {
    this.look(await this.#verdicts.devicesOf(personIds));
  }

  async stop(): Promise<void> {
    await this.#feed.stop();
  }
}
