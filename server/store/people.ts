import { type Kysely, type Selectable, sql } from 'kysely';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { type PersonRole, personRoles } from '../../shared/policy/selector.ts';
import { inChunks } from './chunks.ts';
import { ClassMemberships } from './class-memberships.ts';
import type { Database } from './schema.ts';
import { likePattern } from './views/cursor.ts';

/** Everything a selector may ask about a person. `null` is *unknown*: it neither matches nor un-matches. */
export interface PersonScope {
  id: string;
  sourcedId: string;
  role: PersonRole | null;
  /** Of a student, or of somebody whose role is not known: the grades that others teach are no grade of theirs. */
  grade: string | null;
  /** sourcedIds of every unit the person belongs to and of all units above, each once; empty when none is known. */
  orgs: string[];
  /** sourcedIds of the classes the person is in, sorted; `null`: the roster has no enrolments, or it was not asked. */
  classes: string[] | null;
  /** The primary unit. */
  orgId: string | null;
  active: boolean;
}

export interface PersonRecord {
  id: string;
  sourcedId: string;
  role: PersonRole | null;
  givenName: string;
  familyName: string;
  username: string;
  email: string | null;
  orgId: string | null;
  grade: string | null;
  active: boolean;
}

export interface OrgRecord {
  id: string;
  sourcedId: string;
  name: string;
  type: string;
  parentId: string | null;
  active: boolean;
}

/** Reads people and units. Writing is the roster's: `server/store/people-roster.ts`. */
export class PeopleStore {
  readonly #db: Kysely<Database>;
  readonly #classes: ClassMemberships;

  constructor(db: Kysely<Database>) {
    this.#db = db;
    this.#classes = new ClassMemberships(db);
  }

  async findPerson(id: string): Promise<PersonRecord | undefined> {
    const row = await this.#db.selectFrom('person').selectAll().where('id', '=', id).executeTakeFirst();
    return row && personOf(row);
  }

  /**
   * The person a technician means: by sourcedId, else by the username of an active person, in any case.
   * `conflict` when several active people share the username.
   */
  async lookUp(key: string): Promise<PersonRecord | undefined> {
    const people = this.#db.selectFrom('person').selectAll();
    const bySourcedId = await people.where('sourced_id', '=', key).executeTakeFirst();
    if (bySourcedId) return personOf(bySourcedId);
    const named = await people
      .where((is) => is.eb(is.fn<string>('lower', ['username']), '=', key.toLowerCase()))
      .where('active', '=', 1)
      .limit(2)
      .execute();
    if (named.length > 1) {
      throw new CodedError('conflict', `Several people have the username ${key}. Name the person by sourcedId.`);
    }
    return named[0] && personOf(named[0]);
  }

  /** Ids of the people whose name or username contains this, in any case. */
  async idsNamedLike(search: string): Promise<Set<string>> {
    const pattern = likePattern(search.toLowerCase());
    const rows = await this.#db
      .selectFrom('person')
      .select('id')
      .where(sql<boolean>`lower(given_name || ' ' || family_name || ' ' || username) like ${pattern} escape '\\'`)
      .execute();
    return new Set(rows.map(({ id }) => id));
  }

  /** How many people are active. */
  async countActive(): Promise<number> {
    const { count } = await this.#db
      .selectFrom('person')
      .select((is) => is.fn.countAll<number>().as('count'))
      .where('active', '=', 1)
      .executeTakeFirstOrThrow();
    return Number(count);
  }

  /** Active units, by name. */
  async orgs(): Promise<OrgRecord[]> {
    const rows = await this.#db.selectFrom('org').selectAll().where('active', '=', 1).orderBy('name').execute();
    return rows.map(orgOf);
  }

  async findOrg(id: string): Promise<OrgRecord | undefined> {
    const row = await this.#db.selectFrom('org').selectAll().where('id', '=', id).executeTakeFirst();
    return row && orgOf(row);
  }

  /**
   * Scopes by person id: of these people, or of all. An id nobody has is absent from the answer. Classes are those at an
   * instant, and are read only where one is given.
   */
  async scopes(ids?: readonly string[], at?: number): Promise<Map<string, PersonScope>> {
    const above = lineages(await this.#db.selectFrom('org').select(['id', 'sourced_id', 'parent_id']).execute());
    const people = this.#db.selectFrom('person').select(['id', 'sourced_id', 'role', 'grade', 'org_id', 'active']);
    const memberships = this.#db.selectFrom('person_org').select(['person_id', 'org_id']);
    const rows = ids
      ? await inChunks(ids, (chunk) => people.where('id', 'in', chunk).execute())
      : await people.execute();
    const units = ids
      ? await inChunks(ids, (chunk) => memberships.where('person_id', 'in', chunk).execute())
      : await memberships.execute();

    const classes = at === undefined ? null : await this.#classes.at(at, ids);
    const unitsOf = Map.groupBy(units, (unit) => unit.person_id);
    return new Map(
      rows.map((row) => {
        const own = [row.org_id, ...(unitsOf.get(row.id) ?? []).map((unit) => unit.org_id)];
        const lines = [...new Set(own)].flatMap((org) => (org === null ? [] : [above.get(org) ?? []]));
        // Most people belong to one unit: they share its lineage.
        const orgs = lines.length === 1 && lines[0] ? lines[0] : [...new Set(lines.flat())];
        const { id, sourced_id: sourcedId } = row;
        const role = roleOf(row.role);
        const about = {
          id,
          sourcedId,
          role,
          grade: role === null || role === 'student' ? row.grade : null,
          orgs,
          classes: classes && (classes.get(id) ?? []),
        };
        return [id, { ...about, orgId: row.org_id, active: row.active === 1 }];
      }),
    );
  }
}

interface OrgLink {
  id: string;
  sourced_id: string;
  parent_id: string | null;
}

/** Org id → its sourcedId and those of all units above it. A loop in the hierarchy ends where it closes. */
function lineages(orgs: readonly OrgLink[]): Map<string, string[]> {
  const byId = new Map(orgs.map((org) => [org.id, org]));
  const lineage = (start: OrgLink): string[] => {
    const seen = new Set<string>();
    let org: OrgLink | undefined = start;
    while (org && !seen.has(org.sourced_id)) {
      seen.add(org.sourced_id);
      org = org.parent_id === null ? undefined : byId.get(org.parent_id);
    }
    return [...seen];
  };
  return new Map(orgs.map((org) => [org.id, lineage(org)]));
}

function roleOf(role: string): PersonRole | null {
  return personRoles.find((known) => known === role) ?? null;
}

function personOf(row: Selectable<Database['person']>): PersonRecord {
  return {
    id: row.id,
    sourcedId: row.sourced_id,
    role: roleOf(row.role),
    givenName: row.given_name,
    familyName: row.family_name,
    username: row.username,
    email: row.email,
    orgId: row.org_id,
    grade: row.grade,
    active: row.active === 1,
  };
}

function orgOf(row: Selectable<Database['org']>): OrgRecord {
  return {
    id: row.id,
    sourcedId: row.sourced_id,
    name: row.name,
    type: row.type,
    parentId: row.parent_id,
    active: row.active === 1,
  };
}
