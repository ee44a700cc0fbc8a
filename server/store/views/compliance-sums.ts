import { type Kysely, sql } from 'kysely';
import type { FindingStatus, VerdictState } from '../../../shared/compliance/verdict.ts';
import { inChunks } from '../chunks.ts';
import type { Database } from '../schema.ts';
import { type ComplianceCountsView, listed, oneOf } from './compliance-counts.ts';
import type { Span, StoredCheck } from './compliance-histories.ts';

/** Sums over many people and devices, for measures of a unit or the district. */
export class ComplianceSumsView {
  readonly #db: Kysely<Database>;
  readonly #counts: ComplianceCountsView;

  constructor(db: Kysely<Database>, counts: ComplianceCountsView) {
    this.#db = db;
    this.#counts = counts;
  }

  /** Ms that people spent in each state: as if nothing had changed since the beginning, and what each change made of it. */
  async timeInStates({ from, to }: Span, orgs?: readonly string[]): Promise<Partial<Record<VerdictState, number>>> {
    const ofOrgs = oneOf('org_id', orgs);
    const { rows } = await sql<{ state: VerdictState; time: number }>`
      select state, sum(time) as time from (
        select state, sum(${to} - from_at) as time from verdict
          where subject_kind = 'person' and from_at > ${from} and from_at < ${to} and ${ofOrgs} group by 1
        union all
        select state, -sum(${to} - to_at) from verdict
          where subject_kind = 'person' and to_at > ${from} and to_at < ${to} and ${ofOrgs} group by 1
      ) as moved group by 1`.execute(this.#db);
    const time = new Map(rows.map((row) => [row.state, Number(row.time)]));
    for (const { state, count } of await this.#counts.at(from, { subjects: ['person'], ...(orgs && { orgs }) }))
      time.set(state as VerdictState, (time.get(state as VerdictState) ?? 0) + count * (to - from));
    return Object.fromEntries(time);
  }

  /**
   * Failing intervals of these checks that began in the span, from one index alone (`+` keeps SQLite to it): those a pass follows at once, and those
   * still open. `unclear` are the others that ended, by id: what follows them is for who asks to look at.
   */
  async failures(
    checks: readonly string[],
    { from, to }: Span,
    orgs?: readonly string[],
  ): Promise<{ fixed: number; open: number; lasted: number; unclear: number[] }> {
    const { rows } = await sql<{ fixed: number | null; open: number | null; lasted: number | null; unclear: string }>`
      with counted as materialized (
        select failure.id, failure.from_at, failure.to_at, (failure.to_at is null or failure.to_at >= ${to}) as is_open,
          failure.to_at < ${to} and exists (
            select 1 from check_interval as next
            where next.check_name = failure.check_name and next.status = 'pass' and next.from_at = failure.to_at
              and +next.device_id = failure.device_id) as passed
        from check_interval as failure
        where failure.check_name in (${listed(checks)}) and failure.status = 'fail'
          and failure.from_at >= ${from} and failure.from_at < ${to} and ${oneOf('failure.org_id', orgs)}
      )
      select sum(passed) as fixed, sum(is_open) as open, sum(case when passed then to_at - from_at end) as lasted,
        json_group_array(id) filter (where not passed and not is_open) as unclear
      from counted`.execute(this.#db);
    const [row] = rows;
    const unclear = (JSON.parse(row?.unclear ?? '[]') as (number | null)[]).flatMap((id) => id ?? []);
    return {
      fixed: Number(row?.fixed ?? 0),
      open: Number(row?.open ?? 0),
      lasted: Number(row?.lasted ?? 0),
      unclear,
    };
  }

  /** All intervals of the same check on the same device as these, oldest first, each list one check of one device. */
  async around(ids: readonly number[]): Promise<StoredCheck[][]> {
    const rows = await inChunks(ids, (chunk) =>
      this.#db
        .selectFrom('check_interval as one')
        .innerJoin('check_interval as all', (join) =>
          join.onRef('all.device_id', '=', 'one.device_id').onRef('all.check_name', '=', 'one.check_name'),
        )
        .select(['all.id', 'all.device_id', 'all.check_name', 'all.status', 'all.from_at', 'all.to_at'])
        .where('one.id', 'in', chunk)
        .distinct()
        .execute(),
    );
    const once = new Map(rows.map((row) => [row.id, row]));
    const lists = Map.groupBy(once.values(), (row) => `${row.device_id} ${row.check_name}`);
    return [...lists.values()].map((list) =>
      list
        .toSorted((a, b) => a.from_at - b.from_at)
        .map((row) => ({
          ...{ check: row.check_name, status: row.status as FindingStatus, seen: '' },
          ...{ from: row.from_at, to: row.to_at },
        })),
    );
  }
}
