import { type Kysely, sql } from 'kysely';
import type { VerdictState } from '../../../shared/compliance/verdict.ts';
import type { Database } from '../schema.ts';
import { type ComplianceCountsView, listed, oneOf } from './compliance-counts.ts';
import type { Span } from './compliance-histories.ts';

const hourMs = 3_600_000;

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
   * Failures of these checks that began in the span. One goes on while nothing is known and when the device changes hands;
   * `hours` is the sum over those that ended with a pass.
   */
  async fixes(
    checks: readonly string[],
    { from, to }: Span,
    orgs?: readonly string[],
  ): Promise<{ fixed: number; open: number; hours: number }> {
    const { rows } = await sql<{ fixed: number | null; open: number | null; lasted: number | null }>`
      select sum(ended.from_at < ${to} and ended.status = 'pass') as fixed,
        sum(ended.from_at is null or ended.from_at >= ${to}) as open,
        sum(case when ended.from_at < ${to} and ended.status = 'pass' then ended.from_at - failure.from_at end) as lasted
      from (
        select one.from_at, (
          select next.id from check_interval as next
          where next.device_id = one.device_id and next.check_name = one.check_name and next.from_at > one.from_at
            and next.status in ('pass', 'not-applicable') order by next.from_at limit 1) as ended_id
        from check_interval as one
        where one.check_name in (${listed(checks)}) and one.status = 'fail'
          and one.from_at >= ${from} and one.from_at < ${to} and ${oneOf('one.org_id', orgs)}
          and coalesce((
            select last.status from check_interval as last
            where last.device_id = one.device_id and last.check_name = one.check_name and last.from_at < one.from_at
              and last.status <> 'unknown' order by last.from_at desc limit 1), 'pass') <> 'fail'
      ) as failure
      left join check_interval as ended on ended.id = failure.ended_id`.execute(this.#db);
    const [row] = rows;
    return { fixed: Number(row?.fixed ?? 0), open: Number(row?.open ?? 0), hours: Number(row?.lasted ?? 0) / hourMs };
  }
}
