import type { SchoolCalendar, Weekday } from '../../../../../shared/calendar/calendar.ts';
import { calendarProblems } from '../../../../../shared/calendar/problems.ts';

/** Where on the page something is wrong. */
export const calendarPlaces = ['zone', 'bells', 'week', 'terms', 'holidays', 'exceptions', 'freezes'] as const;
export type CalendarPlace = (typeof calendarPlaces)[number];

export interface PlacedProblem {
  place: CalendarPlace | undefined;
  words: string;
}

export const weekdayWords: Record<Weekday, string> = {
  monday: 'Monday',
  tuesday: 'Tuesday',
  wednesday: 'Wednesday',
  thursday: 'Thursday',
  friday: 'Friday',
  saturday: 'Saturday',
  sunday: 'Sunday',
};

const placeSigns: readonly [RegExp, CalendarPlace][] = [
  [/time zone|\bzone\b/i, 'zone'],
  [/\bweek\b|week's/i, 'week'],
  [/exception/i, 'exceptions'],
  [/holiday/i, 'holidays'],
  [/freeze/i, 'freezes'],
  [/\bterms?\b/i, 'terms'],
  [/bell|period/i, 'bells'],
];

/** The part of the page a sentence speaks of; what it quotes are names that people chose, and say nothing. */
export function placeOf(words: string): CalendarPlace | undefined {
  const unquoted = words.replace(/"[^"]*"|“[^”]*”/g, '');
  return placeSigns.find(([sign]) => sign.test(unquoted))?.[1];
}

export const placed = (sentences: readonly string[]): PlacedProblem[] =>
  sentences.map((words) => ({ place: placeOf(words), words }));

/** Everything the server would refuse, each with its place. */
export function problemsOf(calendar: SchoolCalendar): PlacedProblem[] {
  const unfilled = unfilledIn(calendar);
  return unfilled.length > 0 ? unfilled : placed(calendarProblems(calendar));
}

function unfilledIn({ zone, bells, terms, holidays, exceptions, freezes }: SchoolCalendar): PlacedProblem[] {
  const found: PlacedProblem[] = [];
  const need = (filled: boolean, place: CalendarPlace, words: string) => {
    if (!filled) found.push({ place, words });
  };
  need(zone !== '', 'zone', 'Choose a time zone.');
  for (const { name, periods } of bells) {
    need(name.trim() !== '', 'bells', 'A bell schedule has no name.');
    need(periods.length > 0, 'bells', `The bell schedule “${name}” has no period.`);
    for (const period of periods) {
      need(period.name.trim() !== '', 'bells', `A period of “${name}” has no name.`);
      need(period.from !== '' && period.to !== '', 'bells', `A time of “${period.name}” in “${name}” is missing.`);
    }
  }
  for (const [place, one, ranges] of [
    ['terms', 'term', terms],
    ['holidays', 'holiday', holidays],
    ['freezes', 'freeze', freezes],
  ] as const)
    for (const { title, from, to } of ranges) {
      need(title.trim() !== '', place, `A ${one} has no name.`);
      need(from !== '' && to !== '', place, `A date of the ${one} “${title}” is missing.`);
    }
  for (const { date, title } of exceptions) {
    need(title.trim() !== '', 'exceptions', 'An exception has no name.');
    need(date !== '', 'exceptions', `The date of “${title}” is missing.`);
  }
  return found;
}

/** A bell schedule under its new name; days that used the old one follow. */
export function renameBells(calendar: SchoolCalendar, place: number, name: string): SchoolCalendar {
  const old = calendar.bells[place]?.name;
  const follow = (bells: string | null) => (bells === old && old !== undefined ? name : bells);
  return {
    ...calendar,
    bells: calendar.bells.map((bells, index) => (index === place ? { ...bells, name } : bells)),
    week: mapWeek(calendar.week, follow),
    exceptions: calendar.exceptions.map((day) => ({ ...day, bells: follow(day.bells) })),
  };
}

type Week = SchoolCalendar['week'];

function mapWeek(week: Week, change: (bells: string | null) => string | null): Week {
  const { monday, tuesday, wednesday, thursday, friday, saturday, sunday } = week;
  return {
    monday: change(monday),
    tuesday: change(tuesday),
    wednesday: change(wednesday),
    thursday: change(thursday),
    friday: change(friday),
    saturday: change(saturday),
    sunday: change(sunday),
  };
}
