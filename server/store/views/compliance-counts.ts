import { type Kysely, sql } from 'kysely';
import type { Database } from '../schema.ts';

const dayMs = 86_400_000;

/** How many intervals of a state are open. `subject` is `device`, `person` or a check's name. */
export interface OpenCount {
  orgId: string;
  subject: string;
  state: string;
  count: number;
}

/** How many more of a state are open at the end of a UTC day (days since 1970) than at its beginning. */
export interface DayChange {
  day: number;
  state: string;
  change: number;
}

/** Which counts are wanted; absent: all. */
export interface CountFilter {
  subjects?: readonly string[];
  /** An empty id is that of nobody's devices. */
  orgs?: readonly string[];
}

/**
 * How many stood where, at any instant: what changed on the days before it, and what began and ended on its own day. No
 * query reads more intervals than those of one day.
 */
export class ComplianceCountsView {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** When the first verdict of a device began; `null`: nothing was ever judged. */
  async since(): Promise<number | null> {
    const row = await this.#db
      .selectFrom('verdict')
      .select((is) => is.fn.min('from_at').as('first'))
      .where('subject_kind', '=', 'device')
      .executeTakeFirst();
    return row?.first ?? null;
  }

  async at(at: number, filter: CountFilter = {}): Promise<OpenCount[]> {
    const day = Math.floor(at / dayMs);
    const checks = filter.subjects?.filter((subject) => subject !== 'device' && subject !== 'person');
    const kinds = filter.subjects?.filter((subject) => subject === 'device' || subject === 'person');
    const checkNames = checks ?? (await this.#checkNames());
    const today = (column: 'from_at' | 'to_at') =>
      sql`${sql.ref(column)} >= ${day * dayMs} and ${sql.ref(column)} <= ${at} and ${oneOf('org_id', filter.orgs)}`;
    const inVerdicts = oneOf('subject_kind', kinds ?? ['device', 'person']);
    const ofChecks = sql`check_name in (${listed(checkNames)}) and status in ('pass', 'fail', 'not-applicable', 'unknown')`;
    const { rows } = await sql<{ org_id: string; subject: string; state: string; count: number }>`
      select org_id, subject, state, sum(change) as count from (
        select org_id, subject, state, sum(change) as change from compliance_change
          where day < ${day} and ${oneOf('subject', filter.subjects)} and ${oneOf('org_id', filter.orgs)}
          group by subject, org_id, state
        union all select org_id, subject_kind, state, 1 from verdict where ${today('from_at')} and ${inVerdicts}
        union all select org_id, subject_kind, state, -1 from verdict where ${today('to_at')} and ${inVerdicts}
        union all select org_id, check_name, status, 1 from check_interval where ${ofChecks} and ${today('from_at')}
        union all select org_id, check_name, status, -1 from check_interval
          where ${today('to_at')} and ${oneOf('check_name', checks)}
      ) as moved group by 1, 2, 3 having sum(change) <> 0`.execute(this.#db);
    return rows.map((row) => ({
      orgId: row.org_id,
      subject: row.subject,
      state: row.state,
      count: Number(row.count),
    }));
  }

  /** Oldest first, up to this day and with it. */
  async changes(subjects: readonly string[], lastDay: number, orgs?: readonly string[]): Promise<DayChange[]> {
    const { rows } = await sql<DayChange>`
      select day, state, sum(change) as change from compliance_change
      where subject in (${listed(subjects)}) and day <= ${lastDay} and ${oneOf('org_id', orgs)}
      group by 1, 2 order by 1`.execute(this.#db);
    return rows.map(({ day, state, change }) => ({ day, state, change: Number(change) }));
  }

  /** Every unit of the roster, also those that are no longer in it. */
  async units(): Promise<{ id: string; name: string; parentId: string | null }[]> {
    const rows = await this.#db.selectFrom('org').select(['id', 'name', 'parent_id']).orderBy('name').execute();
    return rows.map(({ id, name, parent_id }) => ({ id, name, parentId: parent_id }));
  }

  /** Every check that was ever judged. */
  async #checkNames(): Promise<string[]> {
    const { rows } = await sql<{ name: string | null }>`
      with recursive known(name) as (
        select min(check_name) from check_interval
        union all
        select (select min(check_name) from check_interval where check_name > known.name) from known where known.name is not null
      ) select name from known where name is not null`.execute(this.#db);
    return rows.flatMap(({ name }) => name ?? []);
  }
}

/** True where the column holds one of the values; always true where there is no choice. */
export function oneOf(column: string, values: readonly string[] | undefined) {
  return values === undefined ? sql<boolean>`1 = 1` : sql<boolean>`${sql.ref(column)} in (${listed(values)})`;
}

/** `null` in place of nothing, so that a list without items is no error of syntax. */
export function listed(values: readonly string[]) {
  return values.length === 0 ? sql`null` : sql.join(values);
}
