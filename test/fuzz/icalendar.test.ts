import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readIcalendar } from '../../shared/calendar/icalendar.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';

const span = { zone: 'America/Chicago', from: '2026-07-01', to: '2027-06-30' };
const value = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('VCALENDAR', 'VEVENT', 'VALARM', 'CANCELLED', 'FREQ=YEARLY', 'FREQ=WEEKLY;COUNT=9;BYDAY=MO', 'P1D'),
  fc.constantFrom('20261126', '20261126T120000Z', '20270101', '99999999', '00000000T000000', '20261126,20261127'),
);
const name = fc.constantFrom(
  ...['BEGIN', 'END', 'DTSTART', 'DTEND', 'DTSTART;VALUE=DATE', 'DTSTART;TZID=Europe/Berlin', 'DTEND;TZID=x/../y'],
  ...['RRULE', 'EXDATE', 'RECURRENCE-ID', 'UID', 'STATUS', 'SUMMARY', 'CATEGORIES', 'DURATION', 'RDATE', ';', ''],
);
const line = fc.tuple(name, value).map(([key, said]) => `${key}:${said}`);
const event = fc.array(line, { maxLength: 8 }).map((lines) => ['BEGIN:VEVENT', ...lines, 'END:VEVENT']);
const file = fc
  .array(fc.oneof(event, fc.array(line, { maxLength: 3 })), { maxLength: 6 })
  .map((parts) => ['BEGIN:VCALENDAR', ...parts.flat(), 'END:VCALENDAR'].join('\r\n'));

describe('whatever is sent as a calendar', () => {
  test.each([
    ['of lines that look like one', file.map((text) => new TextEncoder().encode(text))],
    ['of any bytes', fc.uint8Array({ maxLength: 300 })],
  ])('%s is refused with a code, or gives days in order within what was asked', (_, bytes) => {
    const property = fc.property(bytes, (sent) => {
      const days = daysOrRefusal(sent);
      for (const { from, to, title } of days ?? []) {
        expect(from <= to && from <= span.to && to >= span.from).toBe(true);
        expect(title).toMatch(/^[^\p{Cc}\p{Cf}]{1,100}$/u);
      }
      expect(days?.map(({ from }) => from)).toEqual(days?.map(({ from }) => from).toSorted());
    });
    fc.assert(property, { numRuns: 2_000 });
  });
});

function daysOrRefusal(bytes: Uint8Array) {
  try {
    return readIcalendar(bytes, span).days;
  } catch (error) {
    if (error instanceof CodedError) return undefined;
    throw error;
  }
}
