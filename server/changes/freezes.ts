import type { PublishingSettings } from '../../shared/api/schemas.ts';
import type { SchoolCalendar } from '../../shared/calendar/calendar.ts';
import { dayOf, windowState } from '../../shared/calendar/windows.ts';
import { nearestCalendar } from '../profiles/filter-context.ts';
import type { ManagedDevice } from '../profiles/subjects.ts';
import type { CalendarRecord } from '../store/calendars.ts';

/** A time in which nothing is published. */
export interface Freeze {
  title: string;
  /** Epoch ms; `Infinity`: not to be seen. */
  until: number;
}

/** The calendars that the devices a change touches go by, by unit (`null`: the district's own). */
export function calendarsOf(devices: readonly ManagedDevice[], records: readonly CalendarRecord[]): (string | null)[] {
  const nearest = nearestCalendar(records);
  const unitOf = new Map(records.map(({ orgId, calendar }) => [calendar, orgId]));
  const touched = new Set<string | null>();
  for (const device of devices) {
    const calendar = nearest(device);
    if (calendar) touched.add(unitOf.get(calendar) ?? null);
  }
  return [...touched];
}

/** The freeze that lasts longest of those at an instant: of the district's own, and of the calendars. Pure. */
export function freezeAt(
  settings: Pick<PublishingSettings, 'freezes' | 'keepCalendarFreezes'>,
  calendars: readonly SchoolCalendar[],
  now: number,
): Freeze | undefined {
  const own = settings.freezes
    .map(({ title, from, to }) => ({ title, from: Date.parse(from), until: Date.parse(to) }))
    .filter(({ from, until }) => from <= now && now < until);
  const kept = settings.keepCalendarFreezes ? calendars.flatMap((calendar) => ofCalendar(calendar, now) ?? []) : [];
  return [...own, ...kept].toSorted((a, b) => b.until - a.until)[0];
}

function ofCalendar(calendar: SchoolCalendar, now: number): Freeze | undefined {
  const { holds, until } = windowState({ kind: 'freeze' }, calendar, now);
  return holds ? { title: dayOf(calendar, now).freeze ?? 'Freeze', until } : undefined;
}
