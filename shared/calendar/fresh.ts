import type { SchoolCalendar } from './calendar.ts';

/** A calendar to begin with: ordinary weeks, to be filled in. */
export function freshCalendar(zone: string): SchoolCalendar {
  const name = 'Regular';
  const week = { monday: name, tuesday: name, wednesday: name, thursday: name, friday: name };
  return {
    zone,
    bells: [{ name, periods: [{ name: 'School day', from: '08:00', to: '15:00' }] }],
    week: { ...week, saturday: null, sunday: null },
    terms: [],
    holidays: [],
    exceptions: [],
    freezes: [],
  };
}
