import type { Kysely } from 'kysely';
import { type Fixes, fixesIn, sumOfFixes, type TimeInStates, timeInStates } from '../../server/compliance/measures.ts';
import type { Database } from '../../server/store/schema.ts';
import type { Span, StoredCheck } from '../../server/store/views/compliance-histories.ts';
import type { FindingStatus, VerdictState } from '../../shared/compliance/verdict.ts';

/** Time in states by a look at every verdict of every person, of one unit or of all. */
export async function timeByEveryVerdict(db: Kysely<Database>, span: Span, org?: string): Promise<TimeInStates> {
  const rows = await db.selectFrom('verdict').selectAll().where('subject_kind', '=', 'person').execute();
  const own = rows.filter(({ org_id }) => org === undefined || org_id === org);
  return timeInStates(
    own.map((row) => ({
      ...{ state: row.state as VerdictState, from: row.from_at, to: row.to_at },
      ...{ reasons: [], until: null },
    })),
    span,
  );
}

/** Failures by a walk along the intervals of each check of each device; without those that ended because a device left service. */
export async function fixesByEveryInterval(
  db: Kysely<Database>,
  span: Span,
  checks: readonly string[],
): Promise<Fixes> {
  const rows = await db.selectFrom('check_interval').selectAll().where('check_name', 'in', checks).execute();
  const devices = Map.groupBy(rows, ({ device_id }) => device_id);
  const intervals = [...devices.values()].map((own) =>
    own.map((row) => ({
      ...{ check: row.check_name, status: row.status as FindingStatus, seen: row.seen },
      ...{ from: row.from_at, to: row.to_at },
    })),
  );
  return sumOfFixes(intervals.map((own) => fixesIn(inService(own), span)));
}

function inService(intervals: readonly StoredCheck[]): StoredCheck[] {
  const kept: StoredCheck[] = [];
  const follower = new Map<string, StoredCheck>();
  for (const one of intervals.toSorted((a, b) => b.from - a.from)) {
    const next = follower.get(one.check);
    const isFollowed = one.to === null || one.to === next?.from;
    const isLost = (one.status === 'fail' || one.status === 'unknown') && !isFollowed;
    if (isLost) continue;
    follower.set(one.check, one);
    kept.push(one);
  }
  return kept;
}
