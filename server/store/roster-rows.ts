import type { Kysely } from 'kysely';
import { type PersonRole, personRoles } from '../../shared/policy/selector.ts';
import type { Membership, Stored, StoredKind, StoredRoster } from './roster-entries.ts';
import type { Database } from './schema.ts';

type Wanted = { classes: boolean; enrollments: boolean; sessions: boolean };

/** The tables of the roster as entries that refer to each other by sourcedId. */
export async function readStoredRoster(db: Kysely<Database>, wanted: Wanted): Promise<Omit<StoredRoster, 'version'>> {
  const orgRows = await db.selectFrom('org').selectAll().execute();
  const orgName = new Map(orgRows.map((row) => [row.id, row.sourced_id]));
  const orgOf = (id: string | null) => (id === null ? null : (orgName.get(id) ?? null));
  const orgs = orgRows.map((row) => ({
    id: row.id,
    active: row.active === 1,
    entry: {
      sourcedId: row.sourced_id,
      name: row.name,
      type: row.type,
      parent: orgOf(row.parent_id),
      identifier: row.identifier,
    },
  }));
  return {
    orgs: bySourcedId(orgs),
    people: await readPeople(db, orgOf),
    classes: wanted.classes || wanted.enrollments ? await readClasses(db, orgOf) : new Map(),
    enrollments: wanted.enrollments ? await readEnrollments(db) : new Map(),
    sessions: wanted.sessions ? await readSessions(db) : new Map(),
  };
}

type OrgOf = (id: string | null) => string | null;

async function readPeople(db: Kysely<Database>, orgOf: OrgOf): Promise<StoredRoster['people']> {
  const units = await db.selectFrom('person_org').selectAll().orderBy('role').orderBy('org_id').execute();
  const unitsOf = Map.groupBy(units, (unit) => unit.person_id);
  const rows = await db.selectFrom('person').selectAll().execute();
  const membershipsOf = (id: string): Membership[] =>
    (unitsOf.get(id) ?? []).flatMap((unit) => {
      const org = orgOf(unit.org_id);
      return org === null ? [] : [{ org, role: roleOf(unit.role), primary: unit.is_primary === 1 }];
    });
  return bySourcedId(
    rows.map((row) => ({
      id: row.id,
      active: row.active === 1,
      entry: {
        sourcedId: row.sourced_id,
        role: roleOf(row.role),
        givenName: row.given_name,
        familyName: row.family_name,
        username: row.username,
        email: row.email,
        grade: row.grade,
        org: orgOf(row.org_id),
        memberships: membershipsOf(row.id).toSorted(byKey),
      },
    })),
  );
}

/** The one order of memberships, so that the same ones compare equal. */
export function byKey(a: Membership, b: Membership): number {
  return keyOf(a) < keyOf(b) ? -1 : 1;
}

const keyOf = ({ org, role }: Membership) => `${role} ${org}`;

async function readClasses(db: Kysely<Database>, orgOf: OrgOf): Promise<StoredRoster['classes']> {
  const rows = await db.selectFrom('class').selectAll().execute();
  return bySourcedId(
    rows.map((row) => ({
      id: row.id,
      active: row.active === 1,
      entry: {
        sourcedId: row.sourced_id,
        title: row.title,
        org: orgOf(row.org_id),
        grades: JSON.parse(row.grades) as string[],
      },
    })),
  );
}

async function readEnrollments(db: Kysely<Database>): Promise<StoredRoster['enrollments']> {
  const rows = await db
    .selectFrom('enrollment')
    .innerJoin('class', 'class.id', 'enrollment.class_id')
    .innerJoin('person', 'person.id', 'enrollment.person_id')
    .select(['enrollment.id', 'enrollment.sourced_id', 'enrollment.role', 'enrollment.active'])
    .select(['enrollment.begins_on', 'enrollment.ends_on'])
    .select(['class.sourced_id as class', 'person.sourced_id as person'])
    .execute();
  return bySourcedId(
    rows.map((row) => ({
      id: row.id,
      active: row.active === 1,
      entry: {
        sourcedId: row.sourced_id,
        class: row.class,
        person: row.person,
        role: row.role,
        beginsOn: row.begins_on,
        endsOn: row.ends_on,
      },
    })),
  );
}

async function readSessions(db: Kysely<Database>): Promise<StoredRoster['sessions']> {
  const rows = await db.selectFrom('academic_session').selectAll().execute();
  return bySourcedId(
    rows.map((row) => ({
      id: row.id,
      active: row.active === 1,
      entry: {
        sourcedId: row.sourced_id,
        title: row.title,
        type: row.type,
        startDate: row.start_date,
        endDate: row.end_date,
        parent: row.parent_sourced_id,
        schoolYear: row.school_year,
      },
    })),
  );
}

function bySourcedId<T extends { sourcedId: string }>(rows: readonly Stored<T>[]): StoredKind<T> {
  return new Map(rows.map((row) => [row.entry.sourcedId, row]));
}

/** A role the store does not know any more counts as the one under the strictest policy. */
const roleOf = (role: string): PersonRole => personRoles.find((known) => known === role) ?? 'student';
