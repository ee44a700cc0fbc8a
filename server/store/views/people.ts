import { type Kysely, sql } from 'kysely';
import type { Query } from '../../../shared/api/contract.ts';
import type { Routes } from '../../../shared/api/routes.ts';
import type { PersonDetail, PersonSummary } from '../../../shared/api/schemas.ts';
import type { PersonRole } from '../../../shared/policy/selector.ts';
import type { Seen } from '../../access/standing.ts';
import type { Database } from '../schema.ts';
import { decodeCursor, encodeCursor, likePattern } from './cursor.ts';
import {
  holdsAt,
  holdsDevice,
  isOpenAt,
  rolesWithDevices,
  standsSo,
  stoodAt,
  unitAt,
  unitsBelow,
  wasNotJudged,
} from './holding.ts';
import { iso, isoOrNull, type PersonRow, personSummary } from './rows.ts';
import { seesPerson } from './seen.ts';

/** `at`: verdicts and custody as of then (epoch ms); absent: as of now. */
export type PeopleQuery = Seen<Omit<Query<Routes['listPeople']>, 'at'> & { at?: number }>;

/** People as the console shows them. Read-only; every page by keyset, so that page 900 is as quick as page 1. */
export class PeopleView {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async page(query: PeopleQuery): Promise<{ items: PersonSummary[]; total: number; nextCursor: string | null }> {
    return { ...(await this.slice(query)), total: await this.count(query) };
  }

