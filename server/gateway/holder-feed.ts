import type { Clock } from '../../shared/clock.ts';
import type { Body } from '../../shared/protocol/messages.ts';
import type { Bus } from '../bus.ts';
import { DeviceFeed } from './device-feed.ts';
import type { LiveSessions } from './live-sessions.ts';

/** Messages about whoever holds the device. */
type AboutHolder = 'tickets' | 'record-reads';

/** What devices show of their holders. `C`: what changed. */
export interface HolderSource<T extends AboutHolder, C> {
  /** A device that is absent is told nothing. */
  of(deviceIds: readonly string[]): Promise<ReadonlyMap<string, Body<T>>>;
  /** The devices that a change matters to. */
  devicesOf(changed: C): Promise<string[]>;
}

export interface HolderFeedParts<T extends AboutHolder, C> {
  type: T;
  source: HolderSource<T, C>;
  /** Subscribes to what changes; returns the function that unsubscribes. */
  follow: (bus: Bus, changed: (change: C) => Promise<void>) => () => void;
  sessions: Pick<LiveSessions, 'live' | 'liveIds'>;
  bus: Bus;
  clock: Clock;
  onError: (error: unknown) => void;
}

/** Tells connected devices something of their holders: soon after the welcome, when it changes, and when they change hands. */
export class HolderFeed<T extends AboutHolder, C> {
  readonly #parts: HolderFeedParts<T, C>;
  readonly #feed: DeviceFeed<T>;
  #unsubscribe: (() => void)[] = [];

  constructor(parts: HolderFeedParts<T, C>) {
    this.#parts = parts;
    this.#feed = new DeviceFeed({ ...parts, of: (ids) => parts.source.of(ids) });
  }

  start(): void {
    const { bus, source, follow } = this.#parts;
    this.#unsubscribe = [
      bus.subscribe('device-welcomed', ({ deviceIds }) => this.#feed.look(deviceIds)),
      follow(bus, async (change) => this.#feed.look(await source.devicesOf(change))),
      bus.subscribe('device-changed', ({ deviceIds, only }) => {
        if (only === undefined) this.#feed.look(deviceIds);
      }),
    ];
  }

  async stop(): Promise<void> {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    await this.#feed.stop();
  }
}
