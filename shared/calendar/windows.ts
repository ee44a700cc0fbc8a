import { type Period, type SchoolCalendar, type Window, type WindowState, weekdays } from './calendar.ts';
import { dayOn, lastDateOf, type SchoolDay } from './days.ts';
import { addDays, dateAt, isKnownZone, type Span, spanOf, startOfDay, weekdayOf } from './zone.ts';

export { dayOf, dayOn, type SchoolDay, schoolDaysBetween } from './days.ts';

/** A lesson or break under way. */
export interface PeriodNow extends Span {
  name: string;
}

/** Further than this nothing is looked ahead: an answer is then certain until there, and asked for again. */
const horizonDays = 400;
/** After the last date a calendar speaks of, two weeks show all that can ever come: one may begin on the last day of the other. */
const weeksThatShowAll = 14;
const forGood = Number.POSITIVE_INFINITY;

/**
 * Whether a window holds at an instant, and until when that is certain: walking from `until` to `until` meets every change.
 * Pure. Times are those of the calendar's zone (see `spanOf` for the days on which clocks change). Without a calendar, or
 * with a zone this system does not know, only `always` holds.
 */
export function windowState(window: Window, calendar: SchoolCalendar | undefined, now: number): WindowState {
  if (window.kind === 'always') return { holds: true, until: forGood };
  if (!calendar || !isKnownZone(calendar.zone)) return { holds: false, until: forGood };
  if (window.kind === 'outside-school-hours') return opposite(windowState({ kind: 'school-hours' }, calendar, now));
  if (window.kind === 'days-off') return opposite(windowState({ kind: 'school-days' }, calendar, now));
  if (window.kind === 'school-days') return daysState(calendar, now, ({ isSchoolDay }) => isSchoolDay);
  if (window.kind === 'freeze') return daysState(calendar, now, ({ freeze }) => freeze !== undefined);
  return spansState(calendar, now, (date) => spansOn(window, calendar, date));
}

/** Whether school is on: from the first bell of a school day to the last. */
export function schoolHoursAt(calendar: SchoolCalendar | undefined, now: number): WindowState {
  return windowState({ kind: 'school-hours' }, calendar, now);
}

/** The lesson or break on at an instant, with its ends; undefined between them and outside school hours. */
export function periodAt(calendar: SchoolCalendar, now: number): PeriodNow | undefined {
  if (!isKnownZone(calendar.zone)) return undefined;
  const date = dateAt(now, calendar.zone);
  return periodsOn(calendar, date)
    .map(({ name, from, to }) => ({ name, ...spanOf(date, from, to, calendar.zone) }))
    .find((span) => contains(span, now));
}

/** The first instant at which the state of one of these windows may change; `Infinity`: never. */
export function nextChange(windows: readonly Window[], calendar: SchoolCalendar | undefined, now: number): number {
  return Math.min(forGood, ...windows.map((window) => windowState(window, calendar, now).until));
}

type SpanWindow = Extract<Window, { kind: 'school-hours' | 'periods' | 'times' }>;

/** The spans of a window that begin on a date. */
function spansOn(window: SpanWindow, calendar: SchoolCalendar, date: string): Span[] {
  const { zone } = calendar;
  if (window.kind === 'times') {
    const weekday = weekdays[weekdayOf(date)] ?? 'sunday';
    const begins = window.days.includes(weekday) && (!window.schoolDaysOnly || dayOn(calendar, date).isSchoolDay);
    return begins ? [spanOf(date, window.from, window.to, zone)] : [];
  }
  const periods = periodsOn(calendar, date);
  if (window.kind === 'periods') {
    const wanted = new Set(window.periods.map(comparable));
    return periods
      .filter(({ name }) => wanted.has(comparable(name)))
      .map(({ from, to }) => spanOf(date, from, to, zone));
  }
  const from = periods.map((period) => period.from).sort()[0];
  const to = periods
    .map((period) => period.to)
    .sort()
    .at(-1);
  return from !== undefined && to !== undefined ? [spanOf(date, from, to, zone)] : [];
}

/** Those of the day's bells that end after they begin; others are a fault that `calendarProblems` names. */
function periodsOn(calendar: SchoolCalendar, date: string): Period[] {
  return (dayOn(calendar, date).bells?.periods ?? []).filter(({ from, to }) => from < to);
}

/** A person who writes "lunch" means the period "Lunch". */
function comparable(name: string): string {
  return name.trim().toLowerCase();
}

/** A span may begin on the day before, and the next one where it ends. */
function spansState(calendar: SchoolCalendar, now: number, spansOn: (date: string) => Span[]): WindowState {
  const { zone } = calendar;
  const today = dateAt(now, zone);
  const limit = lookAhead(calendar, today);
  let end: number | undefined;
  for (let date = addDays(today, -1); date <= limit.date; date = addDays(date, 1)) {
    if (end !== undefined && end < startOfDay(date, zone)) return { holds: true, until: end };
    for (const span of spansOn(date).sort((a, b) => a.from - b.from)) {
      if (span.to <= span.from || span.to <= (end ?? now)) continue;
      if (span.from > (end ?? now)) return { holds: end !== undefined, until: end ?? span.from };
      end = span.to;
    }
  }
  return { holds: end !== undefined, until: limit.isForGood ? forGood : startOfDay(limit.date, zone) };
}

/** For windows made of whole days: from the midnight that begins the first to the one that ends the last. */
function daysState(calendar: SchoolCalendar, now: number, isOne: (day: SchoolDay) => boolean): WindowState {
  const today = dateAt(now, calendar.zone);
  const holds = isOne(dayOn(calendar, today));
  const limit = lookAhead(calendar, today);
  for (let date = addDays(today, 1); date <= limit.date; date = addDays(date, 1)) {
    if (isOne(dayOn(calendar, date)) !== holds) return { holds, until: startOfDay(date, calendar.zone) };
  }
  return { holds, until: limit.isForGood ? forGood : startOfDay(limit.date, calendar.zone) };
}

function lookAhead(calendar: SchoolCalendar, today: string): { date: string; isForGood: boolean } {
  const last = lastDateOf(calendar);
  const known = addDays(last !== undefined && last > today ? last : today, weeksThatShowAll);
  const horizon = addDays(today, horizonDays);
  return known <= horizon ? { date: known, isForGood: true } : { date: horizon, isForGood: false };
}

function contains({ from, to }: Span, instant: number): boolean {
  return from <= instant && instant < to;
}

function opposite({ holds, until }: WindowState): WindowState {
  return { holds: !holds, until };
}
