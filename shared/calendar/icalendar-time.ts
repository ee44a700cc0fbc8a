import { Temporal } from 'temporal-polyfill';
import type { ContentLine } from './icalendar-lines.ts';
import { dateOfDay, dayNumber } from './recurrence.ts';
import { addDays, isKnownZone } from './zone.ts';

/** Days of the school's zone, both included; or in words why there are none. */
export type FoundDays = { from: string; to: string; unknownZone?: string } | { cannot: string };

/** A date, or a time of the school's zone. */
interface Moment {
  date: string;
  /** `HH:MM:SS`; undefined for a whole day. */
  time?: string;
  unknownZone?: string;
}

/** The local date of a DATE or DATE-TIME; undefined when it is neither. */
export function icalendarDate(content: ContentLine, zone: string): string | undefined {
  return momentOf(content, zone)?.date;
}

/**
 * From DTSTART to DTEND or for DURATION. The end is excluded (RFC 5545 3.6.1), so an event until midnight does not
 * reach into the day that begins then.
 */
export function icalendarDays(properties: ReadonlyMap<string, ContentLine>, zone: string): FoundDays {
  const start = properties.get('DTSTART');
  const begins = start && momentOf(start, zone);
  if (!begins) return { cannot: start ? `its first day (DTSTART) is no date.` : 'it has no first day (DTSTART).' };
  const from = begins.date;
  const to = lastDay(properties, begins, zone);
  if (to === undefined) return { cannot: 'its end (DTEND or DURATION) is no date or length.' };
  if (to < from) return { cannot: 'it ends before it begins.' };
  return { from, to, ...(begins.unknownZone !== undefined && { unknownZone: begins.unknownZone }) };
}

function lastDay(properties: ReadonlyMap<string, ContentLine>, begins: Moment, zone: string): string | undefined {
  const end = properties.get('DTEND');
  const duration = properties.get('DURATION');
  if (!end && !duration) return begins.date;
  const ends = end ? momentOf(end, zone) : after(begins, duration?.value ?? '');
  if (!ends) return undefined;
  // Some programs write the same day as first and end of a single one.
  if (ends.date === begins.date) return (ends.time ?? '') < (begins.time ?? '') ? addDays(ends.date, -1) : ends.date;
  return ends.time === undefined || ends.time === '00:00:00' ? addDays(ends.date, -1) : ends.date;
}

function after({ date, time }: Moment, duration: string): Moment | undefined {
  const found = /^\+?P(?:(\d{1,3})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,6})S)?)?$/.exec(
    duration,
  );
  if (!found || duration.endsWith('P') || duration.endsWith('T')) return undefined;
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = found.slice(1).map((part) => Number(part ?? 0));
  const ends = Temporal.PlainDateTime.from(`${date}T${time ?? '00:00:00'}`).add({
    weeks,
    days,
    hours,
    minutes,
    seconds,
  });
  return { date: ends.toPlainDate().toString(), time: ends.toPlainTime().toString({ smallestUnit: 'second' }) };
}

/** A DATE is the same everywhere; a DATE-TIME is of UTC, of its TZID, or (floating) of wherever it is read. */
function momentOf({ value, params }: ContentLine, zone: string): Moment | undefined {
  const found = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?$/.exec(value.trim());
  const [, year = '', month = '', day = '', hour, minute = '', second = '', utc] = found ?? [];
  const date = `${year}-${month}-${day}`;
  if (!found || year < '1900' || year > '2199' || !exists(date)) return undefined;
  if (hour === undefined) return { date };
  if (hour > '23' || minute > '59' || second > '60') return undefined;
  const time = `${hour}:${minute}:${second === '60' ? '59' : second}`;
  const written = utc === 'Z' ? 'UTC' : (params.get('TZID') ?? zone).replace(/^\//, '');
  if (written === zone) return { date, time };
  if (!isKnownZone(written)) return { date, time, unknownZone: written };
  const local = Temporal.PlainDateTime.from(`${date}T${time}`).toZonedDateTime(written).withTimeZone(zone);
  return {
    date: local.toPlainDate().toString(),
    time: local.toPlainTime().toString({ smallestUnit: 'second' }),
  };
}

/** Many dates are read, and `Temporal` is slow for them. */
const exists = (date: string) =>
  /-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.test(date) && dateOfDay(dayNumber(date)) === date;
