import type { CalendarPreview, CalendarView } from '../../shared/api/schemas.ts';
import type { SchoolCalendar } from '../../shared/calendar/calendar.ts';
import { calendarChanges } from '../../shared/calendar/changes.ts';
import { ago } from './console-district.ts';

const bells = {
  name: 'Regular',
  periods: [
    { name: 'Homeroom', from: '08:00', to: '08:15' },
    { name: 'Period 1', from: '08:20', to: '09:10' },
    { name: 'Period 2', from: '09:15', to: '10:05' },
    { name: 'Period 3', from: '10:10', to: '11:00' },
    { name: 'Lunch', from: '11:00', to: '11:45' },
    { name: 'Period 4', from: '11:50', to: '12:40' },
    { name: 'Period 5', from: '12:45', to: '13:35' },
    { name: 'Period 6', from: '13:40', to: '15:05' },
  ],
};
const short = {
  name: 'Early dismissal',
  periods: [
    { name: 'Period 1', from: '08:00', to: '09:30' },
    { name: 'Period 2', from: '09:35', to: '11:30' },
  ],
};

export const calendar: SchoolCalendar = {
  zone: 'America/Chicago',
  bells: [bells, short],
  week: {
    monday: 'Regular',
    tuesday: 'Regular',
    wednesday: 'Early dismissal',
    thursday: 'Regular',
    friday: 'Regular',
    saturday: null,
    sunday: null,
  },
  terms: [
    { title: 'Fall', from: '2026-08-31', to: '2026-12-18' },
    { title: 'Spring', from: '2027-01-11', to: '2027-06-04' },
  ],
  holidays: [{ title: 'Thanksgiving', from: '2026-11-25', to: '2026-11-27' }],
  exceptions: [
    { date: '2026-12-18', title: 'Last day before the break', bells: 'Early dismissal' },
    { date: '2027-02-12', title: 'Snow day', bells: null },
  ],
  freezes: [{ title: 'State testing', from: '2027-04-12', to: '2027-04-23' }],
};

export const calendars: CalendarView[] = [
  {
    orgId: null,
    orgName: 'Lindenfield Unified School District',
    calendar,
    updatedAt: ago(40 * 86_400_000),
    today: 'School day, Regular bells 08:00–15:05',
  },
  {
    orgId: 's1',
    orgName: 'Harbor Point Elementary',
    calendar: { ...calendar, bells: [short], week: { ...calendar.week, wednesday: null }, exceptions: [] },
    updatedAt: ago(12 * 86_400_000),
    today: 'No school: Sunday',
  },
];

const withFile: SchoolCalendar = {
  ...calendar,
  holidays: [...calendar.holidays, { title: 'Presidents’ Day', from: '2027-02-15', to: '2027-02-15' }],
  exceptions: [
    { date: '2026-12-08', title: 'Early release: conferences', bells: 'Early dismissal' },
    ...calendar.exceptions,
  ],
};
const changed = calendarChanges(calendar, withFile, '2026-11-22');

/** What the district's file would make of its calendar. */
export const importedCalendar: CalendarPreview = {
  calendar: withFile,
  summary: '41 events in the file, of which 38 days or stretches between 2025-11-21 and 2028-11-22; 2 taken.',
  ...{ changes: changed.rows, effects: changed.effects, next: changed.next },
  leftOut: ['Board meeting', 'PTA <b>bake</b> sale'],
  problems: [
    {
      ...{ severity: 'error', file: 'File', row: 118, column: null },
      words: '“Picture day” was left out: its first day (DTSTART) is no date.',
    },
    {
      ...{ severity: 'warning', file: 'File', row: 204, column: null },
      words: '“Late start” repeats, but only what repeats by years or weeks is read. Only its first day was taken.',
    },
  ],
};
