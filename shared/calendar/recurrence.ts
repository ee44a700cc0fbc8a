/*
 * Repeating days (RFC 5545 3.3.10), as far as holidays need them: every so many years or weeks. Days are numbers since
 * 1970-01-01, so that a long repetition costs nothing but additions.
 */

export interface Recurrence {
  freq: 'YEARLY' | 'WEEKLY';
  interval: number;
  count?: number;
  /** The last date it may fall on. */
  until?: string;
  /** `nth` 0: every one; -1: the last of the month. `weekday` 0: Monday. */
  byDay: readonly { nth: number; weekday: number }[];
  byMonth: readonly number[];
  /** Negative ones count from the end of the month. */
  byMonthDay: readonly number[];
  /** On which weekday a week begins; it matters where `interval` is above 1. */
  weekStart: number;
}

const dayNames = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const known = new Set(['FREQ', 'INTERVAL', 'COUNT', 'UNTIL', 'BYDAY', 'BYMONTH', 'BYMONTHDAY', 'WKST']);
const dayMs = 86_400_000;

export const dayNumber = (date: string) => Math.round(Date.parse(`${date}T00:00:00Z`) / dayMs);
export const dateOfDay = (day: number) => new Date(day * dayMs).toISOString().slice(0, 10);
/** 0: Monday; 1970-01-01 was a Thursday. */
const weekdayOfDay = (day: number) => (((day + 3) % 7) + 7) % 7;

/** A rule, or in words what of it cannot be read. `untilDate` reads a date or a time as a local date. */
export function readRecurrence(
  value: string,
  untilDate: (value: string) => string | undefined,
): Recurrence | { cannot: string } {
  const parts = new Map(value.split(';').map((part) => part.toUpperCase().split('=', 2) as [string, string]));
  const strange = [...parts.keys()].find((name) => !known.has(name));
  if (strange !== undefined) return { cannot: `${strange.slice(0, 20)} is not read` };
  const freq = parts.get('FREQ');
  if (freq !== 'YEARLY' && freq !== 'WEEKLY') return { cannot: 'only what repeats by years or weeks is read' };
  const until = parts.has('UNTIL') ? untilDate(parts.get('UNTIL') ?? '') : undefined;
  const rule = {
    freq,
    interval: whole(parts.get('INTERVAL') ?? '1', 1, 100),
    count: parts.has('COUNT') ? whole(parts.get('COUNT'), 1, 1_000_000) : undefined,
    byDay: listOf(parts.get('BYDAY'), (one) => weekdayPart(one, freq)),
    byMonth: listOf(parts.get('BYMONTH'), (one) => whole(one, 1, 12)),
    byMonthDay: listOf(parts.get('BYMONTHDAY'), (one) => monthDay(one)),
    weekStart: dayNames.indexOf(parts.get('WKST') ?? 'MO'),
  } as const;
  const { interval, count, byDay, byMonth, byMonthDay, weekStart } = rule;
  const isBroken = interval === undefined || weekStart === -1 || !byDay || !byMonth || !byMonthDay;
  if (isBroken || (parts.has('COUNT') && count === undefined) || (parts.has('UNTIL') && until === undefined))
    return { cannot: 'one of its parts has no meaning' };
  if (freq === 'WEEKLY' && byMonthDay.length > 0) return { cannot: 'days of the month in a weekly rule are not read' };
  if (freq === 'YEARLY' && byDay.length > 0 && byMonth.length === 0)
    return { cannot: 'weekdays without a month in a yearly rule are not read' };
  const ends = { ...(count !== undefined && { count }), ...(until !== undefined && { until }) };
  return { freq, interval, byDay, byMonth, byMonthDay, weekStart, ...ends };
}

/** Takes one step, and throws when the file's share is used up. */
export type Budget = (steps: number) => void;

/** The days of a repetition that begins on `start` and lie between `from` and `to`, both included, in their order. */
export function occurrences(rule: Recurrence, start: number, from: number, to: number, spend: Budget): number[] {
  const last = Math.min(to, rule.until === undefined ? to : dayNumber(rule.until));
  // What is counted must be counted from the beginning.
  const since = rule.count === undefined ? Math.max(start, from) : start;
  const found: number[] = [];
  let counted = 0;
  for (const day of rule.freq === 'WEEKLY' ? weekly(rule, start, since, spend) : yearly(rule, start, since, spend)) {
    if (day > last || counted === rule.count) break;
    if (day < start) continue;
    counted += 1;
    if (day >= from) found.push(day);
  }
  return found;
}

