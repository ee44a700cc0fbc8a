import { describe, expect, it } from 'vitest';
import { dayByKey, firstMonthOf, monthAfter, yearFrom } from '../../../server/console/src/pages/calendar/year-days.ts';
import { calendarIn } from '../calendar/calendars.ts';

const calendar = calendarIn('America/Chicago');

describe('the school year', () => {
  it.each<[string, string, string[], string]>([
    ['begins in August where there are no terms', '2026-11-22', [], '2026-08'],
    ['began last year until then', '2026-07-31', [], '2025-08'],
    ['begins with the earliest term', '2026-11-22', ['2027-01-11', '2026-09-01'], '2026-09'],
    ['is the one a day lies in, however old the terms are', '2028-03-01', ['2026-09-01'], '2027-09'],
    ['passes over a term that has no day yet', '2026-11-22', ['', '2026-09-01'], '2026-09'],
  ])('%s', (_, date, begins, expected) => {
    const terms = begins.map((from) => ({ title: 'Term', from, to: from }));
    expect(firstMonthOf({ ...calendar, terms }, date)).toBe(expected);
  });

  it('has twelve months of all their days, each beginning at its weekday', () => {
    const year = yearFrom(calendar, '2025-08');
    expect(year.map(({ days }) => days.length)).toEqual([31, 30, 31, 30, 31, 31, 28, 31, 30, 31, 30, 31]);
    expect(year[0]).toMatchObject({ title: 'August 2025', before: 4 });
    expect(monthAfter('2025-08', -8)).toBe('2024-12');
  });

  const days = yearFrom(calendar, '2025-08').flatMap((month) => month.days);
  it.each([
    ['2026-02-02', 'school', false, 'Monday, February 2, 2026. School day: Regular'],
    ['2026-02-05', 'bells', false, 'Thursday, February 5, 2026. School day: Assembly, Early dismissal'],
    ['2026-03-23', 'holiday', false, 'Monday, March 23, 2026. No school: Spring break'],
    ['2026-03-25', 'bells', false, 'Wednesday, March 25, 2026. School day: Make-up day, Regular'],
    ['2026-02-03', 'closed', false, 'Tuesday, February 3, 2026. No school: Snow day'],
    ['2026-02-07', 'off', false, 'Saturday, February 7, 2026. No school on this weekday'],
    ['2025-12-24', 'off', false, 'Wednesday, December 24, 2025. No school: Outside the terms'],
    ['2026-04-13', 'school', true, 'Monday, April 13, 2026. School day: Regular; State testing'],
  ])('tells what %s is', (date, kind, freeze, words) => {
    expect(days.find((day) => day.date === date)).toEqual({ date, kind, freeze, words });
  });

  it.each([
    ['ArrowLeft', '2026-02-28'],
    ['ArrowDown', '2026-03-08'],
    ['Home', '2026-03-01'],
    ['End', '2026-03-31'],
    ['PageUp', '2026-02-01'],
    ['PageDown', '2026-04-01'],
    ['a', undefined],
  ])('%s leads from the first of March to %s', (key, expected) => {
    expect(dayByKey('2026-03-01', key)).toBe(expected);
  });
});
