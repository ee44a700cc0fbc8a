import { Temporal } from 'temporal-polyfill';
import type { DateRange } from './calendar.ts';

/*
 * Local dates and times as instants. Loaded only where something is bound to a calendar: the polyfill and the zone tables
 * it opens weigh about 14 MB of an agent.
 */

/** Epoch milliseconds: `from` is included, `to` is not. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Whether this system knows the zone: every rule of a zone it does not know is as good as absent. */
export function isKnownZone(zone: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** The local date at an instant, `2026-11-22`. */
export function dateAt(instant: number, zone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone).toPlainDate().toString();
}

/** Calendar days, over ends of months and years. */
export function addDays(date: string, days: number): string {
  return Temporal.PlainDate.from(date).add({ days }).toString();
}

/** 0: Monday, as `weekdays` counts. */
export function weekdayOf(date: string): number {
  return Temporal.PlainDate.from(date).dayOfWeek - 1;
}

/** False for dates of the right form that no calendar has, such as 2026-02-30. */
export function isDate(date: string): boolean {
  try {
    Temporal.PlainDate.from(date, { overflow: 'reject' });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

export function isInRange(date: string, { from, to }: Pick<DateRange, 'from' | 'to'>): boolean {
  return from <= date && date <= to;
}

/**
 * The instants between two times of a day; `to` at or before `from` is one of the next day. Where clocks change: a time
 * that does not exist is the next that does, and one that exists twice reaches from the first to the last.
 */
export function spanOf(date: string, from: string, to: string, zone: string): Span {
  const last = to > from ? date : addDays(date, 1);
  return { from: beginning(date, from, zone), to: end(last, to, zone) };
}

/** The first instant of a day. */
export function startOfDay(date: string, zone: string): number {
  return beginning(date, '00:00', zone);
}

function beginning(date: string, time: string, zone: string): number {
  const local = localTime(date, time);
  const first = local.toZonedDateTime(zone, { disambiguation: 'earlier' });
  return first.toPlainDateTime().equals(local) ? first.epochMilliseconds : transitionAfter(first);
}

/** Found from its last minute, which may exist twice although the end itself does not. */
function end(date: string, time: string, zone: string): number {
  const lastMinute = localTime(date, time).subtract({ minutes: 1 });
  const last = lastMinute.toZonedDateTime(zone, { disambiguation: 'later' });
  if (last.toPlainDateTime().equals(lastMinute)) return last.add({ minutes: 1 }).epochMilliseconds;
  return transitionAfter(lastMinute.toZonedDateTime(zone, { disambiguation: 'earlier' }));
}

function localTime(date: string, time: string): Temporal.PlainDateTime {
  if (time === '24:00') return Temporal.PlainDateTime.from(`${date}T00:00`).add({ days: 1 });
  return Temporal.PlainDateTime.from(`${date}T${time}`);
}

/** `earlier` puts a time that does not exist before the change of the clock. */
function transitionAfter(before: Temporal.ZonedDateTime): number {
  return (before.getTimeZoneTransition('next') ?? before).epochMilliseconds;
}
