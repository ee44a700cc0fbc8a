import { describe, expect, it } from 'vitest';
import type { SchoolCalendar } from '../../../shared/calendar/calendar.ts';
import { type ImportMapping, withImported } from '../../../shared/calendar/calendar-import.ts';
import { calendarChanges } from '../../../shared/calendar/changes.ts';
import type { IcalendarDays } from '../../../shared/calendar/icalendar.ts';
import { calendarIn } from './calendars.ts';

const calendar = calendarIn('America/Chicago');
const mapping: ImportMapping = {
  words: { freezes: ['testing'], early: ['early release'], closures: ['snow'], holidays: ['no school', 'break'] },
  earlyBells: 'Early dismissal',
  others: 'leave',
  mode: 'add',
};
const on = (title: string, from: string, to = from, ...categories: string[]): IcalendarDays => ({
  ...{ title, from, to, categories, line: 3 },
});
const imported = (days: IcalendarDays[], change: Partial<ImportMapping> = {}) =>
  withImported(calendar, days, { ...mapping, ...change });

describe('what the words of a title or category make of an event', () => {
  it.each<[string, IcalendarDays, Partial<SchoolCalendar>]>([
    [
      'a holiday, by its title in other letters',
      on('Presidents’ Day – NO SCHOOL', '2026-02-16'),
      {
        holidays: [
          { title: 'Presidents’ Day – NO SCHOOL', from: '2026-02-16', to: '2026-02-16' },
          ...calendar.holidays,
        ],
      },
    ],
    [
      'a holiday, by its category',
      on('Good Friday', '2026-04-03', '2026-04-03', 'No School'),
      { holidays: [...calendar.holidays, { title: 'Good Friday', from: '2026-04-03', to: '2026-04-03' }] },
    ],
    [
      'an early release, though it says no school for some',
      on('Early release (no school in the afternoon)', '2026-05-20'),
      {
        exceptions: [
          ...calendar.exceptions,
          { date: '2026-05-20', title: 'Early release (no school in the afternoon)', bells: 'Early dismissal' },
        ],
      },
    ],
    [
      'a snow day of two days',
      on('Snow', '2026-05-20', '2026-05-21'),
      {
        exceptions: [
          ...calendar.exceptions,
          { date: '2026-05-20', title: 'Snow', bells: null },
          { date: '2026-05-21', title: 'Snow', bells: null },
        ],
      },
    ],
    [
      'a freeze',
      on('State testing', '2026-05-04', '2026-05-08'),
      { freezes: [...calendar.freezes, { title: 'State testing', from: '2026-05-04', to: '2026-05-08' }] },
    ],
    ['nothing, for a breakfast is no break', on('Breakfast, daybreak', '2026-05-20'), {}],
    ['nothing, and its title is told', on('Board meeting', '2026-05-20'), {}],
  ])('%s', (_, event, change) => {
    const given = imported([event]);
    expect(given.calendar).toEqual({ ...calendar, ...change });
    expect(given.left).toEqual(Object.keys(change).length > 0 ? [] : [event.title]);
    expect(given.problems).toEqual([]);
  });

  it('takes signs of patterns as they are, and a word with an s', () => {
    const words = { ...mapping.words, holidays: ['(a+)+.*', 'no class'] };
    const days = [
      on('aaaaaaaaaaaaaaaaaaaaaaaa!', '2026-05-20'),
      on('No classes', '2026-05-21'),
      on('NO CLASS', '2026-05-22'),
    ];
    expect(imported(days, { words }).left).toEqual(['aaaaaaaaaaaaaaaaaaaaaaaa!', 'No classes']);
  });

  it('makes holidays of the others where that is chosen', () => {
    expect(imported([on('Founders', '2026-05-20')], { others: 'holidays' }).calendar.holidays).toHaveLength(2);
  });
});