  async count(query: PeopleQuery): Promise<number> {
    const all = query.verdict && query.at === undefined ? joined(this.#db) : alone(this.#db);
    const { total } = await this.#matching(query, all)
      .select((e) => e.fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow();
    return Number(total);
  }

  /** A page without the count of all, which costs a look at everybody. */
  async slice(query: PeopleQuery): Promise<{ items: PersonSummary[]; nextCursor: string | null }> {
    const limit = query.limit ?? 50;
    const after = decodeCursor(query.cursor, 3);
    let rows = columns(this.#matching(query, joined(this.#db, query.at)), query.at)
      .orderBy('person.family_name')
      .orderBy('person.given_name')
      .orderBy('person.id')
      .limit(limit + 1);
    if (after)
      rows = rows.where(sql<boolean>`(person.family_name, person.given_name, person.id) > (${sql.join(after)})`);
    const found = await rows.execute();
    const items = found.slice(0, limit);
    const last = items.at(-1);
    const more = found.length > limit && last;
    return {
      items: items.map((row) => personSummary(row, query.at)),
      nextCursor: more ? encodeCursor([last.family_name, last.given_name, last.id]) : null,
    };
  }

  async one(id: string): Promise<(PersonSummary & { email: string | null }) | undefined> {
    const row = await columns(joined(this.#db).where('person.id', '=', id))
      .select('person.email')
      .executeTakeFirst();
    return row && { ...personSummary(row), email: row.email };
  }

  async orgsOf(personId: string): Promise<PersonDetail['orgs']> {
    const rows = await this.#db
      .selectFrom('person_org')
      .innerJoin('org', 'org.id', 'person_org.org_id')
      .select(['org.id', 'org.name', 'person_org.role', 'person_org.is_primary'])
      .where('person_id', '=', personId)
      .orderBy('person_org.is_primary', 'desc')
      .orderBy('org.name')
      .execute();
    return rows.map((row) => ({
      id: row.id,
      name: row.name,
      role: row.role as PersonRole,
      primary: row.is_primary === 1,
    }));
  }

  async classesOf(personId: string): Promise<PersonDetail['classes']> {
    return await this.#db
      .selectFrom('enrollment')
      .innerJoin('class', 'class.id', 'enrollment.class_id')
      .select(['class.id', 'class.title', 'enrollment.role'])
      .where('person_id', '=', personId)
      .where('class.active', '=', 1)
      .where('enrollment.active', '=', 1)
      .orderBy('class.title')
      .execute();
  }

  async verdictsOf(personId: string): Promise<PersonDetail['verdicts']> {
    const rows = await this.#db
      .selectFrom('verdict')
      .select(['state', 'from_at', 'to_at', 'until_at', 'reasons'])
      .where('subject_kind', '=', 'person')
      .where('subject_id', '=', personId)
      .orderBy('from_at', 'desc')
      .limit(200)
      .execute();
    return rows.map((row) => ({
      state: row.state as PersonDetail['verdicts'][number]['state'],
      from: iso(row.from_at),
      to: isoOrNull(row.to_at),
      reasons: JSON.parse(row.reasons) as string[],
      ...(row.until_at !== null && { until: iso(row.until_at) }),
    }));
  }

  #matching(query: PeopleQuery, all: ReturnType<typeof joined>) {
    const { at, verdict, org } = query;
    let rows = all.where(seesPerson(query.sight, 'person.id'));
    if (at === undefined) rows = rows.where('person.active', '=', 1);
    else if (org || verdict) rows = rows.where('person.id', 'in', thoseAt(at, query));
    else rows = rows.where(sql<boolean>`(person.active = 1 or not ${wasNotJudged('person', 'person.id', at)})`);
    if (query.role) rows = rows.where('person.role', '=', query.role);
    if (query.grade) rows = rows.where('person.grade', '=', query.grade);
    if (org && at === undefined) rows = rows.where('person.org_id', 'in', unitsBelow(org));
    if (query.class) rows = rows.where('person.id', 'in', this.#studentsOf(query.class));
    if (verdict && at === undefined) rows = rows.where(standsSo(verdict));
    if (query.holdsDevice !== undefined) rows = rows.where(holdsDevice(at), '=', query.holdsDevice ? 1 : 0);
    if (query.holdsDevice === false) rows = rows.where('person.role', 'in', rolesWithDevices);
    if (query.search) {
      const like = likePattern(query.search);
      rows = rows.where(
        sql<boolean>`(person.given_name || ' ' || person.family_name like ${like} escape '\\' or person.username like ${like} escape '\\' or person.sourced_id like ${like} escape '\\')`,
      );
    }
    return rows;
  }

  #studentsOf(classId: string) {
    return this.#db
      .selectFrom('enrollment')
      .select('person_id')
      .where('class_id', '=', classId)
      .where('role', '=', 'student')
      .where('active', '=', 1);
  }
}

/**
 * People at an instant. The roster is only known as it is now: whoever was judged then is known besides. Who was not is
 * unknown, and in the unit of now.
 */
function thoseAt(at: number, { org, verdict }: PeopleQuery) {
  const judged = stoodAt('person', at, { org, ...(verdict && { states: [verdict] }) });
  const inUnit = org ? sql`one.org_id in ${unitsBelow(org)}` : sql`1 = 1`;
  const rest = sql`select one.id from person as one where +one.active = 1 and ${inUnit} and ${wasNotJudged('person', 'one.id', at)}`;
  return sql<string>`(${verdict && verdict !== 'unknown' ? judged : sql`${judged} union all ${rest}`})`;
}

/** Without what only rows that are shown need; the filters must not speak of it. */
function alone(db: Kysely<Database>) {
  return db.selectFrom('person') as unknown as ReturnType<typeof joined>;
}

function joined(db: Kysely<Database>, at?: number) {
  return db
    .selectFrom('person')
    .leftJoin('verdict', (join) =>
      join.on('verdict.subject_kind', '=', 'person').onRef('verdict.subject_id', '=', 'person.id').on(holdsAt(at)),
    )
    .leftJoin('org', (join) => join.on(sql<boolean>`org.id = ${unitAt(at)}`));
}
type Joined = ReturnType<typeof joined>;

function columns(rows: Joined, at?: number) {
  return rows
    .select([
      'person.id',
      'person.sourced_id',
      'person.given_name',
      'person.family_name',
      'person.username',
      'person.role',
      'org.name as org_name',
      'person.grade',
      'person.active',
      'person.updated_at',
      'verdict.state',
      'verdict.reasons',
      'verdict.from_at',
      'verdict.until_at',
    ])
    .select(unitAt(at).as('org_id'))
    .select(
      sql<number>`(select count(*) from custody where custody.person_id = person.id and ${isOpenAt(at)})`.as(
        'device_count',
      ),
    ) satisfies { execute(): Promise<PersonRow[]> };
}
