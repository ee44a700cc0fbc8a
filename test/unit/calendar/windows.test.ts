import { describe, expect, it } from 'vitest';
import type { SchoolCalendar, Window } from '../../../shared/calendar/calendar.ts';
import { nextChange, periodAt, schoolHoursAt, windowState } from '../../../shared/calendar/windows.ts';
import { SeededRandom } from '../../fakes/clock.ts';
import { at, calendarIn } from './calendars.ts';

const chicago = calendarIn('America/Chicago');
const london = calendarIn('Europe/London');
const kolkata = calendarIn('Asia/Kolkata');
const lordHowe = calendarIn('Australia/Lord_Howe');
const allDays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

const always: Window = { kind: 'always' };
const school: Window = { kind: 'school-hours' };
const outside: Window = { kind: 'outside-school-hours' };
const schoolDays: Window = { kind: 'school-days' };
const daysOff: Window = { kind: 'days-off' };
const freeze: Window = { kind: 'freeze' };
const lunch: Window = { kind: 'periods', periods: ['lunch'] };
const noon: Window = { kind: 'periods', periods: ['Lunch', 'Second'] };
const night: Window = { kind: 'times', from: '22:00', to: '06:00', days: ['sunday', 'monday', 'saturday'] };
const schoolNight: Window = { ...night, days: [...allDays], schoolDaysOnly: true };
const early: Window = { kind: 'times', from: '02:30', to: '03:30', days: [...allDays] };
const small: Window = { kind: 'times', from: '01:15', to: '01:45', days: [...allDays] };
const untilOne: Window = { kind: 'times', from: '00:30', to: '01:00', days: [...allDays] };
const gapOnly: Window = { kind: 'times', from: '02:10', to: '02:50', days: ['sunday'] };
const wholeDays: Window = { kind: 'times', from: '00:00', to: '24:00', days: [...allDays] };
const roundTheClock: Window = { kind: 'times', from: '08:00', to: '08:00', days: [...allDays] };
const monday: Window = { kind: 'times', from: '08:00', to: '08:00', days: ['monday'] };
const never = Number.POSITIVE_INFINITY;

type Case = [words: string, window: Window, calendar: SchoolCalendar, now: string, holds: boolean, until: string];

