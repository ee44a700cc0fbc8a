import type { SchoolCalendar } from '../calendar/calendar.ts';
import { dayOn, lastDateOf } from '../calendar/days.ts';
import { addDays, dateAt, isKnownZone, spanOf, startOfDay, weekdayOf } from '../calendar/zone.ts';

/** After the last date a calendar speaks of every week is like the others: one without school is followed by no other. */
const daysThatShowAll = 7;
const saturday = 5;

/**
 * When the grace of a failure is over (epoch ms): with the last bell of the n-th school day after the day on which it
 * began. A break therefore never uses it up. Zero days: at once. `Infinity`: the calendar names too few school days to
 * tell, so that nobody is late before it is prolonged. Without a calendar, or with a zone this system does not know,
 * weekdays count, each to its end in UTC.
 */
export function graceDeadline(calendar: SchoolCalendar | undefined, failingSince: number, days: number): number {
  if (days <= 0) return failingSince;
  if (!countsSchoolDays(calendar)) return afterWeekdays(failingSince, days);
  const known = ends.get(calendar) ?? new Map<string, number>();
  ends.set(calendar, known);
  const first = nextDate(failingSince, calendar.zone);
  const key = `${first} ${days}`;
  const end = known.get(key) ?? endOf(calendar, first, days);
  known.set(key, end);
  return end;
}

/** The same for everybody whose failure began on one day: a district with thousands of devices walks each calendar once. */
const ends = new WeakMap<SchoolCalendar, Map<string, number>>();

function endOf(calendar: SchoolCalendar, first: string, days: number): number {
  const last = lastDateOf(calendar) ?? '';
  let left = days;
  let without = 0;
  for (let date = first; without < daysThatShowAll; date = addDays(date, 1)) {
    if (dayOn(calendar, date).isSchoolDay) {
      left -= 1;
      without = 0;
    } else if (date > last) without += 1;
    if (left === 0) return endOfSchool(calendar, date);
  }
  return Number.POSITIVE_INFINITY;
}

/** Whether grace under this calendar counts school days; else it counts weekdays, which people must be told. */
export function countsSchoolDays(calendar: SchoolCalendar | undefined): calendar is SchoolCalendar {
  return calendar !== undefined && isKnownZone(calendar.zone);
}

function afterWeekdays(failingSince: number, days: number): number {
  let date = dateAt(failingSince, 'UTC');
  for (let left = days; left > 0; ) {
    date = addDays(date, 1);
    if (weekdayOf(date) < saturday) left -= 1;
  }
  return startOfDay(addDays(date, 1), 'UTC');
}

/** The last bell; the end of the day where its bells are at fault. */
function endOfSchool(calendar: SchoolCalendar, date: string): number {
  const periods = (dayOn(calendar, date).bells?.periods ?? []).filter(({ from, to }) => from < to);
  const last = periods.toSorted((a, b) => (a.to < b.to ? -1 : 1)).at(-1);
  return spanOf(date, last?.from ?? '00:00', last?.to ?? '24:00', calendar.zone).to;
}

function nextDate(instant: number, zone: string): string {
  return addDays(dateAt(instant, zone), 1);
}
