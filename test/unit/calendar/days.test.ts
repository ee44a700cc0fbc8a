import { describe, expect, it } from 'vitest';
import type { SchoolCalendar } from '../../../shared/calendar/calendar.ts';
import { dayOf, dayOn, schoolDaysBetween } from '../../../shared/calendar/days.ts';
import { calendarProblems, windowProblems } from '../../../shared/calendar/problems.ts';
import { at, calendarIn } from './calendars.ts';

const chicago = calendarIn('America/Chicago');

describe('a day', () => {
  it.each([
    ['2026-01-12', true, 'Regular', {}],
    ['2026-01-14', true, 'Early dismissal', {}],
    ['2026-01-17', false, 'No school on this weekday', {}],
    ['2026-02-03', false, 'Snow day', {}],
    ['2026-02-05', true, 'Assembly', {}],
    ['2026-03-23', false, 'Spring break', { holiday: 'Spring break' }],
    ['2026-03-27', false, 'Spring break', { holiday: 'Spring break' }],
    ['2026-03-25', true, 'Make-up day', { holiday: 'Spring break' }],
    ['2026-04-13', true, 'Regular', { freeze: 'State testing' }],
    ['2026-01-04', false, 'Outside the terms', {}],
    ['2026-06-13', false, 'Outside the terms', {}],
  ])('%s: school %s, %s', (date, isSchoolDay, title, also) => {
    const { bells, ...day } = dayOn(chicago, date);
    expect(day).toEqual({ date, isSchoolDay, title, ...also });
    expect(bells === undefined).toBe(!isSchoolDay);
  });

  it('is the one of the zone, not of Greenwich', () => {
    const instant = at('2026-01-12T03:00Z');
    expect(dayOf(chicago, instant).date).toBe('2026-01-11');
    expect(dayOf(calendarIn('Asia/Kolkata'), instant).date).toBe('2026-01-12');
  });

  it.each([
    ['a week', '2026-01-12', '2026-01-19', 5],
    ['the same day', '2026-01-12', '2026-01-12', 0],
    ['backwards', '2026-01-19', '2026-01-12', 0],
    ['over the holiday with its make-up day', '2026-03-20', '2026-03-31', 3],
  ])('counts school days: %s', (_words, from, to, count) => {
    expect(schoolDaysBetween(chicago, from, to)).toBe(count);
  });
});

describe('problems of a calendar', () => {
  const bells = (...periods: [string, string, string][]) => ({
    bells: [{ name: 'Regular', periods: periods.map(([name, from, to]) => ({ name, from, to })) }],
    week: { ...chicago.week, wednesday: null },
    exceptions: [],
  });
  const cases: [string, Partial<SchoolCalendar>, string[]][] = [
    ['none', {}, []],
    ['periods side by side are none', bells(['A', '08:00', '09:00'], ['B', '09:00', '10:00']), []],
    ['periods in any order', bells(['B', '09:00', '10:00'], ['A', '08:00', '09:00']), []],
    [
      'an exception outside the terms is none',
      { exceptions: [{ date: '2026-08-01', title: 'Open day', bells: 'Regular' }] },
      [],
    ],
    [
      'an unknown zone',
      { zone: 'Mars/Olympus' },
      ['There is no time zone "Mars/Olympus". Write one such as America/Chicago.'],
    ],
    [
      'a period that ends before it begins',
      bells(['A', '09:00', '08:00']),
      ['The period "A" of the bell schedule "Regular" ends at 08:00, not after it begins at 09:00.'],
    ],
    [
      'periods that overlap, also over one between',
      bells(['Long', '08:00', '12:00'], ['B', '09:00', '10:00'], ['C', '11:00', '13:00']),
      [
        'The period "B" of the bell schedule "Regular" begins at 09:00, before "Long" has ended at 12:00.',
        'The period "C" of the bell schedule "Regular" begins at 11:00, before "Long" has ended at 12:00.',
      ],
    ],
    [
      'bells that do not exist',
      { week: { ...chicago.week, monday: 'Late' }, exceptions: [{ date: '2026-02-03', title: 'Odd', bells: 'Half' }] },
      [
        'There is no bell schedule "Late", which the week\'s monday names.',
        'There is no bell schedule "Half", which the exception of 2026-02-03 names.',
      ],
    ],
    [
      'two bell schedules of one name',
      { bells: [...chicago.bells, ...chicago.bells.slice(0, 1)] },
      ['There are two bell schedules "Regular". Rename one.'],
    ],
    [
      'ranges that end before they begin',
      {
        terms: [{ title: 'T', from: '2026-02-01', to: '2026-01-01' }],
        holidays: [{ title: 'H', from: '2026-02-01', to: '2026-01-01' }],
        freezes: [{ title: 'F', from: '2026-02-01', to: '2026-01-01' }],
      },
      [
        'The term "T" ends on 2026-01-01, before it begins on 2026-02-01.',
        'The holiday "H" ends on 2026-01-01, before it begins on 2026-02-01.',
        'The freeze "F" ends on 2026-01-01, before it begins on 2026-02-01.',
      ],
    ],
    [
      'terms that share a day',
      {
        terms: [
          { title: 'Spring', from: '2026-01-05', to: '2026-03-20' },
          { title: 'Summer', from: '2026-03-20', to: '2026-06-12' },
        ],
      },
      ['The terms "Spring" and "Summer" overlap. Change one.'],
    ],
    [
      'days no calendar has',
      {
        holidays: [{ title: 'H', from: '2026-02-30', to: '2026-03-01' }],
        exceptions: [{ date: '2026-04-31', title: 'E', bells: null }],
      },
      [
        'There is no 2026-04-31, which the exception of 2026-04-31 names.',
        'There is no 2026-02-30, which the holiday "H" names.',
      ],
    ],
    [
      'two exceptions for a day',
      {
        exceptions: [
          { date: '2026-02-03', title: 'Snow', bells: null },
          { date: '2026-02-03', title: 'No snow', bells: 'Regular' },
        ],
      },
      ['There are two exceptions for 2026-02-03. Keep one.'],
    ],
  ];
  it.each(cases)('%s', (_words, changes, problems) => {
    expect(calendarProblems(calendarIn('America/Chicago', changes))).toEqual(problems);
  });

  it('names what a window lacks', () => {
    const where = 'The schedule "Games at lunch"';
    expect(windowProblems(where, { kind: 'periods', periods: ['lunch', 'Tea'] }, chicago)).toEqual([
      `${where} names the period "Tea", which no bell schedule has.`,
    ]);
    expect(windowProblems(where, { kind: 'school-hours' }, undefined)).toEqual([
      `${where} goes by the school calendar, and there is none. Write the calendar first.`,
    ]);
    expect(windowProblems(where, { kind: 'times', from: '24:00', to: '06:00', days: ['monday'] }, chicago)).toEqual([
      `${where} begins at 24:00. Write 00:00.`,
    ]);
    expect(windowProblems(where, { kind: 'always' }, undefined)).toEqual([]);
  });
});
