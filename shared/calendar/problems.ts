import { type BellSchedule, type DateRange, type SchoolCalendar, type Window, weekdays } from './calendar.ts';
import { isDate, isKnownZone } from './zone.ts';

/** What is wrong with a calendar that its schema cannot see, each with its place; empty when it can be saved. */
export function calendarProblems(calendar: SchoolCalendar): string[] {
  const { zone, bells, week, terms, holidays, exceptions, freezes } = calendar;
  const names = new Set(bells.map(({ name }) => name));
  return [
    ...(isKnownZone(zone) ? [] : [`There is no time zone "${zone}". Write one such as America/Chicago.`]),
    ...repeated(bells.map(({ name }) => name)).map((name) => `There are two bell schedules "${name}". Rename one.`),
    ...bells.flatMap(bellProblems),
    ...weekdays.flatMap((day) => unknownBells(`the week's ${day}`, week[day], names)),
    ...exceptions.flatMap(({ date, bells: name }) => [
      ...noSuchDate(`the exception of ${date}`, date),
      ...unknownBells(`the exception of ${date}`, name, names),
    ]),
    ...repeated(exceptions.map(({ date }) => date)).map((date) => `There are two exceptions for ${date}. Keep one.`),
    ...terms.flatMap((range) => rangeProblems('term', range)),
    ...overlaps(terms, daysBefore).map(([a, b]) => `The terms "${a.title}" and "${b.title}" overlap. Change one.`),
    ...holidays.flatMap((range) => rangeProblems('holiday', range)),
    ...freezes.flatMap((range) => rangeProblems('freeze', range)),
  ];
}

/** What is wrong with a window for a calendar; `where` begins the sentence: `The schedule "Lunch"`. */
export function windowProblems(where: string, window: Window, calendar: SchoolCalendar | undefined): string[] {
  if (window.kind === 'always') return [];
  if (!calendar) return [`${where} goes by the school calendar, and there is none. Write the calendar first.`];
  if (window.kind === 'times' && window.from === '24:00') return [`${where} begins at 24:00. Write 00:00.`];
  if (window.kind !== 'periods') return [];
  const known = new Set(calendar.bells.flatMap(({ periods }) => periods.map(({ name }) => name.trim().toLowerCase())));
  return window.periods
    .filter((name) => !known.has(name.trim().toLowerCase()))
    .map((name) => `${where} names the period "${name}", which no bell schedule has.`);
}

function bellProblems({ name, periods }: BellSchedule): string[] {
  const backward = periods
    .filter(({ from, to }) => to <= from)
    .map((period) => `${placeOf(name, period.name)} ends at ${period.to}, not after it begins at ${period.from}.`);
  const sound = periods.filter(({ from, to }) => from < to);
  return [
    ...backward,
    ...overlaps(sound, timesBefore).map(
      ([a, b]) => `${placeOf(name, b.name)} begins at ${b.from}, before "${a.name}" has ended at ${a.to}.`,
    ),
  ];
}

function placeOf(bells: string, period: string): string {
  return `The period "${period}" of the bell schedule "${bells}"`;
}

function rangeProblems(kind: string, { title, from, to }: DateRange): string[] {
  const where = `the ${kind} "${title}"`;
  const impossible = [...noSuchDate(where, from), ...noSuchDate(where, to)];
  if (impossible.length > 0) return impossible;
  return to < from ? [`The ${kind} "${title}" ends on ${to}, before it begins on ${from}.`] : [];
}

function noSuchDate(where: string, date: string): string[] {
  return isDate(date) ? [] : [`There is no ${date}, which ${where} names.`];
}

function unknownBells(where: string, name: string | null, known: ReadonlySet<string>): string[] {
  return name === null || known.has(name) ? [] : [`There is no bell schedule "${name}", which ${where} names.`];
}

/** Pairs of which the second begins before the first has ended. */
function overlaps<T extends { from: string; to: string }>(ranges: readonly T[], hasEnded: HasEnded): [T, T][] {
  const pairs: [T, T][] = [];
  let longest: T | undefined;
  for (const range of [...ranges].sort((a, b) => a.from.localeCompare(b.from))) {
    if (longest && !hasEnded(longest, range)) pairs.push([longest, range]);
    if (!longest || range.to > longest.to) longest = range;
  }
  return pairs;
}

type HasEnded = (before: { to: string }, range: { from: string }) => boolean;
/** Both ends of dates are included; of times the last is not. */
const daysBefore: HasEnded = (before, { from }) => before.to < from;
const timesBefore: HasEnded = (before, { from }) => before.to <= from;

function repeated(values: readonly string[]): string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}
