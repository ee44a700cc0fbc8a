import type { Clock } from '../../shared/clock.ts';
import type { TicketsMessage } from '../../shared/protocol/messages.ts';
import type { Bus } from '../bus.ts';
import { DeviceFeed } from './device-feed.ts';
import type { LiveSessions } from './live-sessions.ts';

/** What devices show of the tickets of their people; `server/helpdesk` knows. */
export interface TicketSource {
  of(deviceIds: readonly string[]): Promise<ReadonlyMap<string, TicketsMessage>>;
  /** The devices of these tickets. */
  devicesOf(ticketIds: readonly string[]): Promise<string[]>;
}

export interface TicketFeedParts {
  sessions: Pick<LiveSessions, 'live' | 'liveIds'>;
  tickets: TicketSource;
  bus: Bus;
  clock: Clock;
  onError: (error: unknown) => void;
}

/** Tells connected devices what became of requests for help: soon after the welcome, when it changes, and when they change hands. */
export class TicketFeed {
  readonly #parts: TicketFeedParts;
  readonly #feed: DeviceFeed<'tickets'>;
  #unsubscribe: (() => void)[] = [];

  constructor(parts: TicketFeedParts) {
    this.#parts = parts;
    this.#feed = new DeviceFeed({ ...parts, type: 'tickets', of: (ids) => parts.tickets.of(ids) });
  }

  start(): void {
    const { bus, tickets } = this.#parts;
    this.#unsubscribe = [
      bus.subscribe('device-welcomed', ({ deviceId }) => this.#feed.look([deviceId])),
      bus.subscribe('tickets-changed', async ({ ticketIds }) => this.#feed.look(await tickets.devicesOf(ticketIds))),
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