const cases: Case[] = [
  ['a school morning', school, chicago, '2026-01-12T09:00-06:00', true, '2026-01-12T15:00-06:00'],
  ['the first bell itself', school, chicago, '2026-01-12T08:00-06:00', true, '2026-01-12T15:00-06:00'],
  ['a minute before it', school, chicago, '2026-01-12T07:59-06:00', false, '2026-01-12T08:00-06:00'],
  ['the last bell itself', school, chicago, '2026-01-12T15:00-06:00', false, '2026-01-13T08:00-06:00'],
  ['between two lessons', school, chicago, '2026-01-12T09:32-06:00', true, '2026-01-12T15:00-06:00'],
  ['a Wednesday that ends early', school, chicago, '2026-01-14T11:30-06:00', false, '2026-01-15T08:00-06:00'],
  ['Friday after school', school, chicago, '2026-01-16T16:00-06:00', false, '2026-01-19T08:00-06:00'],
  ['a snow day', school, chicago, '2026-02-03T10:00-06:00', false, '2026-02-04T08:00-06:00'],
  ['an assembly with other bells', school, chicago, '2026-02-05T10:00-06:00', true, '2026-02-05T11:00-06:00'],
  ['a holiday', school, chicago, '2026-03-23T10:00-05:00', false, '2026-03-25T08:00-05:00'],
  ['a make-up day within it', school, chicago, '2026-03-25T10:00-05:00', true, '2026-03-25T15:00-05:00'],
  ['the day before the first term', school, chicago, '2026-01-04T10:00-06:00', false, '2026-01-05T08:00-06:00'],
  ['the last day of the term', school, chicago, '2026-06-12T14:59-05:00', true, '2026-06-12T15:00-05:00'],
  ['outside: a school morning', outside, chicago, '2026-01-12T09:00-06:00', false, '2026-01-12T15:00-06:00'],
  ['outside: the evening', outside, chicago, '2026-01-12T15:00-06:00', true, '2026-01-13T08:00-06:00'],
  [
    'outside: a weekend with a change of clocks',
    outside,
    chicago,
    '2026-03-06T15:00-06:00',
    true,
    '2026-03-09T08:00-05:00',
  ],
  ['outside: the same in London', outside, london, '2026-03-27T15:00+00:00', true, '2026-03-30T08:00+01:00'],
  ['school days: a week', schoolDays, kolkata, '2026-01-12T00:00+05:30', true, '2026-01-17T00:00+05:30'],
  ['school days: the night before', schoolDays, kolkata, '2026-01-11T23:59+05:30', false, '2026-01-12T00:00+05:30'],
  [
    'school days: over the change of clocks',
    schoolDays,
    lordHowe,
    '2026-04-03T10:00+11:00',
    true,
    '2026-04-04T00:00+11:00',
  ],
  ['days off: the weekend it happens', daysOff, lordHowe, '2026-04-04T00:00+11:00', true, '2026-04-06T00:00+10:30'],
  [
    'days off: a holiday before the make-up day',
    daysOff,
    chicago,
    '2026-03-21T12:00-05:00',
    true,
    '2026-03-25T00:00-05:00',
  ],
  ['freeze: before', freeze, chicago, '2026-04-12T23:59-05:00', false, '2026-04-13T00:00-05:00'],
  ['freeze: within', freeze, chicago, '2026-04-13T03:00-05:00', true, '2026-04-15T00:00-05:00'],
  ['lunch', lunch, chicago, '2026-01-12T11:30-06:00', true, '2026-01-12T12:15-06:00'],
  [
    'after lunch on the day before one without',
    lunch,
    chicago,
    '2026-01-13T12:15-06:00',
    false,
    '2026-01-15T11:30-06:00',
  ],
  ['two periods side by side are one span', noon, chicago, '2026-01-12T10:00-06:00', true, '2026-01-12T12:15-06:00'],
  ['past midnight, the evening', night, chicago, '2026-01-12T23:00-06:00', true, '2026-01-13T06:00-06:00'],
  ['past midnight, the morning after', night, chicago, '2026-01-13T05:59-06:00', true, '2026-01-13T06:00-06:00'],
  ['past midnight, its end', night, chicago, '2026-01-13T06:00-06:00', false, '2026-01-17T22:00-06:00'],
  [
    'past midnight, a night that does not begin',
    night,
    chicago,
    '2026-01-13T23:00-06:00',
    false,
    '2026-01-17T22:00-06:00',
  ],
  ['past midnight, a short night', night, chicago, '2026-03-07T22:00-06:00', true, '2026-03-08T06:00-05:00'],
  ['past midnight, a long night in London', night, london, '2026-10-25T00:30+01:00', true, '2026-10-25T06:00+00:00'],
  [
    'school nights: on Friday it still begins',
    schoolNight,
    chicago,
    '2026-01-17T05:00-06:00',
    true,
    '2026-01-17T06:00-06:00',
  ],
  ['school nights: not on Saturday', schoolNight, chicago, '2026-01-17T22:30-06:00', false, '2026-01-19T22:00-06:00'],
  [
    '02:30 on the day it does not exist begins at 03:00',
    early,
    chicago,
    '2026-03-08T03:00-05:00',
    true,
    '2026-03-08T03:30-05:00',
  ],
  ['and not before', early, chicago, '2026-03-08T01:59-06:00', false, '2026-03-08T03:00-05:00'],
  ['a window wholly in the gap is none', gapOnly, chicago, '2026-03-08T01:00-06:00', false, '2026-03-15T02:10-05:00'],
  ['01:15 twice: from the first', small, chicago, '2026-11-01T01:15-05:00', true, '2026-11-01T01:45-06:00'],
  ['01:15 twice: still between the two', small, chicago, '2026-11-01T01:50-05:00', true, '2026-11-01T01:45-06:00'],
  ['01:15 twice: to the last', small, chicago, '2026-11-01T01:45-06:00', false, '2026-11-02T01:15-06:00'],
  [
    'an end at the hour clocks go back to is not drawn out',
    untilOne,
    chicago,
    '2026-11-01T00:45-05:00',
    true,
    '2026-11-01T01:00-05:00',
  ],
  ['a gap of half an hour on Lord Howe', early, lordHowe, '2026-10-04T01:00+10:30', false, '2026-10-04T02:30+11:00'],
  ['half an hour twice on Lord Howe', small, lordHowe, '2026-04-05T01:20+11:00', true, '2026-04-05T01:45+10:30'],
  ['no clocks change in India', early, kolkata, '2026-03-08T02:30+05:30', true, '2026-03-08T03:30+05:30'],
  ['from 08:00 to 08:00 is a whole day', monday, london, '2026-01-13T07:59+00:00', true, '2026-01-13T08:00+00:00'],
];

