import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../shared/clock.ts';
import { encode } from '../../shared/protocol/codec.ts';
import type { VerdictMessage } from '../../shared/protocol/messages.ts';
import { ChangeQueue } from '../change-queue.ts';
import type { DeviceVerdicts } from '../services.ts';
import type { AgentSession } from './agent-session.ts';
import type { LiveSessions } from './live-sessions.ts';

export interface VerdictFeedParts {
  sessions: Pick<LiveSessions, 'live' | 'liveIds'>;
  verdicts: DeviceVerdicts;
  clock: Clock;
  onError: (error: unknown) => void;
}

/** What a session was told last. */
interface Told {
  /** Digest of the content; a device is not told twice that nothing changed. */
  content: string;
  /** It still waits in the socket. */
  isOnItsWay: boolean;
  /** Something changed meanwhile. */
  isStale: boolean;
}

/** No device hears of its verdict more often. */
const gapMs = 1_000;
/** Judged between two looks at the sockets. */
const atOnce = 500;

/**
 * Tells connected devices how they are judged: soon after the welcome, and when it changes. A device that does not read
 * has one verdict waiting at most, and gets the latest when it has read that one.
 */
export class VerdictFeed {
  readonly #parts: VerdictFeedParts;
  readonly #queue: ChangeQueue;
  readonly #told = new WeakMap<AgentSession, Told>();

  constructor(parts: VerdictFeedParts) {
    this.#parts = parts;
    const { clock, onError } = parts;
    this.#queue = new ChangeQueue({ work: (ids) => this.#tellAll(ids), clock, onError, gapMs });
  }

  /** Looks at these devices soon; those that are not connected cost nothing. */
  look(deviceIds: readonly string[]): void {
    const connected = deviceIds.filter((id) => this.#parts.sessions.live(id));
    if (connected.length > 0) this.#queue.add(connected);
  }

  /** What these people owe changed. */
  async lookAtPeople(personIds: readonly string[]): Promise<void> {
    this.look(await this.#parts.verdicts.devicesOf(personIds));
  }

  async stop(): Promise<void> {
    await this.#queue.stop();
  }

  async #tellAll(ids: readonly string[] | 'all'): Promise<void> {
    const { sessions, verdicts } = this.#parts;
    const all = ids === 'all' ? sessions.liveIds() : ids;
    for (let start = 0; start < all.length; start += atOnce) {
      const some = all.slice(start, start + atOnce).filter((id) => sessions.live(id));
      for (const [id, verdict] of await verdicts.of(some)) this.#tell(sessions.live(id), verdict);
      await setImmediate();
    }
  }

  #tell(session: AgentSession | undefined, verdict: VerdictMessage): void {
    if (!session?.isLive) return;
    const before = this.#told.get(session);
    const content = digestOf(verdict);
    if (before?.content === content) return;
    if (before?.isOnItsWay) {
      before.isStale = true;
      return;
    }
    const told: Told = { content, isOnItsWay: true, isStale: false };
    this.#told.set(session, told);
    const frame = encode('verdict', `v${verdict.at}`, verdict);
    void session.sendFrame(frame).then(() => {
      told.isOnItsWay = false;
      if (told.isStale) this.look([session.deviceId]);
    });
  }
}

/** All but the moment it was judged at. */
function digestOf({ at: _at, ...content }: VerdictMessage): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('base64');
}
