import type { AgentSession } from './agent-session.ts';

/** One that broke without a word, one that is closing, one that comes. */
const waitingAtOnce = 4;

/** Who is connected: every open session, and the one live session of each device. */
export class LiveSessions {
  /** By device; where there are several, the oldest first. Nearly all devices have one, which needs no list. */
  readonly #open = new Map<string, AgentSession | AgentSession[]>();
  readonly #live = new Map<string, AgentSession>();

  get liveCount(): number {
    return this.#live.size;
  }

  liveIds(): string[] {
    return [...this.#live.keys()];
  }

  *all(): Iterable<AgentSession> {
    for (const deviceId of [...this.#open.keys()]) yield* this.ofDevice(deviceId);
  }

  get isEmpty(): boolean {
    return this.#open.size === 0;
  }

  live(deviceId: string): AgentSession | undefined {
    return this.#live.get(deviceId);
  }

  add(session: AgentSession): void {
    this.#keep(session.deviceId, [...this.ofDevice(session.deviceId), session]);
  }

  /** Returns the session of the same device that was live before, if any. */
  goLive(session: AgentSession): AgentSession | undefined {
    const before = this.#live.get(session.deviceId);
    this.#live.set(session.deviceId, session);
    session.state = 'live';
    return before;
  }

  /** True when the device has no live session any more because of this. */
  remove(session: AgentSession): boolean {
    this.#keep(
      session.deviceId,
      this.ofDevice(session.deviceId).filter((other) => other !== session),
    );
    if (this.#live.get(session.deviceId) !== session) return false;
    return this.#live.delete(session.deviceId);
  }

  /** Those in the way of one more: a device waits with few at once, and the oldest give way, but never the live one. */
  surplus(deviceId: string): AgentSession[] {
    const waiting = this.ofDevice(deviceId).filter((session) => !session.isLive);
    return waiting.slice(0, Math.max(0, waiting.length + 1 - waitingAtOnce));
  }

  /** All sessions of a device, those that have not said hello among them. */
  ofDevice(deviceId: string): AgentSession[] {
    const open = this.#open.get(deviceId) ?? [];
    return Array.isArray(open) ? [...open] : [open];
  }

  #keep(deviceId: string, sessions: AgentSession[]): void {
    const [only] = sessions;
    if (only === undefined) this.#open.delete(deviceId);
    else this.#open.set(deviceId, sessions.length === 1 ? only : sessions);
  }
}
