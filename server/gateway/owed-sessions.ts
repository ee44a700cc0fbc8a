import { closeCodes } from '../../shared/protocol/messages.ts';
import type { StoreHealth } from '../store-health.ts';
import type { AgentSession } from './agent-session.ts';

/**
 * Sessions whose reports could not be kept. They stay open: what is desired still reaches them, and a district that came back
 * at each report would be one more trouble. When the store works again they are asked to come back, spread out, and a device
 * that comes back sends what was not acknowledged.
 */
export class OwedSessions {
  readonly #health: StoreHealth;
  readonly #perSecond: number;
  readonly #owed = new Set<AgentSession>();
  #unfollow: () => void = () => undefined;

  constructor(health: StoreHealth, perSecond: number) {
    this.#health = health;
    this.#perSecond = perSecond;
  }

  start(): void {
    this.#unfollow = this.#health.onRecovered(() => this.#callBack());
  }

  stop(): void {
    this.#unfollow();
    this.#owed.clear();
  }

  /** True when the error is the store's state, and the session is to stay. */
  keeps(session: AgentSession, error: unknown): boolean {
    if (!session.isLive || !this.#health.note(error)) return false;
    this.#owed.add(session);
    return true;
  }

  ended(session: AgentSession): void {
    this.#owed.delete(session);
  }

  #callBack(): void {
    const spreadSeconds = Math.min(3600, Math.ceil(this.#owed.size / this.#perSecond));
    for (const session of this.#owed) {
      session.send('restarting', { spreadSeconds });
      session.close(closeCodes.restarting, 'restarting');
    }
    this.#owed.clear();
  }
}
