import type { Insertable, Kysely } from 'kysely';
import type { SignSide } from '../../shared/api/schemas.ts';
import { demandOwner, type Grant } from './grants.ts';
import type { Database } from './schema.ts';

export interface StaffRow {
  id: string;
  name: string;
  email: string;
  /** Empty for an account that has none: it comes in by a provider or a passkey. */
  password_hash: string;
  created_at: number;
  disabled_at: number | null;
  /** JSON list: the sides it signs policy changes for. */
  signs_for: string;
}

/** Those who may sign in to the console. */
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

  /** True once anybody was ever given an account, whatever became of it. */
  async isSetUp(): Promise<boolean> {
    const row = await this.#db.selectFrom('setting').select('value').where('name', '=', 'set-up').executeTakeFirst();
    return row !== undefined;
  }

  /** Adds the first member; false, and nothing changed, when there ever was one. */
  async addFirst(staff: Insertable<Database['staff']>): Promise<boolean> {
    return await this.#db.transaction().execute(async (tx) => {
      if (!(await closeSetUp(tx))) return false;
      await tx.insertInto('staff').values(staff).execute();
      await tx.insertInto('staff_grant').values(grantRows(staff, districtOwner)).execute();
      return true;
    });
  }

  /** An owner where nothing else is said, as the operator's command has it. False, and nothing changed, when the address is taken. */
  async add(staff: Insertable<Database['staff']>, grants: readonly Grant[] = districtOwner): Promise<boolean> {
    return await this.#db.transaction().execute(async (tx) => {
      const { numInsertedOrUpdatedRows } = await tx
        .insertInto('staff')
        .values(staff)
        .onConflict((conflict) => conflict.column('email').doNothing())
        .executeTakeFirstOrThrow();
      const isNew = Number(numInsertedOrUpdatedRows) > 0;
      if (isNew) await closeSetUp(tx);
      if (isNew && grants.length > 0) await tx.insertInto('staff_grant').values(grantRows(staff, grants)).execute();
      return isNew;
    });
  }

  async byId(id: string): Promise<StaffRow | undefined> {
    return await this.#db.selectFrom('staff').selectAll().where('id', '=', id).executeTakeFirst();
  }

  /** Also one that is disabled. */
  async anyByEmail(email: string): Promise<StaffRow | undefined> {
    return await this.#db
      .selectFrom('staff')
      .selectAll()
      .where('email', '=', email.trim().toLowerCase())
      .executeTakeFirst();
  }

  async all(): Promise<StaffRow[]> {
    return await this.#db.selectFrom('staff').selectAll().orderBy('name').orderBy('id').execute();
  }

  /** Null enables. False when it is so already; `conflict`, and nothing changed, when no owner would be left. */
  async setDisabled(id: string, disabledAt: number | null): Promise<boolean> {
    return await this.#db.transaction().execute(async (tx) => {
      const { numUpdatedRows } = await tx
        .updateTable('staff')
        .set({ disabled_at: disabledAt })
        .where('id', '=', id)
        .where('disabled_at', disabledAt === null ? 'is not' : 'is', null)
        .executeTakeFirstOrThrow();
      await demandOwner(tx);
      return numUpdatedRows > 0n;
    });
  }

  async setPassword(id: string, passwordHash: string): Promise<void> {
    await this.#db.updateTable('staff').set({ password_hash: passwordHash }).where('id', '=', id).execute();
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
}

/** Nobody makes a first administrator from now on. False when that was so already. */
async function closeSetUp(tx: Kysely<Database>): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('setting')
    .values({ name: 'set-up', value: 'done' })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .executeTakeFirstOrThrow();
  return Number(numInsertedOrUpdatedRows) > 0;
}

const districtOwner: readonly Grant[] = [{ role: 'owner', orgId: '' }];

function grantRows({ id, created_at }: Insertable<Database['staff']>, grants: readonly Grant[]) {
  return grants.map(({ role, orgId }) => ({
    ...{ staff_id: id, role, org_id: orgId },
    ...{ granted_at: created_at, by_actor: 'server' },
  }));
}

export function sidesIn({ signs_for }: Pick<StaffRow, 'signs_for'>): SignSide[] {
  return JSON.parse(signs_for) as SignSide[];
}
