import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { Role } from '../../shared/access/roles.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { type HeldRole, type Orgs, type Own, Standing } from '../access/standing.ts';
import type { Database } from './schema.ts';
import { unitsBelow } from './views/holding.ts';

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

  /** What somebody may do now, with all units below those of their roles, and with what is their own by the roster. */
  async standing(staffId: string, bounds: Orgs = 'all'): Promise<Standing> {
    const grants = await this.of(staffId);
    const held: HeldRole[] = [];
    for (const { role, orgId } of grants)
      held.push({ role, orgs: orgId === '' ? 'all' : await this.unitsBelow(orgId) });
    return new Standing(held, await this.#own(staffId, held), bounds);
  }

  /** A unit and every unit below it. */
  async unitsBelow(orgId: string): Promise<string[]> {
    const { rows } = await sql<{ id: string }>`select id from ${unitsBelow(orgId)} as units`.execute(this.#db);
    return rows.map(({ id }) => id);
  }

  async all(): Promise<GrantRow[]> {
    return await this.#db.selectFrom('staff_grant').selectAll().orderBy('role').orderBy('org_id').execute();
  }

  /** Teachers are found in the roster by their e-mail address; classes of units they are no teacher for are not theirs. */
  async #own(staffId: string, held: readonly HeldRole[]): Promise<Own> {
    const teaching = held.filter(({ role }) => role === 'teacher');
    if (teaching.length === 0) return { staffId, classIds: [], personIds: [] };
    const { rows: classes } = await sql<{ id: string; org_id: string | null; person_id: string }>`
      select class.id, class.org_id, person.id as person_id from staff
      join person on lower(person.email) = lower(staff.email) and person.active = 1
      left join enrollment on enrollment.person_id = person.id and enrollment.role = 'teacher' and enrollment.active = 1
      left join class on class.id = enrollment.class_id and class.active = 1
      where staff.id = ${staffId}`.execute(this.#db);
    const isFor = (orgId: string | null) =>
      teaching.some(({ orgs }) => orgs === 'all' || (orgId !== null && orgs.includes(orgId)));
    const classIds = classes.flatMap(({ id, org_id }) => (id !== null && isFor(org_id) ? [id] : []));
    const { rows: students } = await sql<{ person_id: string }>`select distinct person_id from enrollment
      where role = 'student' and active = 1 and class_id in (select value from json_each(${JSON.stringify(classIds)}))`.execute(
      this.#db,
    );
    const personIds = [...classes, ...students].map(({ person_id }) => person_id);
    return { staffId, selfId: classes[0]?.person_id, classIds, personIds: [...new Set(personIds)] };
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
