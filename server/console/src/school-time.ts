import type { CalendarView } from '../../../shared/api/schemas.ts';
import type { SchoolCalendar } from '../../../shared/calendar/calendar.ts';
import { schoolHoursAt } from '../../../shared/calendar/windows.ts';

const hourMs = 3_600_000;
/** A year of school has fewer than half as many beginnings and ends of a day. */
const mostSteps = 1000;

/** The instant at which so many school hours have passed since another (epoch ms); undefined when the calendar knows of no such. */
export function afterSchoolHours(calendar: SchoolCalendar | undefined, from: number, hours: number) {
  let left = hours * hourMs;
  let at = from;
  for (let step = 0; step < mostSteps; step++) {
    if (left <= 0) return at;
    const { holds, until } = schoolHoursAt(calendar, at);
    if (holds && until - at >= left) return at + left;
    if (!Number.isFinite(until) || until <= at) return undefined;
    if (holds) left -= until - at;
    at = until;
  }
  return undefined;
}

/** The district's own calendar, by which school hours are counted. */
export const districtCalendar = (calendars: readonly CalendarView[]) =>
  calendars.find(({ orgId }) => orgId === null)?.calendar;
