import { type Kysely, sql } from 'kysely';
import type { VerdictState } from '../../../shared/compliance/verdict.ts';
import type { Database } from '../schema.ts';
import { type ComplianceCountsView, listed, oneOf } from './compliance-counts.ts';
import type { Span } from './compliance-histories.ts';

const dayMs = 86_400_000;

/** Sums over many people and devices, for measures of a unit or the district. */
export class ComplianceSumsView {
  readonly #db: Kysely<Database>;
  readonly #counts: ComplianceCountsView;

  constructor(db: Kysely<Database>, counts: ComplianceCountsView) {
    this.#db = db;
    this.#counts = counts;
  }

  /**
   * Ms that people spent in each state: as if nothing had changed since the beginning, and what each change made of it. Only
   * of the first and the last day are single changes read.
   */
  async timeInStates(span: Span, orgs?: readonly string[]): Promise<Partial<Record<VerdictState, number>>> {
    const { from, to } = span;
    const [first, last] = [Math.floor(from / dayMs), Math.floor(to / dayMs)];
    const inUnits = oneOf('org_id', orgs);
    const changesOf = (column: 'from_at' | 'to_at', sign: 1 | -1) => {
      const at = sql.ref(column);
      return partialDays(span).map(
        ([begin, end]) => sql`select state, ${sign} * sum(${to} - ${at}) from verdict
          where subject_kind = 'person' and ${at} >= ${begin} and ${at} < ${end} and ${inUnits} group by 1`,
      );
    };
    const { rows } = await sql<{ state: VerdictState; time: number }>`
      select state, sum(time) as time from (
        select state, sum(change * (${to} - day * ${dayMs}) - moment) as time from compliance_change
          where subject = 'person' and day > ${first} and day < ${last} and ${inUnits} group by 1
        union all ${sql.join([...changesOf('from_at', 1), ...changesOf('to_at', -1)], sql` union all `)}
      ) as moved group by 1`.execute(this.#db);
    const time = new Map(rows.map((row) => [row.state, Number(row.time)]));
    for (const { state, count } of await this.#counts.at(from, { subjects: ['person'], ...(orgs && { orgs }) }))
      time.set(state as VerdictState, (time.get(state as VerdictState) ?? 0) + count * (to - from));
    return Object.fromEntries(time);
  }

  /**
   * Failures of these checks that began in the span, each counted to the unit in which it ended or goes on. Those of devices
   * that went out of service with them are left out. `ms`: how long all that were fixed lasted.
   */
  async failures(
    checks: readonly string[],
    { from, to }: Span,
    orgs?: readonly string[],
  ): Promise<{ fixed: number; open: number; ms: number }> {
    const isFixed = sql`status = 'pass' and from_at < ${to}`;
    const { rows } = await sql<{ fixed: number | null; open: number | null; ms: number | null }>`
      select sum(${isFixed}) as fixed, sum(case when ${isFixed} then from_at - failure_from end) as ms,
        sum(status in ('fail', 'unknown') or from_at >= ${to}) as open
      from check_interval
      where check_name in (${listed(checks)}) and failure_from >= ${from} and failure_from < ${to}
        and (status in ('pass', 'not-applicable') or to_at is null) and ${oneOf('org_id', orgs)}`.execute(this.#db);
    const [row] = rows;
    return { fixed: Number(row?.fixed ?? 0), open: Number(row?.open ?? 0), ms: Number(row?.ms ?? 0) };
  }
}

/** What of a span, after its first instant, lies in the days in which it begins and ends. */
function partialDays({ from, to }: Span): [begin: number, end: number][] {
  const [first, last] = [Math.floor(from / dayMs), Math.floor(to / dayMs)];
  if (first === last) return [[from + 1, to]];
  return [
    [from + 1, (first + 1) * dayMs],
    [last * dayMs, to],
  ];
}
