import { type Kysely, sql } from 'kysely';
import type { ClassDevice } from '../../../shared/api/schemas.ts';
import type { Sight } from '../../access/standing.ts';
import type { Database } from '../schema.ts';
import { decodeCursor, encodeCursor, likePattern } from './cursor.ts';
import { unitsBelow } from './holding.ts';
import { seesClass } from './seen.ts';

/** An active class with who is in it. */
export interface ClassRow {
  id: string;
  sourcedId: string;
  title: string;
  orgId: string | null;
  orgName: string | null;
  teachers: string[];
  students: number;
  /** Students who hold a device. */
  devices: number;
}

interface ClassQuery {
  cursor?: string;
  limit?: number;
  search?: string;
  org?: string;
  sight?: Sight | undefined;
}

/** Classes as the console shows them, by title. */
export class ClassesView {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async page(query: ClassQuery): Promise<{ items: ClassRow[]; total: number; nextCursor: string | null }> {
    const limit = query.limit ?? 50;
    const after = decodeCursor(query.cursor);
    const matching = this.#matching(query);
    const { total } = await matching.select((is) => is.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
    let rows = columns(matching)
      .orderBy('class.title')
      .orderBy('class.id')
      .limit(limit + 1);
    if (after) rows = rows.where(sql<boolean>`(class.title, class.id) > (${sql.join(after)})`);
    const found = await rows.execute();
    const last = found.length > limit ? found[limit - 1] : undefined;
    const shown = found.slice(0, limit);
    const teachers = await this.#teachers(shown.map(({ id }) => id));
    return {
      items: shown.map(({ id, sourced_id, title, org_id, org_name, students, devices }) => ({
        ...{ id, sourcedId: sourced_id, title, orgId: org_id, orgName: org_name, teachers: teachers.get(id) ?? [] },
        ...{ students: Number(students), devices: Number(devices) },
      })),
      total: Number(total),
      nextCursor: last ? encodeCursor([last.title, last.id]) : null,
    };
  }

  /** The students by name. One's own device counts before one on loan. */
  async devices(classId: string): Promise<ClassDevice[]> {
    const { rows } = await sql<{ id: string; name: string; kinds: string | null }>`
      select person.id, person.given_name || ' ' || person.family_name as name, group_concat(distinct custody.kind) as kinds
      from enrollment join person on person.id = enrollment.person_id
      left join custody on custody.person_id = person.id and custody.ended_at is null
      where enrollment.class_id = ${classId} and enrollment.role = 'student' and enrollment.active = 1
      group by person.id order by person.family_name, person.given_name, person.id`.execute(this.#db);
    return rows.map(({ id, name, kinds }) => {
      const own = kinds?.split(',').includes('primary') ? 'ready' : 'on-loan';
      return { person: { id, name: name.trim() }, device: kinds === null ? 'none' : own };
    });
  }

  #matching({ search, org, sight }: ClassQuery) {
    let rows = joined(this.#db).where(seesClass(sight, 'class.id'));
    if (org) rows = rows.where('class.org_id', 'in', unitsBelow(org));
    if (search) {
      const like = likePattern(search);
      rows = rows.where(
        sql<boolean>`(class.title like ${like} escape '\\' or class.sourced_id like ${like} escape '\\' or exists (
          select 1 from enrollment join person on person.id = enrollment.person_id
          where enrollment.class_id = class.id and enrollment.role = 'teacher' and enrollment.active = 1
          and person.given_name || ' ' || person.family_name like ${like} escape '\\'))`,
      );
    }
    return rows;
  }

  async #teachers(classIds: readonly string[]): Promise<Map<string, string[]>> {
    const rows = await this.#db
      .selectFrom('enrollment')
      .innerJoin('person', 'person.id', 'enrollment.person_id')
      .select(['enrollment.class_id', 'person.given_name', 'person.family_name'])
      .where('enrollment.class_id', 'in', [...classIds])
      .where('enrollment.role', '=', 'teacher')
      .where('enrollment.active', '=', 1)
      .orderBy('person.family_name')
      .orderBy('person.given_name')
      .execute();
    const groups = Map.groupBy(rows, (row) => row.class_id);
    return new Map(
      [...groups].map(([id, people]) => [id, people.map((row) => `${row.given_name} ${row.family_name}`.trim())]),
    );
  }
}

function joined(db: Kysely<Database>) {
  return db.selectFrom('class').leftJoin('org', 'org.id', 'class.org_id').where('class.active', '=', 1);
}

function columns(rows: ReturnType<typeof joined>) {
  return rows.select(['class.id', 'class.sourced_id', 'class.title', 'class.org_id', 'org.name as org_name']).select([
    sql<number>`(select count(distinct enrollment.person_id) from enrollment
      where enrollment.class_id = class.id and enrollment.role = 'student' and enrollment.active = 1)`.as('students'),
    sql<number>`(select count(distinct enrollment.person_id) from enrollment
      join custody on custody.person_id = enrollment.person_id and custody.ended_at is null
      where enrollment.class_id = class.id and enrollment.role = 'student' and enrollment.active = 1)`.as('devices'),
  ]);
}
