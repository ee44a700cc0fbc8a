import type { SchoolCalendar } from './calendar.ts';
import { schoolHoursAt } from './windows.ts';

const hour = 3_600_000;
/** Beyond this many bells it is long enough for whoever asks. */
const mostSpans = 4_000;

/** School hours between two instants (epoch ms), in hours. Without a calendar every hour counts. */
export function schoolHoursBetween(calendar: SchoolCalendar | undefined, from: number, to: number): number {
  if (to <= from) return 0;
  if (!calendar) return (to - from) / hour;
  let passed = 0;
  let at = from;
  for (let span = 0; at < to && span < mostSpans; span++) {
    const { holds, until } = schoolHoursAt(calendar, at);
    const end = Math.min(until, to);
    if (holds) passed += end - at;
    at = end;
  }
  return passed / hour;
}

/** The instant at which so many school hours have passed; `undefined` when the calendar does not tell within a year. */
export function afterSchoolHours(
  calendar: SchoolCalendar | undefined,
  from: number,
  hours: number,
): number | undefined {
  if (!calendar) return from + hours * hour;
  let left = hours * hour;
  let at = from;
  for (let span = 0; at < from + 366 * 24 * hour && span < mostSpans; span++) {
    const { holds, until } = schoolHoursAt(calendar, at);
    if (holds && until - at >= left) return at + left;
    if (!holds && left <= 0) return at;
    if (holds) left -= until - at;
    at = until;
  }
  return undefined;
}
