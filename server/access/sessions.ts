import type { SessionView } from '../../shared/api/schemas.ts';
import type { Clock, Random } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { Bus } from '../bus.ts';
import type { Actor, EventLog } from '../services.ts';
import type { SessionMoments, SessionRow, StaffSessionStore } from '../store/staff-sessions.ts';
import { browserWords } from './browser-words.ts';
import { hashOf, identityOf, type StaffIdentity } from './staff-identity.ts';

const minute = 60_000;
/** Somebody who does not come to an end of signing in begins anew. */
const enteringMs = 10 * minute;
/** A proof of who it is counts so long for dangerous acts. */
export const freshMs = 10 * minute;
/** Uses are noted this often. */
const seenEveryMs = minute;

/** Where a request comes from. */
export interface Whence {
  address: string;
  /** Its User-Agent. */
  browser: string;
}

export interface Session {
  id: string;
  staff: StaffIdentity;
  /** False: it lacks its second factor, and can do nothing but show or enrol one. */
  isComplete: boolean;
  /** When the person last proved who they are, by the server's clock. */
  provenAt: number;
  method: string;
}

export interface SessionParts {
  store: StaffSessionStore;
  events: EventLog;
  bus: Bus;
  clock: Clock;
  random: Random;
  /** A session that is not used so long ends. */
  idleMs: number;
  /** A session ends after so long, whatever happens in it. */
  lifeMs: number;
}

/** Sessions of staff: random tokens, stored hashed, bound to nothing but the cookie that carries them. */
export class Sessions {
  readonly #parts: SessionParts;

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  /** The secret for the cookie. `isComplete`: both factors were shown at once. */
  async open(staffId: string, method: string, whence: Whence, isComplete: boolean): Promise<string> {
    const { store, clock, random, lifeMs } = this.#parts;
    const token = this.#newToken();
    const now = clock.now();
    await store.add({
      id: random.uuid(),
      token_hash: hashOf(token),
      staff_id: staffId,
      created_at: now,
      expires_at: now + (isComplete ? lifeMs : enteringMs),
      complete_at: isComplete ? now : null,
      proven_at: now,
      last_seen_at: now,
      method,
      address: whence.address,
      browser: browserWords(whence.browser),
    });
    this.#changed(staffId);
    return token;
  }

  /** The session of a token, complete or not; undefined once it, or its account, has ended. `isUse` keeps it from idling. */
  async read(token: string, isUse = false): Promise<Session | undefined> {
    const { store, clock } = this.#parts;
    const found = await store.byToken(hashOf(token), this.#moments());
    if (!found) return undefined;
    const { session, staff } = found;
    if (isUse && clock.now() - session.last_seen_at >= seenEveryMs) await store.seen(session.id, clock.now());
    return sessionOf(session, identityOf(staff));
  }

  /** Who has signed in completely. */
  async ofSession(token: string): Promise<StaffIdentity | undefined> {
    const session = await this.read(token);
    return session?.isComplete ? session.staff : undefined;
  }

  /** The second factor was shown. The session goes on by another secret, so that nobody rides on the earlier one. */
  async complete(session: Session): Promise<string> {
    const { store, clock, lifeMs } = this.#parts;
    const token = this.#newToken();
    const at = clock.now();
    const completed = await store.complete(session.id, { tokenHash: hashOf(token), at, expiresAt: at + lifeMs });
    if (!completed) throw new CodedError('not-signed-in');
    this.#changed(session.staff.id);
    return token;
  }

  async prove(session: Session): Promise<void> {
    await this.#parts.store.proven(session.id, this.#parts.clock.now());
  }

  /** Throws `reauthentication-needed` when the last proof is too long ago. */
  demandFresh({ provenAt }: Pick<Session, 'provenAt'>): void {
    if (this.#parts.clock.now() - provenAt > freshMs) throw new CodedError('reauthentication-needed');
  }

  async list(own: Session): Promise<SessionView[]> {
    const rows = await this.#parts.store.ofStaff(own.staff.id, this.#moments());
    return rows.map((row) => viewOf(row, own.id));
  }

  async signOut(token: string): Promise<void> {
    const session = await this.read(token);
    await this.#parts.store.endByToken(hashOf(token));
    if (session) this.#changed(session.staff.id);
  }

  /** Ends one of a person's own. */
  async end(id: string, { staff }: Session, actor: Actor): Promise<void> {
    if (!(await this.#parts.store.end(id, staff.id))) throw new CodedError('not-found', 'This session has ended.');
    await this.#ended(staff.id, 'One session was ended.', actor);
  }

  /** All of a person but the one given, or all. */
  async endAll(staffId: string, actor: Actor, except?: Session): Promise<number> {
    const count = await this.#parts.store.endAll(staffId, except?.id);
    if (count > 0) await this.#ended(staffId, `${count} sessions were ended.`, actor);
    return count;
  }

  #newToken(): string {
    return Buffer.from(this.#parts.random.bytes(32)).toString('base64url');
  }

  #moments(): SessionMoments {
    const now = this.#parts.clock.now();
    return { now, idleSince: now - this.#parts.idleMs };
  }

  async #ended(staffId: string, words: string, actor: Actor): Promise<void> {
    await this.#parts.events.add({ actor, code: 'sessions-ended', words, subject: { kind: 'staff', id: staffId } });
    this.#changed(staffId);
  }

  #changed(staffId: string): void {
    this.#parts.bus.publish('staff-changed', { staffIds: [staffId] });
  }
}

function sessionOf(row: SessionRow, staff: StaffIdentity): Session {
  return { id: row.id, staff, isComplete: row.complete_at !== null, provenAt: row.proven_at, method: row.method };
}

function viewOf(row: SessionRow, ownId: string): SessionView {
  return {
    id: row.id,
    address: row.address,
    browser: row.browser,
    method: row.method,
    createdAt: new Date(row.created_at).toISOString(),
    lastSeenAt: new Date(row.last_seen_at).toISOString(),
    expiresAt: new Date(row.expires_at).toISOString(),
    isOwn: row.id === ownId,
  };
}
