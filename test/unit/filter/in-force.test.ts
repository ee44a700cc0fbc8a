import { describe, expect, it } from 'vitest';
import type { SchoolCalendar, Window } from '../../../shared/calendar/calendar.ts';
import { categoriesOf } from '../../../shared/filter/categories.ts';
import { inForceAt } from '../../../shared/filter/in-force.ts';
import { type Place, places } from '../../../shared/filter/place.ts';
import type { FilterSchedule, Override } from '../../../shared/profile/web-filter.ts';

const calendar: SchoolCalendar = {
  zone: 'America/Chicago',
  bells: [{ name: 'Regular', periods: [{ name: '1', from: '08:00', to: '15:00' }] }],
  week: {
    monday: 'Regular',
    tuesday: 'Regular',
    wednesday: 'Regular',
    thursday: 'Regular',
    friday: 'Regular',
    saturday: null,
    sunday: null,
  },
  terms: [],
  holidays: [],
  exceptions: [],
  freezes: [],
};
const schedule = (title: string, when: Window, more: Partial<FilterSchedule> = {}): FilterSchedule => {
  return { title, action: 'block', categories: [], domains: ['a.test'], when, place: 'anywhere', ...more };
};
const override = (id: string, from: string, until: string): Override => {
  return {
    id,
    kind: 'block',
    domains: [],
    categories: [],
    from: Date.parse(from),
    until: Date.parse(until),
    reason: '',
    by: '',
  };
};

// Monday, 12 January 2026; Chicago is six hours behind.
const morning = '2026-01-12T13:00:00Z';
const noon = '2026-01-12T18:00:00Z';
const bell = Date.parse('2026-01-12T14:00:00Z');
const lastBell = Date.parse('2026-01-12T21:00:00Z');
const schoolHours = schedule('lessons', { kind: 'school-hours' });
const always = schedule('always', { kind: 'always' });

function at(when: string, schedules: FilterSchedule[], overrides: Override[] = [], place: Place = 'unknown') {
  return inForceAt({ settings: { schedules }, calendar, overrides }, { now: Date.parse(when), place });
}

describe('what is in force', () => {
  it('is nothing, for good, when nothing is bound to a time', () => {
    expect(inForceAt({ settings: {} }, { now: 0, place: 'unknown' })).toEqual({
      schedules: [],
      overrides: [],
      until: Number.POSITIVE_INFINITY,
    });
  });
  it('begins with the first bell', () => {
    expect(at(morning, [schoolHours])).toEqual({ schedules: [], overrides: [], until: bell });
  });
  it('lasts until the last bell', () => {
    expect(at(noon, [schoolHours, always])).toEqual({
      schedules: [
        { schedule: schoolHours, until: lastBell },
        { schedule: always, until: Number.POSITIVE_INFINITY },
      ],
      overrides: [],
      until: lastBell,
    });
  });
  it('is only what always holds when there is no calendar', () => {
    const settings = { schedules: [schoolHours, always] };
    const { schedules, until } = inForceAt({ settings }, { now: Date.parse(noon), place: 'unknown' });
    expect(schedules.map((one) => one.schedule.title)).toEqual(['always']);
    expect(until).toBe(Number.POSITIVE_INFINITY);
  });

  it('has overrides from their start up to their end, and changes at both', () => {
    const lesson = override('lesson', '2026-01-12T17:00:00Z', '2026-01-12T18:00:00Z');
    const seen = ['16:59', '17:00', '17:59', '18:00'].map((time) => {
      const { overrides, until } = at(`2026-01-12T${time}:00Z`, [], [lesson]);
      return [overrides.length, Number.isFinite(until) ? new Date(until).toISOString().slice(11, 16) : 'for good'];
    });
    expect(seen).toEqual([
      [0, '17:00'],
      [1, '18:00'],
      [1, '18:00'],
      [0, 'for good'],
    ]);
  });

  it('changes at the first of all its changes', () => {
    const lesson = override('lesson', '2026-01-12T17:00:00Z', '2026-01-12T18:30:00Z');
    const later = override('later', '2026-01-12T18:15:00Z', '2026-01-12T19:00:00Z');
    expect(at(noon, [schoolHours], [lesson, later]).until).toBe(Date.parse('2026-01-12T18:15:00Z'));
  });

  const byPlace: [FilterSchedule['place'], FilterSchedule['action'], Place[]][] = [
    ['anywhere', 'block', ['on-campus', 'off-campus', 'unknown']],
    ['anywhere', 'allow', ['on-campus', 'off-campus', 'unknown']],
    ['on-campus', 'block', ['on-campus', 'unknown']],
    ['on-campus', 'allow', ['on-campus']],
    ['off-campus', 'block', ['off-campus', 'unknown']],
    ['off-campus', 'allow', ['off-campus']],
  ];
  it.each(byPlace)('has a schedule for %s that says %s in these places: %j', (place, action, expected) => {
    const bound = schedule('bound', { kind: 'always' }, { place, action });
    expect(places.filter((here) => at(noon, [bound], [], here).schedules.length === 1)).toEqual(expected);
  });
});

describe('the categories a device needs', () => {
  it('are those of every layer, each once, the locked ones first', () => {
    const settings = {
      blockedCategories: ['games', 'adult'],
      lockedCategories: ['adult'],
      schedules: [schedule('lessons', { kind: 'school-hours' }, { categories: ['social', 'games'] })],
    };
    const overrides = [{ ...override('1', noon, noon), categories: ['video', 'social'] }];
    expect(categoriesOf(settings, overrides)).toEqual(['adult', 'games', 'social', 'video']);
    expect(categoriesOf({})).toEqual([]);
  });
});
