import type { SchoolCalendar } from '../../shared/calendar/calendar.ts';
import { dayOn, lastDateOf } from '../../shared/calendar/days.ts';
import { addDays, startOfDay } from '../../shared/calendar/zone.ts';
import { countsSchoolDays } from '../../shared/compliance/grace.ts';
import { canonicalJson } from '../../shared/policy/canonical.ts';
import type { CalendarRecord } from '../store/calendars.ts';

/** After the last date a calendar speaks of every week is like the others. */
const daysThatShowAll = 7;
const always = Number.NEGATIVE_INFINITY;

/** From when on school days differ (epoch ms): `null` never, minus infinity where a calendar came, went or counts otherwise. */
export function movedBetween(before: readonly CalendarRecord[], after: readonly CalendarRecord[]): number | null {
  const units = new Set([...before, ...after].map(({ orgId }) => orgId));
  const moments = [...units].flatMap((unit) => {
    const [was, is] = [before, after].map((records) => records.find(({ orgId }) => orgId === unit)?.calendar);
    return was && is ? firstDifference(was, is) : [always];
  });
  return moments.length === 0 ? null : Math.min(...moments);
}

function firstDifference(was: SchoolCalendar, is: SchoolCalendar): number[] {
  if (canonicalJson(was) === canonicalJson(is)) return [];
  const isOfAnotherKind = (['zone', 'week', 'bells'] as const).some(
    (key) => canonicalJson(was[key]) !== canonicalJson(is[key]),
  );
  if (isOfAnotherKind || !countsSchoolDays(is)) return [always];
  const first = [firstDateOf(was), firstDateOf(is)].filter((date) => date !== undefined).sort()[0];
  const last = [lastDateOf(was), lastDateOf(is)]
    .filter((date) => date !== undefined)
    .sort()
    .at(-1);
  if (first === undefined || last === undefined) return [];
  for (let date = first; date <= addDays(last, daysThatShowAll); date = addDays(date, 1))
    if (dayOn(was, date).bells?.name !== dayOn(is, date).bells?.name) return [startOfDay(date, is.zone)];
  return [];
}

/** Before the first date a calendar speaks of every week is like the others, too; undefined: it names no dates. */
function firstDateOf({ terms, holidays, exceptions }: SchoolCalendar): string | undefined {
  return [...[...terms, ...holidays].map(({ from }) => from), ...exceptions.map(({ date }) => date)].sort()[0];
}
