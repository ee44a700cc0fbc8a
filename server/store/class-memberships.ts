import type { Kysely } from 'kysely';
import type { SchoolCalendar } from '../../shared/calendar/calendar.ts';
import { addDays, dateAt, startOfDay } from '../../shared/calendar/zone.ts';
import { inChunks } from './chunks.ts';
import type { Database } from './schema.ts';

/** Who is in which class. Days are those of the district's calendar; without one, of UTC. */
export class ClassMemberships {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /**
   * Person id → sourcedIds of the classes they are in at this instant, sorted; who is in none is absent. `null`: the
   * roster has no enrolments at all.
   */
  async at(instant: number, ids?: readonly string[]): Promise<Map<string, string[]> | null> {
    const any = await this.#db.selectFrom('enrollment').select('id').where('active', '=', 1).limit(1).execute();
    if (any.length === 0) return null;
    const today = dateAt(instant, await this.#zone());
    const now = this.#open()
      .where((is) => is.or([is('enrollment.begins_on', 'is', null), is('enrollment.begins_on', '<=', today)]))
      .where((is) => is.or([is('enrollment.ends_on', 'is', null), is('enrollment.ends_on', '>=', today)]))
      .select(['enrollment.person_id', 'class.sourced_id'])
      .distinct()
      .orderBy('class.sourced_id');
    const rows = ids
      ? await inChunks(ids, (chunk) => now.where('enrollment.person_id', 'in', chunk).execute())
      : await now.execute();
    const groups = Map.groupBy(rows, (row) => row.person_id);
    return new Map([...groups].map(([id, own]) => [id, own.map((row) => row.sourced_id)]));
  }

  /** When the next enrolment begins or is over, after this instant, and whose those are; undefined: none does. */
  async nextMove(after: number): Promise<{ at: number; personIds: string[] } | undefined> {
    const zone = await this.#zone();
    const today = dateAt(after, zone);
    const { begin, end } = await this.#open()
      .select((is) => [
        is.fn.min('enrollment.begins_on').filterWhere('enrollment.begins_on', '>', today).as('begin'),
        is.fn.min('enrollment.ends_on').filterWhere('enrollment.ends_on', '>=', today).as('end'),
      ])
      .executeTakeFirstOrThrow();
    const days = [...(begin ? [begin] : []), ...(end ? [addDays(end, 1)] : [])];
    const [day] = days.toSorted();
    if (day === undefined) return undefined;
    return { at: startOfDay(day, zone), personIds: await this.#movingOn(day) };
  }

  async #movingOn(day: string): Promise<string[]> {
    const rows = await this.#open()
      .where((is) => is.or([is('enrollment.begins_on', '=', day), is('enrollment.ends_on', '=', addDays(day, -1))]))
      .select('enrollment.person_id')
      .distinct()
      .execute();
    return rows.map((row) => row.person_id);
  }

  #open() {
    return this.#db
      .selectFrom('enrollment')
      .innerJoin('class', 'class.id', 'enrollment.class_id')
      .where('enrollment.active', '=', 1)
      .where('class.active', '=', 1);
  }

  async #zone(): Promise<string> {
    const row = await this.#db.selectFrom('calendar').select('content').where('org_id', '=', '').executeTakeFirst();
    return row ? (JSON.parse(row.content) as SchoolCalendar).zone : 'UTC';
  }
}
