import type { FilterSettings } from '../../shared/api/schemas.ts';
import { filterSettingsDefaults } from '../../shared/api/schemas.ts';
import type { BellSchedule, SchoolCalendar } from '../../shared/calendar/calendar.ts';
import { schoolYearAt } from './calendar.ts';

const regular = 'Regular bells';
const early = 'Early dismissal';

/** What the sample district decides for every web filter. The networks are reserved for documentation (RFC 5737, RFC 3849). */
export const sampleFilterSettings: FilterSettings = {
  ...filterSettingsDefaults,
  essentials: ['maple-county.example'],
  campus: [{ name: 'Maple County schools', publicAddresses: ['198.51.100.0/24', '2001:db8:100::/48'] }],
};

/** The calendar of the school year that runs at `today` (`YYYY-MM-DD`), in the zone of Chicago. */
export function sampleCalendar(today: string): SchoolCalendar {
  const { schoolYear: last, sessions } = schoolYearAt(today);
  const first = last - 1;
  const terms = sessions
    .filter(({ type }) => type === 'semester')
    .map(({ title, start, end }) => ({ title, from: start, to: end }));
  return {
    zone: 'America/Chicago',
    bells: [regularBells(), shortBells()],
    week: {
      ...{ monday: regular, tuesday: regular, wednesday: early, thursday: regular, friday: regular },
      ...{ saturday: null, sunday: null },
    },
    terms,
    holidays: [
      { title: 'Fall break', from: `${first}-11-23`, to: `${first}-11-27` },
      { title: 'Winter break', from: `${first}-12-21`, to: `${last}-01-02` },
      { title: 'Spring break', from: `${last}-03-15`, to: `${last}-03-19` },
    ],
    exceptions: [{ date: `${first}-12-18`, title: 'Last day before the break', bells: early }],
    freezes: [{ title: 'State testing', from: `${last}-04-12`, to: `${last}-04-23` }],
  };
}

function regularBells(): BellSchedule {
  return {
    name: regular,
    periods: [
      { name: 'Period 1', from: '08:05', to: '09:05' },
      { name: 'Period 2', from: '09:10', to: '10:10' },
      { name: 'Period 3', from: '10:15', to: '11:15' },
      { name: 'Lunch', from: '11:15', to: '12:00' },
      { name: 'Period 4', from: '12:00', to: '13:00' },
      { name: 'Period 5', from: '13:05', to: '14:05' },
      { name: 'Period 6', from: '14:10', to: '15:05' },
    ],
  };
}

function shortBells(): BellSchedule {
  return {
    name: early,
    periods: [
      { name: 'Period 1', from: '08:05', to: '08:50' },
      { name: 'Period 2', from: '08:55', to: '09:40' },
      { name: 'Period 3', from: '09:45', to: '10:30' },
      { name: 'Lunch', from: '10:30', to: '11:10' },
      { name: 'Period 4', from: '11:10', to: '12:00' },
    ],
  };
}
