import { periodAt } from '../../shared/calendar/windows.ts';
import type { CalendarRecord } from '../store/calendars.ts';
import type { OrgRecord } from '../store/people.ts';

/** When the lesson that is on now in a unit ends (UTC, ISO 8601), by the nearest calendar above it; `null`: none is on. */
export function lessonEnds(
  calendars: readonly CalendarRecord[],
  orgs: readonly OrgRecord[],
  now: number,
): (orgId: string | null) => string | null {
  const parents = new Map(orgs.map(({ id, parentId }) => [id, parentId]));
  const ends = new Map(calendars.map(({ orgId, calendar }) => [orgId, endOf(calendar, now)]));
  return (orgId) => {
    let unit = orgId;
    for (let steps = 0; unit !== null && !ends.has(unit) && steps < orgs.length; steps += 1)
      unit = parents.get(unit) ?? null;
    return ends.get(unit) ?? null;
  };
}

function endOf(calendar: CalendarRecord['calendar'], now: number): string | null {
  const period = periodAt(calendar, now);
  return period ? new Date(period.to).toISOString() : null;
}
