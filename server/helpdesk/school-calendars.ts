import type { SchoolCalendar } from '../../shared/calendar/calendar.ts';
import { SchoolTime } from '../../shared/helpdesk/school-time.ts';
import type { CalendarStore } from '../store/calendars.ts';
import type { OrgRecord, PeopleStore } from '../store/people.ts';

export interface CalendarSources {
  calendars: Pick<CalendarStore, 'list'>;
  people: Pick<PeopleStore, 'orgs'>;
}

/** The school calendar of a unit: its own, else the nearest above it, else the district's. */
export type CalendarOf = (orgId: string | null) => SchoolCalendar | undefined;

/** School hours of a unit; to be kept no longer than calendars stay as they are. */
export type TimeOf = (orgId: string | null) => SchoolTime;

export function timesBy(calendarOf: CalendarOf): TimeOf {
  const known = new Map<SchoolCalendar | undefined, SchoolTime>();
  return (orgId) => {
    const calendar = calendarOf(orgId);
    const time = known.get(calendar) ?? new SchoolTime(calendar);
    known.set(calendar, time);
    return time;
  };
}

export async function readCalendarOf({ calendars, people }: CalendarSources): Promise<CalendarOf> {
  const records = await calendars.list();
  if (records.length === 0) return () => undefined;
  const own = new Map(records.map(({ orgId, calendar }) => [orgId, calendar]));
  const units = new Map((await people.orgs()).map((org) => [org.id, org]));
  return (orgId) => nearest(orgId, own, units);
}

/** A loop in the hierarchy ends where it closes. */
function nearest(
  orgId: string | null,
  own: ReadonlyMap<string | null, SchoolCalendar>,
  units: ReadonlyMap<string, OrgRecord>,
): SchoolCalendar | undefined {
  const seen = new Set<string>();
  for (let unit = orgId; unit !== null && !seen.has(unit); unit = units.get(unit)?.parentId ?? null) {
    const calendar = own.get(unit);
    if (calendar) return calendar;
    seen.add(unit);
  }
  return own.get(null);
}
