import type { Insertable, Kysely } from 'kysely';
import type { SignSide } from '../../shared/api/schemas.ts';
import type { Database } from './schema.ts';

export interface StaffRow {
  id: string;
  name: string;
  email: string;
  password_hash: string;
  created_at: number;
  disabled_at: number | null;
  /** JSON list: the sides it signs policy changes for. */
  signs_for: string;
}

/** Those who may sign in to the console, and their sessions (tokens stored hashed). */
export class StaffStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** Those who can sign in. */
  async countActive(): Promise<number> {
    const row = await this.#db
      .selectFrom('staff')
      .select((e) => e.fn.countAll<number>().as('total'))
      .where('disabled_at', 'is', null)
      .executeTakeFirstOrThrow();
    return Number(row.total);
  }

  async count(): Promise<number> {
    const row = await this.#db
      .selectFrom('staff')
      .select((e) => e.fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow();
    return Number(row.total);
  }

  /** Adds the first member; false, and nothing changed, when there is one already. */
  async addFirst(staff: Insertable<Database['staff']>): Promise<boolean> {
    return await this.#db.transaction().execute(async (tx) => {
      const present = await tx.selectFrom('staff').select('id').limit(1).executeTakeFirst();
      if (present) return false;
      await tx.insertInto('staff').values(staff).execute();
      return true;
    });
  }

  /** False, and nothing changed, when the address is taken. */
  async add(staff: Insertable<Database['staff']>): Promise<boolean> {
    const { numInsertedOrUpdatedRows } = await this.#db
      .insertInto('staff')
      .values(staff)
      .onConflict((conflict) => conflict.column('email').doNothing())
      .executeTakeFirstOrThrow();
    return Number(numInsertedOrUpdatedRows) > 0;
  }

  async byEmail(email: string): Promise<StaffRow | undefined> {
    return await this.#db
      .selectFrom('staff')
      .selectAll()
      .where('email', '=', email.toLowerCase())
      .where('disabled_at', 'is', null)
      .executeTakeFirst();
  }

  /** Whom they sign policy changes for; nobody for an account that cannot sign in. */
  async sidesOf(id: string): Promise<SignSide[]> {
    const row = await this.#db
      .selectFrom('staff')
      .select('signs_for')
      .where('id', '=', id)
      .where('disabled_at', 'is', null)
      .executeTakeFirst();
    return row ? sidesIn(row) : [];
  }

  /** The account; undefined, and nothing changed, when there is none of this address. */
  async setSides(email: string, sides: readonly SignSide[]): Promise<StaffRow | undefined> {
    return await this.#db
      .updateTable('staff')
      .set({ signs_for: JSON.stringify(sides) })
      .where('email', '=', email.toLowerCase())
      .where('disabled_at', 'is', null)
      .returningAll()
      .executeTakeFirst();
  }

  async addSession(session: Insertable<Database['staff_session']>): Promise<void> {
    await this.#db.transaction().execute(async (tx) => {
      await tx.deleteFrom('staff_session').where('expires_at', '<', session.created_at).execute();
      await tx.insertInto('staff_session').values(session).execute();
    });
  }

  async bySession(tokenHash: string, now: number): Promise<StaffRow | undefined> {
    return await this.#db
      .selectFrom('staff_session')
      .innerJoin('staff', 'staff.id', 'staff_session.staff_id')
      .selectAll('staff')
      .where('token_hash', '=', tokenHash)
      .where('expires_at', '>', now)
      .where('disabled_at', 'is', null)
      .executeTakeFirst();
  }

  async endSession(tokenHash: string): Promise<void> {
    await this.#db.deleteFrom('staff_session').where('token_hash', '=', tokenHash).execute();
  }
}

export function sidesIn({ signs_for }: Pick<StaffRow, 'signs_for'>): SignSide[] {
  return JSON.parse(signs_for) as SignSide[];
}
