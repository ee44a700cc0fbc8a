import type { SchoolCalendar } from '../../../../../shared/calendar/calendar.ts';
import { dayInWords } from '../../../../../shared/calendar/changes.ts';
import { dayOn } from '../../../../../shared/calendar/days.ts';
import { addDays, weekdayOf } from '../../../../../shared/calendar/zone.ts';

/** What a day looks like in the year; each has a sign of its own besides its colour. */
export const dayKinds = ['school', 'bells', 'holiday', 'closed', 'off'] as const;
export type DayKind = (typeof dayKinds)[number];

export interface YearDay {
  date: string;
  kind: DayKind;
  freeze: boolean;
  words: string;
}

export interface YearMonth {
  /** `November 2026` */
  title: string;
  /** How many places are empty before the first; weeks begin on Monday. */
  before: number;
  days: YearDay[];
}

const months = 12;
const august = '08';

/** The first month of the school year a date lies in, `2026-08`: it begins in the month of the earliest term. */
export function firstMonthOf({ terms }: SchoolCalendar, date: string): string {
  const earliest = terms
    .map(({ from }) => from)
    .filter((from) => from !== '')
    .sort()[0];
  const month = earliest?.slice(5, 7) ?? august;
  const year = Number(date.slice(0, 4)) - (date.slice(5, 7) >= month ? 0 : 1);
  return `${year}-${month}`;
}

/** The month some months later, or earlier. */
export function monthAfter(month: string, by: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number - 1 + by, 1)).toISOString().slice(0, 7);
}

/** The twelve months from one on. */
export function yearFrom(calendar: SchoolCalendar, firstMonth: string): YearMonth[] {
  return Array.from({ length: months }, (_, index) => monthOf(calendar, monthAfter(firstMonth, index)));
}

function monthOf(calendar: SchoolCalendar, month: string): YearMonth {
  const first = `${month}-01`;
  const days: YearDay[] = [];
  for (let date = first; date.startsWith(month); date = addDays(date, 1)) days.push(yearDay(calendar, date));
  const title = new Date(`${first}T00:00:00Z`).toLocaleDateString('en', {
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
  return { title, before: weekdayOf(first), days };
}

function yearDay(calendar: SchoolCalendar, date: string): YearDay {
  const day = dayOn(calendar, date);
  const isException = calendar.exceptions.some((one) => one.date === date);
  const off = isException ? 'closed' : day.holiday === undefined ? 'off' : 'holiday';
  const kind = day.isSchoolDay ? (isException ? 'bells' : 'school') : off;
  return { date, kind, freeze: day.freeze !== undefined, words: `${longDate(date)}. ${dayInWords(day)}` };
}

function longDate(date: string): string {
  const words = { weekday: 'long', month: 'long', day: 'numeric', year: 'numeric', timeZone: 'UTC' } as const;
  return new Date(`${date}T00:00:00Z`).toLocaleDateString('en', words);
}

/** Where a key leads from a day; undefined for keys that lead nowhere. */
export function dayByKey(date: string, key: string): string | undefined {
  const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
  const step = steps[key];
  if (step !== undefined) return addDays(date, step);
  const first = `${date.slice(0, 7)}-01`;
  if (key === 'Home') return first;
  if (key === 'End') return addDays(`${monthAfter(date.slice(0, 7), 1)}-01`, -1);
  if (key === 'PageUp') return `${monthAfter(date.slice(0, 7), -1)}-01`;
  return key === 'PageDown' ? `${monthAfter(date.slice(0, 7), 1)}-01` : undefined;
}
