import type { AgentSession } from './agent-session.ts';

/** Who is connected: every open session, and the one live session of each device. */
export class LiveSessions {
  readonly #all = new Set<AgentSession>();
  readonly #live = new Map<string, AgentSession>();

  get liveCount(): number {
    return this.#live.size;
  }

  liveIds(): string[] {
    return [...this.#live.keys()];
  }

  all(): Iterable<AgentSession> {
    return this.#all;
  }

  get isEmpty(): boolean {
    return this.#all.size === 0;
  }

  live(deviceId: string): AgentSession | undefined {
    return this.#live.get(deviceId);
  }

  add(session: AgentSession): void {
    this.#all.add(session);
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
    this.#all.delete(session);
    if (this.#live.get(session.deviceId) !== session) return false;
    return this.#live.delete(session.deviceId);
  }

  /** All sessions of a device, those that have not said hello among them. */
  ofDevice(deviceId: string): AgentSession[] {
    return [...this.#all].filter((session) => session.deviceId === deviceId);
  }
}
