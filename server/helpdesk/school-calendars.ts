import type { SchoolCalendar } from '../../shared/calendar/calendar.ts';
import type { CalendarStore } from '../store/calendars.ts';
import type { OrgRecord, PeopleStore } from '../store/people.ts';

export interface CalendarSources {
  calendars: Pick<CalendarStore, 'list'>;
  people: Pick<PeopleStore, 'orgs'>;
}

/** The school calendar of a unit: its own, else the nearest above it, else the district's. */
export type CalendarOf = (orgId: string | null) => SchoolCalendar | undefined;

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
