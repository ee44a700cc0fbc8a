import type { Query, RequestBody } from '../../shared/api/contract.ts';
import type { Routes } from '../../shared/api/routes.ts';
import type { CalendarPreview } from '../../shared/api/schemas.ts';
import type { SchoolCalendar } from '../../shared/calendar/calendar.ts';
import { type ImportMapping, withImported } from '../../shared/calendar/calendar-import.ts';
import { calendarChanges } from '../../shared/calendar/changes.ts';
import { type IcalendarProblem, readIcalendar } from '../../shared/calendar/icalendar.ts';
import { calendarProblems } from '../../shared/calendar/problems.ts';
import { type AcademicSession, termsOf, withTerms } from '../../shared/calendar/sessions.ts';
import { addDays, dateAt, isDate } from '../../shared/calendar/zone.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';

type ImportQuery = Query<Routes['previewCalendarImport']>;
type TermsWanted = RequestBody<Routes['proposeTerms']>;

/** Which days of a file are read when nobody says. */
const usual = { daysBack: 366, daysAhead: 731 };
const longestDays = 1830;
const mostProblems = 200;
const mostTitles = 50;

/** A calendar with the days of an iCalendar file, and what that changes. Throws `bad-file`, `too-large`, `bad-request`. */
export function importPreview(
  begin: SchoolCalendar,
  bytes: Uint8Array,
  query: ImportQuery,
  now: number,
): CalendarPreview {
  const today = dateAt(now, begin.zone);
  const span = spanOf(query, today);
  const mapping = mappingOf(begin, query);
  const file = readIcalendar(bytes, { zone: begin.zone, ...span });
  const imported = withImported(begin, file.days, mapping);
  const summary = `${count(file.events, 'event')} in the file, of which ${count(file.days.length, 'day or stretch', 'days or stretches')} between ${span.from} and ${span.to}; ${imported.taken} taken.`;
  return {
    ...shown(begin, imported.calendar, today, [...file.problems, ...imported.problems]),
    ...{ summary, leftOut: imported.left.slice(0, mostTitles) },
  };
}

/** A calendar with sessions of the roster as its terms. Throws `not-found` where there are none of the type. */
export function termsPreview(
  begin: SchoolCalendar,
  sessions: readonly AcademicSession[],
  { type, endsOn }: TermsWanted,
  now: number,
): CalendarPreview {
  const today = dateAt(now, begin.zone);
  const terms = termsOf(sessions, type, endsOn, today);
  if (terms.length === 0) throw new CodedError('not-found', noSessions(sessions, type));
  const calendar = withTerms(begin, terms);
  const summary = `${count(terms.length, 'session')} of the type ${type} in the roster, from school years that have not ended.`;
  return { ...shown(begin, calendar, today, []), summary, leftOut: [] };
}

function noSessions(sessions: readonly AcademicSession[], type: string): string {
  const types = [...new Set(sessions.map((session) => session.type))].slice(0, 6);
  const there =
    types.length > 0
      ? `It has ${types.join(', ')}; choose one of a school year that goes on.`
      : 'Import academicSessions first.';
  return `The roster has no session of the type ${type} in a school year that has not ended. ${there}`.slice(0, 400);
}

type Shown = Omit<CalendarPreview, 'summary' | 'leftOut'>;

function shown(
  begin: SchoolCalendar,
  calendar: SchoolCalendar,
  today: string,
  found: readonly IcalendarProblem[],
): Shown {
  const wrong = calendarProblems(calendar).map((words) => ({ line: null, severity: 'error' as const, words }));
  const all = [...wrong, ...found.filter(isError), ...found.filter((one) => !isError(one))];
  const { rows, effects, next } = calendarChanges(begin, calendar, today);
  return {
    ...{ calendar, changes: rows, effects, next },
    problems: all.slice(0, mostProblems).map(({ line, severity, words }) => ({
      ...{ severity, file: line === null ? 'Calendar' : 'File', row: line, column: null, words: words.slice(0, 600) },
    })),
  };
}

const isError = ({ severity }: IcalendarProblem) => severity === 'error';

function mappingOf(begin: SchoolCalendar, query: ImportQuery): ImportMapping {
  const { earlyBells, others = 'leave', mode = 'add' } = query;
  if (earlyBells !== undefined && !begin.bells.some(({ name }) => name === earlyBells))
    throw new CodedError('bad-request', `The calendar has no bell schedule “${earlyBells}”. Choose one that it has.`);
  const words = {
    ...{ freezes: wordsOf(query.freezes), early: wordsOf(query.early) },
    ...{ closures: wordsOf(query.closures), holidays: wordsOf(query.holidays) },
  };
  return { words, earlyBells, others, mode };
}

const wordsOf = (said = '') =>
  said
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');

function spanOf(query: ImportQuery, today: string): { from: string; to: string } {
  const from = query.from ?? addDays(today, -usual.daysBack);
  const to = query.to ?? addDays(today, usual.daysAhead);
  if (!isDate(from) || !isDate(to)) throw new CodedError('bad-request', 'The first or last day asked for is no date.');
  if (to < from || addDays(from, longestDays) < to)
    throw new CodedError('bad-request', 'The last day comes after the first, and at most five years later.');
  return { from, to };
}

const count = (number: number, one: string, many = `${one}s`) => `${number} ${number === 1 ? one : many}`;
