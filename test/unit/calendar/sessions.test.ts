import { describe, expect, it } from 'vitest';
import { type AcademicSession, type SessionType, termsOf, withTerms } from '../../../shared/calendar/sessions.ts';
import { calendarIn } from './calendars.ts';

const session = (title: string, type: string, startDate: string, endDate: string, schoolYear = '2027') => ({
  ...{ title, type, startDate, endDate, schoolYear },
});
const sessions: AcademicSession[] = [
  session('2026-27', 'schoolYear', '2026-08-31', '2027-06-05'),
  session('Spring', 'semester', '2027-01-11', '2027-06-05'),
  session('Fall', 'semester', '2026-08-31', '2026-12-19'),
  session('Fall of Cedar', 'semester', '2026-08-31', '2026-12-19'),
  session('Quarter 1', 'gradingPeriod', '2026-08-31', '2026-10-31'),
  session('Fall last year', 'semester', '2025-08-31', '2025-12-19', '2026'),
  session('Backward', 'term', '2026-10-01', '2026-10-01'),
];

describe('terms from the sessions of the roster', () => {
  it.each<[string, SessionType, 'day-after' | 'last-day', string[]]>([
    [
      'semesters once each, without last year’s',
      'semester',
      'day-after',
      ['2026-08-31/2026-12-18', '2027-01-11/2027-06-04'],
    ],
    ['the school year', 'schoolYear', 'day-after', ['2026-08-31/2027-06-04']],
    ['ends that say the last day itself', 'gradingPeriod', 'last-day', ['2026-08-31/2026-10-31']],
    ['none that end before they begin', 'term', 'day-after', []],
  ])('%s', (_, type, endsOn, expected) => {
    const terms = termsOf(sessions, type, endsOn, '2026-11-22');
    expect(terms.map(({ from, to }) => `${from}/${to}`)).toEqual(expected);
  });

  it('keeps the first semester while its school year goes on, and drops all after it', () => {
    expect(termsOf(sessions, 'semester', 'day-after', '2027-05-01')).toHaveLength(2);
    expect(termsOf(sessions, 'semester', 'day-after', '2027-06-06')).toEqual([]);
  });

  it('take the place of those they share days with, and of no others', () => {
    const old = { title: 'Last year', from: '2026-01-05', to: '2026-06-12' };
    const calendar = calendarIn('America/Chicago', {
      terms: [old, { title: 'Whole year', from: '2026-09-01', to: '2027-06-01' }],
    });
    const proposed = termsOf(sessions, 'semester', 'day-after', '2026-11-22');
    expect(withTerms(calendar, proposed).terms).toEqual([old, ...proposed]);
  });
});
