import { describe, expect, it } from 'vitest';
import type { SchoolCalendar } from '../../../shared/calendar/calendar.ts';
import { countsSchoolDays, graceDeadline } from '../../../shared/compliance/grace.ts';
import { at, calendarIn } from '../calendar/calendars.ts';

const year: Partial<SchoolCalendar> = {
  terms: [{ title: 'Year', from: '2026-08-17', to: '2027-06-04' }],
  holidays: [
    { title: 'Thanksgiving', from: '2026-11-25', to: '2026-11-27' },
    { title: 'Winter break', from: '2026-12-21', to: '2027-01-01' },
  ],
  exceptions: [],
  freezes: [],
};
const chicago = calendarIn('America/Chicago', year);
const newYork = calendarIn('America/New_York', year);
const anchorage = calendarIn('America/Anchorage', year);
const snow = (date: string) => ({ ...chicago, exceptions: [{ date, title: 'Snow day', bells: null }] });
const short = calendarIn('America/Chicago', {
  ...year,
  terms: [{ title: 'Fall', from: '2026-08-17', to: '2026-12-18' }],
});
const unnamed = calendarIn('America/Chicago', { terms: [], holidays: [], exceptions: [], freezes: [] });
const noSchool = { monday: null, tuesday: null, wednesday: null, thursday: null, friday: null };
const faulty = { ...unnamed, bells: [{ name: 'Regular', periods: [{ name: 'First', from: '15:00', to: '08:00' }] }] };

/** The n-th school day after the day of the failure, at its last bell. */
const cases: [string, SchoolCalendar | undefined, string, number, string][] = [
  ['an ordinary week', chicago, '2026-10-05T10:00-05:00', 3, '2026-10-08T15:00-05:00'],
  ['a failure after the last bell', chicago, '2026-10-05T22:00-05:00', 1, '2026-10-06T15:00-05:00'],
  ['a weekend', chicago, '2026-10-09T10:00-05:00', 1, '2026-10-12T15:00-05:00'],
  ['Thanksgiving', chicago, '2026-11-23T10:00-06:00', 2, '2026-11-30T15:00-06:00'],
  ['a failure that begins in a holiday', chicago, '2026-11-26T12:00-06:00', 1, '2026-11-30T15:00-06:00'],
  ['winter break', chicago, '2026-12-17T10:00-06:00', 5, '2027-01-07T15:00-06:00'],
  ['a failure that begins in winter break', chicago, '2026-12-24T09:00-06:00', 3, '2027-01-06T11:00-06:00'],
  ['no snow day yet', chicago, '2027-02-01T10:00-06:00', 3, '2027-02-04T15:00-06:00'],
  ['a snow day added afterwards', snow('2027-02-03'), '2027-02-01T10:00-06:00', 3, '2027-02-05T15:00-06:00'],
  ['a snow day on the day of the deadline', snow('2027-02-04'), '2027-02-01T10:00-06:00', 3, '2027-02-05T15:00-06:00'],
  ['early dismissal on the last day', chicago, '2026-10-05T10:00-05:00', 2, '2026-10-07T11:00-05:00'],
  ['the clocks going back', chicago, '2026-10-30T10:00-05:00', 1, '2026-11-02T15:00-06:00'],
  ['the clocks going forward', chicago, '2027-03-12T10:00-06:00', 1, '2027-03-15T15:00-05:00'],
  ['a zone further east', newYork, '2026-10-05T10:00-04:00', 1, '2026-10-06T15:00-04:00'],
  ['a zone further west', anchorage, '2026-10-05T10:00-08:00', 1, '2026-10-06T15:00-08:00'],
  ['one instant, a Monday in Chicago', chicago, '2026-10-06T04:30Z', 1, '2026-10-06T15:00-05:00'],
  ['the same instant, a Tuesday in New York', newYork, '2026-10-06T04:30Z', 1, '2026-10-07T11:00-04:00'],
  ['the same instant, a Monday in Anchorage', anchorage, '2026-10-06T04:30Z', 1, '2026-10-06T15:00-08:00'],
  ['zero days', chicago, '2026-10-05T10:00-05:00', 0, '2026-10-05T10:00-05:00'],
  ['the last day the calendar names', short, '2026-12-16T10:00-06:00', 2, '2026-12-18T15:00-06:00'],
  ['a calendar that names no dates', unnamed, '2026-12-24T10:00-06:00', 1, '2026-12-25T15:00-06:00'],
  ['bells at fault: the end of the day', faulty, '2026-10-05T10:00-05:00', 2, '2026-10-09T00:00-05:00'],
  ['no calendar: weekdays', undefined, '2026-10-08T10:00Z', 3, '2026-10-14T00:00Z'],
  ['no calendar, begun on a Saturday', undefined, '2026-10-10T10:00Z', 1, '2026-10-13T00:00Z'],
  ['a zone nobody knows: weekdays', calendarIn('Mars/Olympus'), '2026-10-08T10:00Z', 1, '2026-10-10T00:00Z'],
];

describe('the end of grace', () => {
  it.each(cases)('over %s', (_, calendar, failingSince, days, deadline) => {
    const ends = graceDeadline(calendar, at(failingSince), days);
    expect(new Date(ends).toISOString()).toBe(new Date(at(deadline)).toISOString());
  });

  it.each<[string, SchoolCalendar, string]>([
    ['names no school day that late', short, '2026-12-16T10:00-06:00'],
    ['has ended before the failure', short, '2027-03-01T10:00-06:00'],
    ['has no school at all', { ...unnamed, week: { ...unnamed.week, ...noSchool } }, '2026-10-05T10:00-05:00'],
  ])('is not known while the calendar %s', (_, calendar, failingSince) => {
    expect(graceDeadline(calendar, at(failingSince), 5)).toBe(Number.POSITIVE_INFINITY);
  });

  it('says whether it counts school days', () => {
    expect([chicago, undefined, calendarIn('Mars/Olympus')].map(countsSchoolDays)).toEqual([true, false, false]);
  });
});
