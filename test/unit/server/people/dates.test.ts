import { describe, expect, it } from 'vitest';
import { readDate } from '../../../../server/people/dates.ts';

const cases: [string, string, string | null, RegExp | undefined][] = [
  ['the form of the standard', '2026-03-09', '2026-03-09', undefined],
  ['a timestamp', '2023-05-01T18:25:43.511Z', '2023-05-01', /was read as “2023-05-01”/],
  ['a date without leading zeros', '2026-3-9', '2026-03-09', /was read as/],
  ['slashes where only one order is a day', '13/05/2023', '2023-05-13', /was read as “2023-05-13”/],
  ['slashes with the month first', '05/13/2023', '2023-05-13', /was read as “2023-05-13”/],
  ['slashes with day and month alike', '05/05/2023', '2023-05-05', /was read as/],
  ['slashes in either order', '1/05/2023', null, /“2023-01-05” or “2023-05-01”, so it was left blank/],
  ['a day no month has', '2026-02-30', null, /not a day of the calendar/],
  ['a day no month has, with slashes', '31/31/2026', null, /not a day of the calendar/],
  ['words', 'next Monday', null, /is not a date/],
  ['a year out of all bounds', '0001-01-01', null, /not a day of the calendar/],
];

describe('a date', () => {
  it.each(cases)('reads %s', (_, written, date, words) => {
    const reading = readDate(written);
    expect(reading.date).toBe(date);
    if (words) expect(reading.words).toMatch(words);
    else expect(reading.words).toBeUndefined();
  });
});
