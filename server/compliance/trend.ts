import type { ComplianceTrend } from '../../shared/api/schemas.ts';
import { findingStatuses, verdictStates } from '../../shared/compliance/verdict.ts';
import type { DayChange } from '../store/views/compliance-counts.ts';

const dayMs = 86_400_000;

/** The counts at the end of each UTC day of a span, from all that changed up to its last day. */
export function trendOf(
  changes: readonly DayChange[],
  span: { from: number; to: number },
  isVerdict: boolean,
): ComplianceTrend['days'] {
  const [first, last] = [Math.floor(span.from / dayMs), Math.floor(span.to / dayMs)];
  const counts: Record<string, number> = Object.fromEntries(
    (isVerdict ? verdictStates : findingStatuses).map((state) => [state, 0]),
  );
  const days: ComplianceTrend['days'] = [];
  let next = 0;
  for (let day = first; day <= last; day++) {
    for (let one = changes[next]; one !== undefined && one.day <= day; one = changes[++next])
      counts[one.state] = (counts[one.state] ?? 0) + one.change;
    days.push({ day: dateOf(day), counts: { ...counts } });
  }
  return days;
}

function dateOf(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}
