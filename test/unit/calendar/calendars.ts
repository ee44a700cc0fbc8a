import type { SchoolCalendar } from '../../../shared/calendar/calendar.ts';

/** An ordinary school's year in a zone: weekdays from 08:00 to 15:00 with lunch from 11:30 to 12:15. */
export function calendarIn(zone: string, changes: Partial<SchoolCalendar> = {}): SchoolCalendar {
  return {
    zone,
    bells: [
      {
        name: 'Regular',
        periods: [
          { name: 'First', from: '08:00', to: '09:30' },
          { name: 'Second', from: '09:35', to: '11:30' },
          { name: 'Lunch', from: '11:30', to: '12:15' },
          { name: 'Third', from: '12:20', to: '15:00' },
        ],
      },
      { name: 'Early dismissal', periods: [{ name: 'First', from: '08:00', to: '11:00' }] },
    ],
    week: {
      monday: 'Regular',
      tuesday: 'Regular',
      wednesday: 'Early dismissal',
      thursday: 'Regular',
      friday: 'Regular',
      saturday: null,
      sunday: null,
    },
    terms: [{ title: 'Year', from: '2026-01-05', to: '2026-06-12' }],
    holidays: [{ title: 'Spring break', from: '2026-03-23', to: '2026-03-27' }],
    exceptions: [
      { date: '2026-02-03', title: 'Snow day', bells: null },
      { date: '2026-02-05', title: 'Assembly', bells: 'Early dismissal' },
      { date: '2026-03-25', title: 'Make-up day', bells: 'Regular' },
    ],
    freezes: [{ title: 'State testing', from: '2026-04-13', to: '2026-04-14' }],
    ...changes,
  };
}

/** A time with its offset as epoch milliseconds: `2026-03-08T02:30-06:00`. */
export function at(iso: string): number {
  const instant = Date.parse(iso);
  if (!/([+-]\d\d:\d\d|Z)$/.test(iso) || Number.isNaN(instant)) throw new Error(`${iso} is no instant`);
  return instant;
}
