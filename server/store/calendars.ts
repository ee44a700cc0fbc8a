import type { Kysely } from 'kysely';
import type { SchoolCalendar } from '../../shared/calendar/calendar.ts';
import type { AcademicSession } from '../../shared/calendar/sessions.ts';
import type { Database } from './schema.ts';

/** The calendar of a unit, or of the district (`orgId` is `null`). */
export interface CalendarRecord {
  orgId: string | null;
  /** The unit in the roster's words; `null` for the district, and for a unit that is no longer in the roster. */
  org: { sourcedId: string; name: string } | null;
  calendar: SchoolCalendar;
  updatedAt: number;
}

const keyOf = (orgId: string | null) => orgId ?? '';

/** School calendars, at most one a unit, and the sessions of the roster that terms may come from. */
export class CalendarStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** The district's own first, then by the unit's name. */
  async list(): Promise<CalendarRecord[]> {
    const rows = await this.#db
      .selectFrom('calendar')
      .leftJoin('org', 'org.id', 'calendar.org_id')
      .select(['calendar.org_id', 'calendar.content', 'calendar.updated_at', 'org.sourced_id', 'org.name'])
      .orderBy((is) => is('calendar.org_id', '!=', ''))
      .orderBy('org.name')
      .orderBy('calendar.org_id')
      .execute();
    return rows.map((row) => ({
      orgId: row.org_id === '' ? null : row.org_id,
      org: row.sourced_id === null || row.name === null ? null : { sourcedId: row.sourced_id, name: row.name },
      calendar: JSON.parse(row.content) as SchoolCalendar,
      updatedAt: row.updated_at,
    }));
  }

  async save(orgId: string | null, calendar: SchoolCalendar, at: number): Promise<void> {
    const saved = { content: JSON.stringify(calendar), updated_at: at };
    await this.#db
      .insertInto('calendar')
      .values({ org_id: keyOf(orgId), ...saved })
      .onConflict((conflict) => conflict.column('org_id').doUpdateSet(saved))
      .execute();
  }

  /** Those in the roster now, the first to begin first. */
  async sessions(): Promise<AcademicSession[]> {
    const rows = await this.#db
      .selectFrom('academic_session')
      .select(['title', 'type', 'start_date', 'end_date', 'school_year'])
      .where('active', '=', 1)
      .orderBy('start_date')
      .orderBy('sourced_id')
      .execute();
    return rows.map(({ title, type, ...row }) => ({
      ...{ title, type, startDate: row.start_date, endDate: row.end_date, schoolYear: row.school_year },
    }));
  }

  /** False when there was none. */
  async delete(orgId: string | null): Promise<boolean> {
    const { numDeletedRows } = await this.#db
      .deleteFrom('calendar')
      .where('org_id', '=', keyOf(orgId))
      .executeTakeFirstOrThrow();
    return numDeletedRows > 0n;
  }
}
