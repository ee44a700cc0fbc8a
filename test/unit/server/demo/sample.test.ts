import { describe, expect, it } from 'vitest';
import { schoolYearAt } from '../../../../server/demo/calendar.ts';
import { sampleDistrict } from '../../../../server/demo/district.ts';
import { sampleCalendar, sampleFilterSettings } from '../../../../server/demo/filter.ts';
import { sampleLists, sampleProfiles } from '../../../../server/demo/policy.ts';
import { seedDistrict } from '../../../../server/demo/seed.ts';
import { filterSettingsProblems } from '../../../../server/filter/filter-settings-problems.ts';
import { FilterSettings, filterSettingsDefaults, ProfileContent } from '../../../../shared/api/schemas.ts';
import { SchoolCalendar } from '../../../../shared/calendar/calendar.ts';
import { calendarProblems, windowProblems } from '../../../../shared/calendar/problems.ts';
import { validator } from '../../../../shared/schema.ts';
import { openRosterDesk } from '../../../fakes/roster-desk.ts';

const files = sampleDistrict({ seed: 1853, today: '2026-11-22' });

describe('the sample district', () => {
  it('is the same for the same seed and another for another', () => {
    expect(sampleDistrict({ seed: 1853, today: '2026-11-22' })).toEqual(files);
    expect(sampleDistrict({ seed: 1854, today: '2026-11-22' }).get('users.csv')).not.toBe(files.get('users.csv'));
  });

  it('imports strictly without a single problem, and has about 600 people in three schools', async () => {
    const desk = await openRosterDesk();
    const result = await desk.importFiles(files);
    expect(result).toMatchObject({ applied: true, problems: [] });
    const people = await desk.db.selectFrom('person').selectAll().execute();
    expect(people.length).toBeGreaterThan(550);
    expect(new Set(people.map((person) => person.username)).size).toBe(people.length);
    const grades = new Set(people.map((person) => person.grade).filter((grade) => grade !== null));
    expect([...grades].toSorted()).toEqual([
      ...Array.from({ length: 12 }, (_, n) => String(n + 1).padStart(2, '0')),
      'KG',
    ]);
    expect(Object.keys(Object.groupBy(people, (person) => person.role)).toSorted()).toEqual([
      ...['administrator', 'staff', 'student', 'teacher'],
    ]);
    const orgs = await desk.people.orgs();
    expect(orgs.filter((org) => org.type === 'school')).toHaveLength(3);
    await desk.close();
  });

  it('uses only mail addresses that reach nobody', () => {
    const addresses = (files.get('users.csv') ?? '').match(/[^,]*@[^,]*/g) ?? [];
    expect(addresses.length).toBeGreaterThan(500);
    expect(addresses.filter((address) => !address.endsWith('@maple-county.example'))).toEqual([]);
  });

  it.each([
    ['2026-06-30', 2026, '2025-08-20'],
    ['2026-07-01', 2027, '2026-08-20'],
    ['2027-01-10', 2027, '2026-08-20'],
  ])('has at %s the school year %i, begun %s', (today, schoolYear, start) => {
    const year = schoolYearAt(today);
    expect(year.schoolYear).toBe(schoolYear);
    expect(year.sessions[0]).toMatchObject({ type: 'schoolYear', start });
  });
});

describe('the sample policy', () => {
  it('is two valid profiles', () => {
    const content = validator(ProfileContent);
    expect(sampleProfiles.map((profile) => content.problems(profile.content))).toEqual([[], []]);
  });

  it('blocks nothing real', () => {
    const [list] = sampleLists();
    const names = list?.text.split('\n').filter((line) => line !== '' && !line.startsWith('#')) ?? [];
    expect(names).toHaveLength(2000);
    expect(names.filter((name) => !/^[a-z0-9.-]+\.(example|test)$/.test(name))).toEqual([]);
    const domains = sampleProfiles.flatMap((profile) => profile.content.settings.webFilter?.blockedDomains ?? []);
    expect(domains.filter((name) => !/\.(example|test)$/.test(name))).toEqual([]);
    const categories = sampleProfiles.flatMap((profile) => profile.content.settings.webFilter?.blockedCategories ?? []);
    expect(categories).toEqual([list?.category]);
  });
});

describe('the sample calendar', () => {
  it.each(['2026-06-30', '2026-07-01', '2027-01-10'])(
    'has at %s nothing to complain about, and knows the lessons',
    (today) => {
      const calendar = sampleCalendar(today);
      expect(validator(SchoolCalendar).problems(calendar)).toEqual([]);
      expect(calendarProblems(calendar)).toEqual([]);
      const schedules = sampleProfiles.flatMap(({ content }) => content.settings.webFilter?.schedules ?? []);
      expect(schedules.length).toBeGreaterThan(0);
      expect(schedules.flatMap(({ title, when }) => windowProblems(title, when, calendar))).toEqual([]);
    },
  );

  it('comes with settings that can be saved', () => {
    expect(validator(FilterSettings).problems(sampleFilterSettings)).toEqual([]);
    expect(filterSettingsProblems(sampleFilterSettings, Date.UTC(2026, 10, 22))).toEqual([]);
  });
});

describe('seeding', () => {
  it('fills an empty server once, people last', async () => {
    const desk = await openRosterDesk();
    const done: string[] = [];
    const parts = {
      people: desk.people,
      rosters: desk.rosters,
      clock: desk.clock,
      lists: {
        import: async (category: string) => {
          done.push(`list ${category}, ${await desk.people.countActive()} people`);
          return { list: {} as never, problems: [] };
        },
      },
      profiles: {
        applyDocument: async (document: { name: string }) => {
          done.push(document.name);
          return 'created' as const;
        },
      },
      calendars: {
        save: async (org: string) => {
          done.push(`calendar of the ${org}`);
          return {} as never;
        },
      },
      filterSettings: {
        read: async () => ({ settings: filterSettingsDefaults, version: 3 }),
        save: async (settings: FilterSettings, version: number) => {
          done.push(`settings over version ${version}`);
          return { settings, version };
        },
      },
    };
    expect(await seedDistrict(parts)).toBe(true);
    expect(done).toEqual([
      ...['list games-sample, 0 people', 'Student web filter', 'School browsers'],
      ...['calendar of the district', 'settings over version 3'],
    ]);
    expect(await desk.people.countActive()).toBeGreaterThan(550);
    expect(await seedDistrict(parts)).toBe(false);
    expect(done).toHaveLength(5);
    await desk.close();
  });
});
