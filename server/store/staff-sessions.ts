import type { Kysely, Selectable } from 'kysely';
import type { Database } from './schema.ts';
import type { StaffRow } from './staff.ts';

export type SessionRow = Selectable<Database['staff_session']>;

/** The moments a session is judged by. */
export interface SessionMoments {
  now: number;
  /** A session that was not seen since then has run out. */
  idleSince: number;
}

/** Sessions of staff; tokens are stored hashed. */
export class StaffSessionStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async add(session: SessionRow): Promise<void> {
    await this.#db.transaction().execute(async (tx) => {
      await tx.deleteFrom('staff_session').where('expires_at', '<=', session.created_at).execute();
      await tx.insertInto('staff_session').values(session).execute();
    });
  }

  /** The session of a token with its account; undefined once either is over. */
  async byToken(
    tokenHash: string,
    { now, idleSince }: SessionMoments,
  ): Promise<{ session: SessionRow; staff: StaffRow } | undefined> {
    const session = await this.#db
      .selectFrom('staff_session')
      .selectAll()
      .where('token_hash', '=', tokenHash)
      .where('expires_at', '>', now)
      .where('last_seen_at', '>', idleSince)
      .executeTakeFirst();
    const staff = session && (await this.#activeStaff(session.staff_id));
    return staff && { session, staff };
  }

  async seen(id: string, at: number): Promise<void> {
    await this.#db.updateTable('staff_session').set({ last_seen_at: at }).where('id', '=', id).execute();
  }

  async proven(id: string, at: number): Promise<void> {
    await this.#db.updateTable('staff_session').set({ proven_at: at }).where('id', '=', id).execute();
  }

  /** From now on by another token. False when it was complete, or over, already. */
  async complete(id: string, given: { tokenHash: string; at: number; expiresAt: number }): Promise<boolean> {
    const { numUpdatedRows } = await this.#db
      .updateTable('staff_session')
      .set({
        token_hash: given.tokenHash,
        complete_at: given.at,
        proven_at: given.at,
        last_seen_at: given.at,
        expires_at: given.expiresAt,
      })
      .where('id', '=', id)
      .where('complete_at', 'is', null)
      .executeTakeFirstOrThrow();
    return numUpdatedRows > 0n;
  }

  /** Complete ones that still hold, those seen last first. */
  async ofStaff(staffId: string, { now, idleSince }: SessionMoments): Promise<SessionRow[]> {
    return await this.#db
      .selectFrom('staff_session')
      .selectAll()
      .where('staff_id', '=', staffId)
      .where('expires_at', '>', now)
      .where('last_seen_at', '>', idleSince)
      .where('complete_at', 'is not', null)
      .orderBy('last_seen_at', 'desc')
      .orderBy('id')
      .execute();
  }

  async endByToken(tokenHash: string): Promise<void> {
    await this.#db.deleteFrom('staff_session').where('token_hash', '=', tokenHash).execute();
  }

  /** False when the account has no such session. */
  async end(id: string, staffId: string): Promise<boolean> {
    const { numDeletedRows } = await this.#db
      .deleteFrom('staff_session')
      .where('id', '=', id)
      .where('staff_id', '=', staffId)
      .executeTakeFirstOrThrow();
    return numDeletedRows > 0n;
  }

  /** All of an account but one, where one is named; how many there were. */
  async endAll(staffId: string, exceptId = ''): Promise<number> {
    const { numDeletedRows } = await this.#db
      .deleteFrom('staff_session')
      .where('staff_id', '=', staffId)
      .where('id', '!=', exceptId)
      .executeTakeFirstOrThrow();
    return Number(numDeletedRows);
  }

  async #activeStaff(id: string): Promise<StaffRow | undefined> {
    return await this.#db
      .selectFrom('staff')
      .selectAll()
      .where('id', '=', id)
      .where('disabled_at', 'is', null)
      .executeTakeFirst();
  }
}
