import type { SchoolCalendar } from '../../shared/calendar/calendar.ts';
import { addDays, isDate, startOfDay } from '../../shared/calendar/zone.ts';
import { countsSchoolDays, graceDeadline } from '../../shared/compliance/grace.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { unknownDevice } from '../../shared/policy/subject.ts';
import { nearestCalendar } from '../profiles/filter-context.ts';
import type { CalendarStore } from '../store/calendars.ts';
import type { PeopleStore } from '../store/people.ts';

export interface DueStores {
  calendars: CalendarStore;
  people: PeopleStore;
}

const longestMs = 366 * 86_400_000;

/** When something is due for each of these people that is due on a day. Throws `bad-obligation` for one that cannot be. */
export async function readDueDates(
  stores: DueStores,
  personIds: readonly string[],
  dueOn: string,
  now: number,
): Promise<(personId: string) => number> {
  if (!isDate(dueOn)) throw new CodedError('bad-obligation', `There is no day ${dueOn}. Write it like 2027-06-04.`);
  const calendarOf = await readCalendars(stores, personIds);
  const dueOf = (id: string) => dueAt(calendarOf(id), dueOn);
  const ends = personIds.map(dueOf);
  if (ends.some((end) => end <= now))
    throw new CodedError('bad-obligation', 'It would be overdue at once. Choose a later day.');
  if (ends.some((end) => end > now + longestMs))
    throw new CodedError('bad-obligation', 'It is due within a year at most. Choose an earlier day.');
  return dueOf;
}

/** The calendar of each person’s nearest unit. */
export async function readCalendars(
  { calendars, people }: DueStores,
  personIds: readonly string[],
): Promise<(personId: string) => SchoolCalendar | undefined> {
  const nearest = nearestCalendar(await calendars.list());
  const scopes = await people.scopes(personIds);
  return (personId) => {
    const custodian = scopes.get(personId) ?? null;
    return nearest({ id: '', name: '', personId, subject: { ...unknownDevice, custodian } });
  };
}

/** The last bell of a day, or of the next school day; where the calendar names none, the end of the day itself. */
export function dueAt(calendar: SchoolCalendar | undefined, dueOn: string): number {
  const zone = countsSchoolDays(calendar) ? calendar.zone : 'UTC';
  const end = graceDeadline(calendar, startOfDay(dueOn, zone) - 1, 1);
  return Number.isFinite(end) ? end : startOfDay(addDays(dueOn, 1), zone);
}
