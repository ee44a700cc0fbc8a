import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../shared/clock.ts';
import { encode } from '../../shared/protocol/codec.ts';
import type { Body } from '../../shared/protocol/messages.ts';
import { ChangeQueue } from '../change-queue.ts';
import type { AgentSession } from './agent-session.ts';
import type { LiveSessions } from './live-sessions.ts';

/** Messages that say how something stands; `at` is when. */
type Standing = 'verdict' | 'tickets' | 'record-reads';

export interface DeviceFeedParts<T extends Standing> {
  type: T;
  sessions: Pick<LiveSessions, 'live' | 'liveIds'>;
  /** What these devices should know; one that is absent is told nothing. */
  of: (deviceIds: readonly string[]) => Promise<ReadonlyMap<string, Body<T>>>;
  clock: Clock;
  onError: (error: unknown) => void;
}

/** What a session was told last. */
interface Told {
  /** Six bytes of the content's digest: a device is not told twice that nothing changed, and each keeps this in memory. */
  content: number;
  /** It still waits in the socket. */
  isOnItsWay: boolean;
  /** Something changed meanwhile. */
  isStale: boolean;
}

/** No device hears of it more often. */
const gapMs = 1_000;
/** Looked at between two looks at the sockets. */
const atOnce = 100;

/**
 * Tells connected devices how something of theirs stands: when it may have changed, and only what they were not told. A
 * device that does not read has one message waiting at most, and gets the latest when it has read that one.
 */
export class DeviceFeed<T extends Standing> {
  readonly #parts: DeviceFeedParts<T>;
  readonly #queue: ChangeQueue;
  readonly #told = new WeakMap<AgentSession, Told>();

  constructor(parts: DeviceFeedParts<T>) {
    this.#parts = parts;
    const { clock, onError } = parts;
    this.#queue = new ChangeQueue({ work: (ids) => this.#tellAll(ids), clock, onError, gapMs });
  }

  /** Looks at these devices soon; those that are not connected cost nothing. */
  look(deviceIds: readonly string[]): void {
    const connected = deviceIds.filter((id) => this.#parts.sessions.live(id));
    if (connected.length > 0) this.#queue.add(connected);
  }

  async stop(): Promise<void> {
    await this.#queue.stop();
  }

  async #tellAll(ids: readonly string[] | 'all'): Promise<void> {
    const { sessions, of } = this.#parts;
    const all = ids === 'all' ? sessions.liveIds() : ids;
    for (let start = 0; start < all.length; start += atOnce) {
      const some = all.slice(start, start + atOnce).filter((id) => sessions.live(id));
      for (const [id, body] of await of(some)) this.#tell(sessions.live(id), body);
      await setImmediate();
    }
  }

  #tell(session: AgentSession | undefined, body: Body<T>): void {
    if (!session?.isLive) return;
    const before = this.#told.get(session);
    const content = digestOf(body);
    if (before?.content === content) return;
    if (before?.isOnItsWay) {
      before.isStale = true;
      return;
    }
    const told: Told = { content, isOnItsWay: true, isStale: false };
    this.#told.set(session, told);
    const { type } = this.#parts;
    const frame = encode(type, `${type[0]}${body.at}`, body);
    void session.sendFrame(frame).then(() => {
      told.isOnItsWay = false;
      if (told.isStale) this.look([session.deviceId]);
    });
  }
}

/** All but the moment it was looked at. */
function digestOf({ at: _at, ...content }: { at: number }): number {
  return createHash('sha256').update(JSON.stringify(content)).digest().readUIntBE(0, 6);
}
