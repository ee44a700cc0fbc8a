import type { Kysely, Selectable, Transaction } from 'kysely';
import type { Role } from '../../shared/access/roles.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { Database } from './schema.ts';

export type GrantRow = Selectable<Database['staff_grant']>;

/** A role for a unit and what lies below it; an empty `orgId` is the district. */
export interface Grant {
  role: Role;
  orgId: string;
}

/** What accounts may be. There is always an owner of the district who can sign in. */
export class GrantStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** None for an account that is disabled. */
  async of(staffId: string): Promise<Grant[]> {
    const rows = await this.#db
      .selectFrom('staff_grant')
      .innerJoin('staff', 'staff.id', 'staff_grant.staff_id')
      .select(['role', 'org_id'])
      .where('staff_id', '=', staffId)
      .where('staff.disabled_at', 'is', null)
      .execute();
    return rows.map(({ role, org_id }) => ({ role: role as Role, orgId: org_id }));
  }

  async all(): Promise<GrantRow[]> {
    return await this.#db.selectFrom('staff_grant').selectAll().orderBy('role').orderBy('org_id').execute();
  }

  /** Replaces what an account may be. `conflict`, and nothing changed, when no owner would be left. */
  async replace(staffId: string, grants: readonly Omit<GrantRow, 'staff_id'>[]): Promise<void> {
    await this.#db.transaction().execute(async (tx) => {
      await tx.deleteFrom('staff_grant').where('staff_id', '=', staffId).execute();
      const rows = grants.map((grant) => ({ ...grant, staff_id: staffId }));
      if (rows.length > 0) await tx.insertInto('staff_grant').values(rows).execute();
      await demandOwner(tx);
    });
  }
}

/** Throws `conflict` where nobody who can sign in owns the district. */
export async function demandOwner(tx: Transaction<Database>): Promise<void> {
  const owner = await tx
    .selectFrom('staff_grant')
    .innerJoin('staff', 'staff.id', 'staff_grant.staff_id')
    .select('staff_id')
    .where('role', '=', 'owner')
    .where('org_id', '=', '')
    .where('staff.disabled_at', 'is', null)
    .limit(1)
    .executeTakeFirst();
  if (!owner)
    throw new CodedError('conflict', 'This is the last owner of the district. Make somebody else an owner first.');
}
