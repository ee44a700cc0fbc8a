import type { DateRange, SchoolCalendar } from './calendar.ts';
import { dayOn, lastDateOf, type SchoolDay } from './days.ts';
import { addDays } from './zone.ts';

/** A day that would be another, in words. */
export interface ChangedDay {
  date: string;
  before: string;
  after: string;
}

/** What a new calendar changes: its rows, and what comes of them. */
export interface CalendarChanges {
  rows: string[];
  effects: string[];
  /** The next school days that change, today included. */
  next: ChangedDay[];
}

const nextDays = 5;
/** After the last date that is named, a week shows every other; longer than this nobody plans. */
const furthest = { back: 400, ahead: 1200, after: 7 };

/** How one calendar differs from another, told from a day. */
export function calendarChanges(before: SchoolCalendar, after: SchoolCalendar, today: string): CalendarChanges {
  const changed = changedDays(before, after, today);
  const felt = changed.filter(isFelt);
  const coming = felt.filter(({ date }) => date >= today);
  return {
    rows: [
      ...rowChanges('Term', rangeWords(before.terms), rangeWords(after.terms)),
      ...rowChanges('Holiday', rangeWords(before.holidays), rangeWords(after.holidays)),
      ...rowChanges('Exception', dayWords(before.exceptions), dayWords(after.exceptions)),
      ...rowChanges('Freeze', rangeWords(before.freezes), rangeWords(after.freezes)),
    ],
    effects: effectsOf(felt.length > 0 ? felt : changed),
    next: coming
      .slice(0, nextDays)
      .map(({ date, was, is }) => ({ date, before: dayInWords(was), after: dayInWords(is) })),
  };
}

interface Changed {
  date: string;
  was: SchoolDay;
  is: SchoolDay;
}

/** Another name for a day without school changes nothing for anybody. */
const isFelt = ({ was, is }: Changed) => was.isSchoolDay || is.isSchoolDay || was.freeze !== is.freeze;

function changedDays(before: SchoolCalendar, after: SchoolCalendar, today: string): Changed[] {
  const named = [lastDateOf(before), lastDateOf(after), today].filter((date) => date !== undefined).sort();
  const limit = addDays(today, furthest.ahead);
  const last = addDays(named.at(-1) ?? today, furthest.after);
  const changed: Changed[] = [];
  for (let date = addDays(today, -furthest.back); date <= last && date <= limit; date = addDays(date, 1)) {
    const was = dayOn(before, date);
    const is = dayOn(after, date);
    if (dayInWords(was) !== dayInWords(is)) changed.push({ date, was, is });
  }
  return changed;
}

function effectsOf(changed: readonly Changed[]): string[] {
  if (changed.length === 0) return ['No day changes.'];
  const gained = changed.filter(({ was, is }) => is.isSchoolDay && !was.isSchoolDay);
  const lost = changed.filter(({ was, is }) => was.isSchoolDay && !is.isSchoolDay);
  const moved = changed.filter(({ was, is }) => was.isSchoolDay !== is.isSchoolDay);
  const bells = changed.filter(
    ({ was, is }) => was.isSchoolDay && is.isSchoolDay && was.bells?.name !== is.bells?.name,
  );
  const frozen = changed.filter(({ was, is }) => is.freeze !== undefined && was.freeze === undefined);
  const thawed = changed.filter(({ was, is }) => was.freeze !== undefined && is.freeze === undefined);
  const net = gained.length - lost.length;
  const effects = [
    ...(net === 0 ? [] : [`${days(Math.abs(net), 'school day')} ${net > 0 ? 'more' : 'fewer'} ${between(moved)}.`]),
    ...(gained.length > 0 && lost.length > 0
      ? [
          `School is added on ${days(gained.length, 'day')} and dropped on ${days(lost.length, 'day')} ${between(moved)}.`,
        ]
      : []),
    ...(bells.length > 0 ? [`${days(bells.length, 'school day')} with other bells ${between(bells)}.`] : []),
    ...(frozen.length > 0 ? [`${days(frozen.length, 'day')} more in a freeze ${between(frozen)}.`] : []),
    ...(thawed.length > 0 ? [`${days(thawed.length, 'day')} fewer in a freeze ${between(thawed)}.`] : []),
  ];
  return effects.length > 0 ? effects : [`Only names of days change ${between(changed)}.`];
}

function between(changed: readonly Changed[]): string {
  const [first, last] = [changed[0]?.date, changed.at(-1)?.date];
  return first === last ? `on ${first}` : `between ${first} and ${last}`;
}

const days = (count: number, one: string) => `${count} ${one}${count === 1 ? '' : 's'}`;

/** `School day: Assembly, Early dismissal`; `No school: Winter break; Finals`. */
export function dayInWords({ isSchoolDay, bells, title, freeze }: SchoolDay): string {
  const exams = freeze === undefined ? '' : `; ${freeze}`;
  if (!isSchoolDay) return `${title.startsWith('No school') ? title : `No school: ${title}`}${exams}`;
  return `School day: ${bells && title !== bells.name ? `${title}, ${bells.name}` : title}${exams}`;
}

const rangeWords = (ranges: readonly DateRange[]) =>
  ranges.map(({ title, from, to }) => `“${title}”, ${from === to ? from : `${from} to ${to}`}`);

const dayWords = (exceptions: SchoolCalendar['exceptions']) =>
  exceptions.map(({ date, title, bells }) => `“${title}”, ${date}: ${bells ?? 'no school'}`);

function rowChanges(kind: string, before: readonly string[], after: readonly string[]): string[] {
  return [
    ...after.filter((words) => !before.includes(words)).map((words) => `${kind} added: ${words}.`),
    ...before.filter((words) => !after.includes(words)).map((words) => `${kind} removed: ${words}.`),
  ];
}
