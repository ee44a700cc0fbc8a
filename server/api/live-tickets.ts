import type { Clock, Random } from '../../shared/clock.ts';
import { hashOf } from '../access/staff-identity.ts';

const lifeMs = 30_000;
const limit = 10_000;

/** One ticket opens one WebSocket: a page of another site cannot make one, so it cannot ride on the cookie. */
export class LiveTickets {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #open = new Map<string, { sessionToken: string; until: number }>();

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  issue(sessionToken: string): string {
    const ticket = Buffer.from(this.#random.bytes(24)).toString('base64url');
    this.#open.set(hashOf(ticket), { sessionToken, until: this.#clock.monotonic() + lifeMs });
    const oldest = this.#open.keys().next().value;
    if (this.#open.size > limit && oldest !== undefined) this.#open.delete(oldest);
    return ticket;
  }

  /** The session the ticket was issued to; a ticket works once. */
  redeem(ticket: string): string | undefined {
    const key = hashOf(ticket);
    const found = this.#open.get(key);
    this.#open.delete(key);
    return found && found.until > this.#clock.monotonic() ? found.sessionToken : undefined;
  }
}
