import { describe, expect, it } from 'vitest';
import { afterSchoolHours, schoolHoursBetween } from '../../../shared/calendar/school-hours.ts';
import { calendarIn } from './calendars.ts';

/** 08:00 to 15:00; Wednesdays to 11:00; 3 February 2026 is a snow day. */
const calendar = calendarIn('America/Chicago');
const at = (local: string) => Date.parse(`${local}-06:00`);

describe('school hours', () => {
  it.each<[string, string, string, number]>([
    ['of one day', '2026-01-12T07:00', '2026-01-12T18:00', 7],
    ['from within a lesson', '2026-01-12T14:30', '2026-01-12T20:00', 0.5],
    ['over a night', '2026-01-12T14:00', '2026-01-13T09:00', 2],
    ['over a weekend', '2026-01-16T14:00', '2026-01-19T09:00', 2],
    ['of a week with an early dismissal', '2026-01-12T00:00', '2026-01-17T00:00', 31],
    ['over a snow day', '2026-02-02T14:00', '2026-02-04T09:00', 2],
    ['in the summer', '2026-07-01T00:00', '2026-08-01T00:00', 0],
    ['between the same instant twice', '2026-01-12T09:00', '2026-01-12T09:00', 0],
    ['backwards', '2026-01-13T09:00', '2026-01-12T09:00', 0],
  ])('%s', (_, from, to, hours) => {
    expect(schoolHoursBetween(calendar, at(from), at(to))).toBe(hours);
  });

  it.each<[string, string, number, string | undefined]>([
    ['the same morning', '2026-01-12T08:00', 2, '2026-01-12T10:00'],
    ['the next day', '2026-01-12T14:00', 2, '2026-01-13T09:00'],
    ['after the weekend', '2026-01-16T15:00', 1, '2026-01-19T09:00'],
    ['never, when school is over', '2026-06-15T08:00', 1, undefined],
  ])('have passed %s', (_, from, hours, then) => {
    expect(afterSchoolHours(calendar, at(from), hours)).toBe(then && at(then));
  });

  it('are all hours where there is no calendar', () => {
    expect(schoolHoursBetween(undefined, 0, 7_200_000)).toBe(2);
    expect(afterSchoolHours(undefined, 0, 2)).toBe(7_200_000);
  });
});
