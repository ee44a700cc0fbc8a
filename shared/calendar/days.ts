import { type BellSchedule, type SchoolCalendar, weekdays } from './calendar.ts';
import { addDays, dateAt, isInRange, weekdayOf } from './zone.ts';

/** One day of a calendar. */
export interface SchoolDay {
  date: string;
  isSchoolDay: boolean;
  /** The bell times of a school day. */
  bells?: BellSchedule;
  /** What the day is called: an exception's or holiday's title, the bell schedule's name, or why there is no school. */
  title: string;
  /** The holiday it lies in; an exception may make it a school day all the same. */
  holiday?: string;
  /** The freeze it lies in, school day or not. */
  freeze?: string;
}

/** The day it is at an instant in the calendar's zone. Throws `RangeError` for a zone this system does not know. */
export function dayOf(calendar: SchoolCalendar, instant: number): SchoolDay {
  return dayOn(calendar, dateAt(instant, calendar.zone));
}

/** The day of a date, `2026-11-22`. */
export function dayOn(calendar: SchoolCalendar, date: string): SchoolDay {
  const holiday = calendar.holidays.find((range) => isInRange(date, range))?.title;
  const freeze = calendar.freezes.find((range) => isInRange(date, range))?.title;
  const { title, bellName } = plannedOn(calendar, date, holiday);
  const bells = calendar.bells.find(({ name }) => name === bellName);
  return {
    date,
    isSchoolDay: bells !== undefined,
    ...(bells && { bells }),
    title,
    ...(holiday !== undefined && { holiday }),
    ...(freeze !== undefined && { freeze }),
  };
}

/** How many school days there are from one date up to another, which is not counted. */
export function schoolDaysBetween(calendar: SchoolCalendar, fromDate: string, toDate: string): number {
  let count = 0;
  for (let date = fromDate; date < toDate; date = addDays(date, 1)) if (dayOn(calendar, date).isSchoolDay) count += 1;
  return count;
}

/** The last date the calendar speaks of; after it every week is like the others. Undefined: it names no dates. */
export function lastDateOf({ terms, holidays, exceptions, freezes }: SchoolCalendar): string | undefined {
  const ends = [...terms, ...holidays, ...freezes].map(({ to }) => to);
  return [...ends, ...exceptions.map(({ date }) => date)].sort().at(-1);
}

interface Planned {
  title: string;
  bellName: string | null;
}

function plannedOn(calendar: SchoolCalendar, date: string, holiday: string | undefined): Planned {
  const exception = calendar.exceptions.find((day) => day.date === date);
  if (exception) return { title: exception.title, bellName: exception.bells };
  if (holiday !== undefined) return { title: holiday, bellName: null };
  const { terms, week } = calendar;
  if (terms.length > 0 && !terms.some((term) => isInRange(date, term))) {
    return { title: 'Outside the terms', bellName: null };
  }
  const bellName = week[weekdays[weekdayOf(date)] ?? 'sunday'];
  return { title: bellName ?? 'No school on this weekday', bellName };
}