function* weekly(rule: Recurrence, start: number, since: number, spend: Budget): Generator<number> {
  const stride = 7 * rule.interval;
  const first = start - ((weekdayOfDay(start) - rule.weekStart + 7) % 7);
  const weekdays = rule.byDay.length > 0 ? rule.byDay.map(({ weekday }) => weekday) : [weekdayOfDay(start)];
  const offsets = [...new Set(weekdays.map((weekday) => (weekday - rule.weekStart + 7) % 7))].sort((a, b) => a - b);
  for (let week = first + Math.max(0, Math.floor((since - first) / stride)) * stride; ; week += stride) {
    spend(offsets.length);
    for (const offset of offsets) {
      const day = week + offset;
      if (rule.byMonth.length === 0 || rule.byMonth.includes(monthOf(day))) yield day;
    }
    if (week > lastDay) return;
  }
}

function* yearly(rule: Recurrence, start: number, since: number, spend: Budget): Generator<number> {
  const [startYear = 0, startMonth = 1, startDate = 1] = dateOfDay(start).split('-').map(Number);
  const sinceYear = Number(dateOfDay(since).slice(0, 4));
  const skipped = Math.max(0, Math.floor((sinceYear - startYear) / rule.interval));
  const months = monthsOf(rule, startMonth);
  const isOne = (date: number, length: number, weekday: number) =>
    rule.byDay.length === 0 && rule.byMonthDay.length === 0
      ? date === startDate
      : isMonthDay(rule, date, length) && isWeekday(rule, date, length, weekday);
  for (let year = startYear + skipped * rule.interval; year <= lastYear; year += rule.interval) {
    for (const month of months) {
      const first = Math.round(Date.UTC(year, month - 1, 1) / dayMs);
      const length = Math.round(Date.UTC(year, month, 1) / dayMs) - first;
      spend(length);
      for (let date = 1; date <= length; date += 1)
        if (isOne(date, length, weekdayOfDay(first + date - 1))) yield first + date - 1;
    }
  }
}

const lastYear = 2200;
const lastDay = Math.round(Date.UTC(lastYear, 0, 1) / dayMs);
const monthOf = (day: number) => Number(dateOfDay(day).slice(5, 7));

function monthsOf({ byMonth, byMonthDay }: Recurrence, startMonth: number): number[] {
  if (byMonth.length > 0) return [...new Set(byMonth)].sort((a, b) => a - b);
  return byMonthDay.length > 0 ? [...Array(12).keys()].map((month) => month + 1) : [startMonth];
}

function isMonthDay({ byMonthDay }: Recurrence, date: number, length: number): boolean {
  return byMonthDay.length === 0 || byMonthDay.some((one) => (one > 0 ? one : length + 1 + one) === date);
}

function isWeekday({ byDay }: Recurrence, date: number, length: number, weekday: number): boolean {
  const fromStart = Math.ceil(date / 7);
  const fromEnd = -Math.ceil((length - date + 1) / 7);
  return (
    byDay.length === 0 ||
    byDay.some((one) => one.weekday === weekday && (one.nth === 0 || one.nth === fromStart || one.nth === fromEnd))
  );
}

function whole(text: string | undefined, least: number, most: number): number | undefined {
  const value = /^\d{1,7}$/.test(text ?? '') ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : undefined;
}

function monthDay(text: string): number | undefined {
  const days = whole(text.replace(/^[+-]/, ''), 1, 31);
  return days !== undefined && text.startsWith('-') ? -days : days;
}

function weekdayPart(text: string, freq: string): { nth: number; weekday: number } | undefined {
  const [, sign = '', digits = '', name = ''] = /^([+-]?)(\d?)(MO|TU|WE|TH|FR|SA|SU)$/.exec(text) ?? [];
  const nth = Number(`${sign}${digits || 0}`);
  const isKnown = name !== '' && Math.abs(nth) <= 5 && (nth === 0 || freq === 'YEARLY');
  return isKnown ? { nth, weekday: dayNames.indexOf(name) } : undefined;
}

/** Undefined when one of them has no meaning. */
function listOf<T>(text: string | undefined, read: (one: string) => T | undefined): T[] | undefined {
  const all = text === undefined ? [] : text.split(',').slice(0, 400).map(read);
  return all.includes(undefined) ? undefined : (all as T[]);
}
