import type { DateRange, SchoolCalendar } from './calendar.ts';
import { addDays } from './zone.ts';

/** The types of OneRoster 1.1 and 1.2 (AcademicSession). */
export const sessionTypes = ['term', 'semester', 'gradingPeriod', 'schoolYear'] as const;
export type SessionType = (typeof sessionTypes)[number];

/** An academic session of the roster. */
export interface AcademicSession {
  title: string;
  type: string;
  startDate: string;
  endDate: string;
  schoolYear: string;
}

const mostTerms = 20;

/**
 * The sessions of a type as terms, of the school years that have not ended. By the standard `endDate` is the day after
 * the last; many systems write the last day itself, which `endsOn` says. Sessions of the same days are one.
 */
export function termsOf(
  sessions: readonly AcademicSession[],
  type: SessionType,
  endsOn: 'day-after' | 'last-day',
  today: string,
): DateRange[] {
  const years = new Set(sessions.filter(({ endDate }) => endDate >= today).map(({ schoolYear }) => schoolYear));
  const terms = sessions
    .filter((session) => session.type === type && years.has(session.schoolYear))
    .map(({ title, startDate, endDate }) => ({
      title: title.trim().slice(0, 100) || type,
      from: startDate,
      to: endsOn === 'day-after' ? addDays(endDate, -1) : endDate,
    }))
    .filter(({ from, to }) => from <= to);
  const byDays = new Map(terms.map((term) => [`${term.from} ${term.to}`, term]));
  return [...byDays.values()].sort((a, b) => a.from.localeCompare(b.from));
}

/** The calendar with these terms; those it has stay where they share no day with them. */
export function withTerms(calendar: SchoolCalendar, proposed: readonly DateRange[]): SchoolCalendar {
  const kept = calendar.terms.filter((term) => proposed.every(({ from, to }) => term.to < from || to < term.from));
  const terms = [...kept, ...proposed].sort((a, b) => a.from.localeCompare(b.from));
  return { ...calendar, terms: terms.slice(-mostTerms) };
}
