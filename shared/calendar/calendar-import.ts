import type { DateRange, SchoolCalendar } from './calendar.ts';
import type { IcalendarDays, IcalendarProblem } from './icalendar.ts';
import { dateOfDay, dayNumber } from './recurrence.ts';

/** What of an event's title or category makes it what; the first kind that fits decides, in this order. */
export const importKinds = ['freezes', 'early', 'closures', 'holidays'] as const;
export type ImportKind = (typeof importKinds)[number];

/** How a person wants a file read. */
export interface ImportMapping {
  /** Words of which a title or category contains one, whole or with an s, whatever their case. */
  words: Readonly<Record<ImportKind, readonly string[]>>;
  /** The bell schedule of early releases; without one they are problems. */
  earlyBells: string | undefined;
  /** Events that no words fit. */
  others: 'leave' | 'holidays';
  /** `replace`: kinds of which the file has any begin empty. */
  mode: 'add' | 'replace';
}

export interface Imported {
  calendar: SchoolCalendar;
  problems: IcalendarProblem[];
  /** How many days or stretches of the file became part of the calendar. */
  taken: number;
  /** The titles that no words fit, each once. */
  left: string[];
}

const limits = { holidays: 100, freezes: 50, exceptions: 100 };
/** Days; what lasts longer is no exception any more. */
const longestException = 31;
type Exception = SchoolCalendar['exceptions'][number];

/** The calendar as it would be with the days of a file; what it says already stays as it is. */
export function withImported(
  calendar: SchoolCalendar,
  days: readonly IcalendarDays[],
  mapping: ImportMapping,
): Imported {
  const problems: IcalendarProblem[] = [];
  const kindOf = kindsBy(mapping);
  const sorted = Map.groupBy(days, kindOf);
  const of = (kind: ImportKind) => sorted.get(kind) ?? [];
  const single = (kind: ImportKind) => {
    const [long, short] = [of(kind).filter(isLong), of(kind).filter((one) => !isLong(one))];
    for (const one of long) problems.push(tooLong(one));
    return short;
  };
  const early = mapping.earlyBells === undefined ? [] : single('early');
  const closures = single('closures');
  if (mapping.earlyBells === undefined) for (const one of of('early')) problems.push(noBells(one));
  const exceptions = [
    ...early.flatMap((one) => eachDay(one, mapping.earlyBells ?? null)),
    ...closures.flatMap((one) => eachDay(one, null)),
  ];
  const begin = <T>(old: readonly T[], fresh: readonly unknown[]) =>
    mapping.mode === 'replace' && fresh.length > 0 ? [] : old;
  return {
    calendar: {
      ...calendar,
      holidays: bounded('holidays', mergedRanges(begin(calendar.holidays, of('holidays')), of('holidays')), problems),
      freezes: bounded('freezes', mergedRanges(begin(calendar.freezes, of('freezes')), of('freezes')), problems),
      exceptions: bounded('exceptions', mergedDays(begin(calendar.exceptions, exceptions), exceptions), problems),
    },
    problems,
    taken: early.length + closures.length + of('holidays').length + of('freezes').length,
    left: [...new Set(sorted.get(undefined)?.map(({ title }) => title))],
  };
}

/** Whole words: a breakfast is no break. */
function kindsBy({ words, others }: ImportMapping): (days: IcalendarDays) => ImportKind | undefined {
  const signs = importKinds
    .filter((kind) => words[kind].length > 0)
    .map((kind) => {
      const any = words[kind].map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
      return { kind, sign: new RegExp(`(?<![\\p{L}\\p{N}])(?:${any})s?(?![\\p{L}\\p{N}])`, 'iu') };
    });
  const rest = others === 'holidays' ? 'holidays' : undefined;
  return ({ title, categories }) =>
    signs.find(({ sign }) => [title, ...categories].some((said) => sign.test(said)))?.kind ?? rest;
}

const isLong = ({ from, to }: IcalendarDays) => dayNumber(to) - dayNumber(from) >= longestException;

const tooLong = ({ title, line }: IcalendarDays): IcalendarProblem => ({
  ...{ line, severity: 'error', words: `“${title}” was left out: exceptions are single days. Make it a holiday.` },
});

const noBells = ({ title, line }: IcalendarDays): IcalendarProblem => ({
  ...{ line, severity: 'error', words: `“${title}” was left out: choose the bell schedule of early releases.` },
});

function eachDay({ title, from, to }: IcalendarDays, bells: string | null): Exception[] {
  const first = dayNumber(from);
  return Array.from({ length: dayNumber(to) - first + 1 }, (_, index) => ({
    ...{ date: dateOfDay(first + index), title, bells },
  }));
}

/** The days of the file win over those of the same date: that is what a later file is for. */
function mergedDays(old: readonly Exception[], fresh: readonly Exception[]): Exception[] {
  const byDate = new Map([...old, ...fresh].map((day) => [day.date, day]));
  return [...byDate.values()].sort((a, b) => a.date.localeCompare(b.date));
}

/** One name on days that follow each other is one stretch; days that have a name already keep it. */
function mergedRanges(old: readonly DateRange[], fresh: readonly DateRange[]): DateRange[] {
  const named = new Map(old.map((range) => [`${range.from} ${range.to}`, range]));
  for (const { title, from, to } of fresh) {
    const days = `${from} ${to}`;
    if (!named.has(days)) named.set(days, { title, from, to });
  }
  const byTitle = Map.groupBy([...named.values()], ({ title }) => title);
  return [...byTitle.values()].flatMap(joined).sort(byDays);
}

function joined(ranges: readonly DateRange[]): DateRange[] {
  const stretches: DateRange[] = [];
  for (const range of [...ranges].sort(byDays)) {
    const before = stretches.at(-1);
    if (!before || dayNumber(range.from) > dayNumber(before.to) + 1) stretches.push({ ...range });
    else if (range.to > before.to) before.to = range.to;
  }
  return stretches;
}

const byDays = (a: DateRange, b: DateRange) => a.from.localeCompare(b.from) || a.to.localeCompare(b.to);

function bounded<T>(kind: keyof typeof limits, rows: T[], problems: IcalendarProblem[]): T[] {
  const limit = limits[kind];
  if (rows.length <= limit) return rows;
  const over = rows.length - limit;
  const words = `A calendar holds at most ${limit} ${kind}; ${over} more were left out. Import a shorter time.`;
  problems.push({ line: null, severity: 'error', words });
  return rows.slice(0, limit);
}
