import { windowState } from '../calendar/windows.ts';
import type { FilterSchedule, WebFilterSection } from '../profile/web-filter.ts';
import type { InForce } from './decision.ts';
import type { Place } from './place.ts';

/** The moment and the place a device is at. */
export interface Situation {
  /** Epoch ms. */
  now: number;
  place: Place;
}

/**
 * Which schedules and overrides of a section hold now and here, and until when that is certain while the place stays. Pure.
 * Where the place is not known, a schedule bound to one holds if it blocks and does not if it opens. Without a calendar
 * only schedules that hold always do. Kept apart from `decideName` because it needs the calendar, which is heavy to load.
 */
export function inForceAt(
  { settings, calendar, overrides = [] }: Pick<WebFilterSection, 'settings' | 'calendar' | 'overrides'>,
  { now, place }: Situation,
): InForce {
  const here = (settings.schedules ?? [])
    .filter((schedule) => fitsPlace(schedule, place))
    .map((schedule) => ({ schedule, ...windowState(schedule.when, calendar, now) }));
  const changes = [
    ...here.map(({ until }) => until),
    ...overrides.map(({ from, until }) => (now < from ? from : until)).filter((change) => change > now),
  ];
  return {
    schedules: here.filter(({ holds }) => holds).map(({ schedule, until }) => ({ schedule, until })),
    overrides: overrides.filter(({ from, until }) => from <= now && now < until),
    until: Math.min(Number.POSITIVE_INFINITY, ...changes),
  };
}

function fitsPlace(schedule: FilterSchedule, place: Place): boolean {
  if (schedule.place === 'anywhere') return true;
  return place === 'unknown' ? schedule.action === 'block' : schedule.place === place;
}