describe('a window', () => {
  it.each(cases)('%s', (_words, window, calendar, now, holds, until) => {
    expect(windowState(window, calendar, at(now))).toEqual({ holds, until: at(until) });
  });

  const lasting: [string, Window, SchoolCalendar | undefined, string, boolean][] = [
    ['always', always, undefined, '2026-01-12T09:00-06:00', true],
    ['every whole day', wholeDays, chicago, '2026-01-12T09:00-06:00', true],
    ['round the clock from 08:00', roundTheClock, chicago, '2026-01-12T09:00-06:00', true],
    ['school hours after the last term', school, chicago, '2026-06-12T15:00-05:00', false],
    ['days off after the last term', daysOff, chicago, '2026-06-13T00:00-05:00', true],
    ['freezes after the last', freeze, chicago, '2026-04-15T00:00-05:00', false],
    ['a period no bell has', { kind: 'periods', periods: ['Tea'] }, chicago, '2026-01-12T09:00-06:00', false],
    ['school hours without a calendar', school, undefined, '2026-01-12T09:00-06:00', false],
    ['outside school hours without a calendar', outside, undefined, '2026-01-12T09:00-06:00', false],
    ['times in a zone nobody knows', early, calendarIn('Mars/Olympus'), '2026-01-12T09:00-06:00', false],
  ];
  it.each(lasting)('stays for good: %s', (_words, window, calendar, now, holds) => {
    expect(windowState(window, calendar, at(now))).toEqual({ holds, until: never });
  });

  it('is certain for a year when the calendar reaches further', () => {
    const far = calendarIn('Europe/London', {
      terms: [{ title: 'Far', from: '2031-01-01', to: '2031-12-31' }],
      holidays: [],
      exceptions: [],
      freezes: [],
    });
    expect(windowState(school, far, at('2026-01-12T09:00Z'))).toEqual({ holds: false, until: at('2027-02-16T00:00Z') });
  });

  it('without terms every week of the year is school', () => {
    const plain = calendarIn('Europe/London', { terms: [], holidays: [], exceptions: [], freezes: [] });
    expect(windowState(school, plain, at('2040-08-15T08:30+01:00'))).toEqual({
      holds: true,
      until: at('2040-08-15T11:00+01:00'),
    });
  });

  it('leaves out periods that end before they begin', () => {
    const odd = calendarIn('Europe/London', {
      bells: [{ name: 'Regular', periods: [{ name: 'Odd', from: '09:00', to: '08:00' }] }],
    });
    expect(windowState(school, odd, at('2026-01-12T08:30Z'))).toEqual({ holds: false, until: never });
  });
});

describe('walking from until to until', () => {
  const zones = [chicago, london, kolkata, lordHowe, calendarIn('Africa/Cairo')];
  const windows = [
    school,
    outside,
    schoolDays,
    daysOff,
    freeze,
    lunch,
    noon,
    night,
    schoolNight,
    early,
    small,
    untilOne,
    gapOnly,
    monday,
  ];
  // The weeks in which clocks change, a holiday, a freeze, the ends of the year.
  const starts = [
    '2026-01-01',
    '2026-03-05',
    '2026-03-21',
    '2026-03-26',
    '2026-04-02',
    '2026-04-11',
    '2026-04-22',
    '2026-06-09',
    '2026-10-01',
    '2026-10-22',
    '2026-10-29',
  ];
  const random = new SeededRandom(7);
  const runs = zones.flatMap((calendar) =>
    windows.map((window) => [calendar.zone, window.kind, calendar, window] as const),
  );

  it.each(runs)('%s %s gives the answer of asking each minute', (_zone, _kind, calendar, window) => {
    const start =
      at(`${starts[Math.floor(random.unit() * starts.length)]}T00:00Z`) + Math.floor(random.unit() * 1440) * 60_000;
    const end = start + 3 * 86_400_000;
    let state = windowState(window, calendar, start);
    for (let now = start; now < end; now += 60_000) {
      if (now >= state.until) {
        const next = windowState(window, calendar, state.until);
        expect(next.holds, `changes at ${new Date(state.until).toISOString()}`).toBe(!state.holds);
        state = next;
      }
      // Each minute around a change, every seventh elsewhere.
      const isNear = state.until - now < 180_000;
      if (isNear || now % 420_000 === 0) {
        const asked = windowState(window, calendar, now);
        if (asked.holds !== state.holds || asked.until !== state.until)
          expect(asked, new Date(now).toISOString()).toEqual(state);
      }
    }
  });
});

describe('the lesson of now', () => {
  it.each([
    ['2026-01-12T11:45-06:00', { name: 'Lunch', from: at('2026-01-12T11:30-06:00'), to: at('2026-01-12T12:15-06:00') }],
    ['2026-01-12T09:30-06:00', undefined],
    ['2026-01-12T15:00-06:00', undefined],
    ['2026-02-03T09:00-06:00', undefined],
  ])('at %s', (now, expected) => {
    expect(periodAt(chicago, at(now))).toEqual(expected);
  });

  it('is unknown in an unknown zone', () => {
    expect(periodAt(calendarIn('Mars/Olympus'), 0)).toBeUndefined();
  });
});

it('tells the first change of several windows', () => {
  const now = at('2026-01-12T11:45-06:00');
  expect(nextChange([school, lunch, always], chicago, now)).toBe(at('2026-01-12T12:15-06:00'));
  expect(nextChange([], chicago, now)).toBe(never);
  expect(schoolHoursAt(chicago, now).holds).toBe(true);
});