describe('a file and what the calendar says already', () => {
  it('makes one holiday of days of one name that follow each other', () => {
    const days = ['2026-05-18', '2026-05-19', '2026-05-20'].map((date) => on('Fall break', date));
    expect(imported(days).calendar.holidays.at(-1)).toEqual({
      title: 'Fall break',
      from: '2026-05-18',
      to: '2026-05-20',
    });
  });

  it('changes nothing the second time', () => {
    const days = [on('Fall break', '2026-05-18', '2026-05-20'), on('Snow', '2026-05-26'), on('Testing', '2026-05-27')];
    const once = imported(days).calendar;
    expect(withImported(once, days, mapping).calendar).toEqual(once);
    expect(calendarChanges(once, once, '2026-02-01')).toEqual({ rows: [], effects: ['No day changes.'], next: [] });
  });

  it('takes as many days as a file may hold', () => {
    const apart = Array.from({ length: 20_000 }, (_, day) => on('Break', addDay(2 * (day % 5_000))));
    const long = Array.from({ length: 20_000 }, () => on('Snow', '2026-05-01', '2026-05-31'));
    expect(imported(apart).calendar.holidays).toHaveLength(100);
    expect(imported(long).calendar.exceptions).toHaveLength(calendar.exceptions.length + 31);
  });

  it('leaves a closure of months out, and says that it is a holiday', () => {
    const given = imported([on('Snow', '2026-05-01', '2026-07-01'), on('Early release', '2026-05-01', '2026-07-01')]);
    expect(given.calendar).toEqual(calendar);
    expect(given.problems).toHaveLength(2);
    expect(given.problems[0]?.words).toContain('Make it a holiday');
  });

  it('keeps the name a holiday has where only the file calls it otherwise', () => {
    expect(imported([on('Break', '2026-03-23', '2026-03-27')]).calendar.holidays).toEqual(calendar.holidays);
  });

  it('lets the file decide a day that has an exception', () => {
    const { exceptions } = imported([on('Snow again', '2026-02-05')]).calendar;
    expect(exceptions.find(({ date }) => date === '2026-02-05')).toMatchObject({ title: 'Snow again', bells: null });
    expect(exceptions).toHaveLength(3);
  });

  it('replaces only the kinds of which the file has any', () => {
    const given = imported([on('Fall break', '2026-05-18')], { mode: 'replace' }).calendar;
    expect(given.holidays.map(({ title }) => title)).toEqual(['Fall break']);
    expect(given).toMatchObject({ exceptions: calendar.exceptions, freezes: calendar.freezes });
  });

  it('leaves early releases out until their bells are chosen, and says so', () => {
    const given = imported([on('Early release', '2026-05-20')], { earlyBells: undefined });
    expect(given.calendar).toEqual(calendar);
    expect(given.problems).toMatchObject([{ line: 3, words: expect.stringContaining('choose the bell schedule') }]);
  });

  it('holds no more than a calendar may, and says how many are left out', () => {
    const days = Array.from({ length: 120 }, (_, day) => on(`Break ${day}`, '2026-05-18'))
      .map((one, day) => ({ ...one, from: `2026-0${1 + (day % 5)}-${10 + (day % 17)}` }))
      .map((one) => ({ ...one, to: one.from }));
    const given = imported(days);
    expect(given.calendar.holidays.length).toBeLessThanOrEqual(100);
    expect(imported(Array.from({ length: 150 }, (_, day) => on('Snow', addDay(day)))).problems).toMatchObject([
      { words: expect.stringContaining('at most 100 exceptions; 53 more were left out') },
    ]);
  });
});

describe('what changes, in words', () => {
  const change = (days: IcalendarDays[]) => calendarChanges(calendar, imported(days).calendar, '2026-02-01');
  it('counts the school days that are lost, and tells the next ones', () => {
    expect(change([on('Fall break', '2026-05-18', '2026-05-24')])).toEqual({
      rows: ['Holiday added: “Fall break”, 2026-05-18 to 2026-05-24.'],
      effects: ['5 school days fewer between 2026-05-18 and 2026-05-22.'],
      next: ['2026-05-18', '2026-05-19', '2026-05-20', '2026-05-21', '2026-05-22'].map((date) => ({
        date,
        before: date === '2026-05-20' ? 'School day: Early dismissal' : 'School day: Regular',
        after: 'No school: Fall break',
      })),
    });
  });

  it.each<[string, SchoolCalendar, string[]]>([
    [
      'a school day more',
      { ...calendar, holidays: [], exceptions: [] },
      [
        '5 school days more between 2026-02-03 and 2026-03-27.',
        '2 school days with other bells between 2026-02-05 and 2026-03-25.',
      ],
    ],
    [
      'other bells',
      {
        ...calendar,
        exceptions: [...calendar.exceptions, { date: '2026-05-18', title: 'Early', bells: 'Early dismissal' }],
      },
      ['1 school day with other bells on 2026-05-18.'],
    ],
    [
      'a freeze that goes',
      { ...calendar, freezes: [] },
      ['2 days fewer in a freeze between 2026-04-13 and 2026-04-14.'],
    ],
    [
      'a holiday that moves',
      { ...calendar, exceptions: [], holidays: [{ title: 'Spring break', from: '2026-03-30', to: '2026-04-03' }] },
      ['School is added on 5 days and dropped on 5 days between 2026-02-03 and 2026-04-03.'],
    ],
    [
      'another name',
      { ...calendar, exceptions: calendar.exceptions.map((day) => ({ ...day, title: `${day.title}!` })) },
      ['Only names of days change between 2026-02-05 and 2026-03-25.'],
    ],
  ])('%s', (_, after, words) => {
    const { effects } = calendarChanges(calendar, after, '2026-02-01');
    for (const one of words) expect(effects.join(' ')).toContain(one);
  });
});

function addDay(day: number): string {
  return new Date(Date.UTC(2026, 6, 1 + day)).toISOString().slice(0, 10);
}
