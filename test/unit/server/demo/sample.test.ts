import { describe, expect, it } from 'vitest';
import { publishingProblems } from '../../../../server/changes/publishing-settings.ts';
import { checkTitle } from '../../../../server/compliance/policy.ts';
import { schoolYearAt } from '../../../../server/demo/calendar.ts';
import { sampleDistrict } from '../../../../server/demo/district.ts';
import { sampleCalendar, sampleFilterSettings } from '../../../../server/demo/filter.ts';
import {
  restrictionProfile,
  sampleCompliancePolicy,
  sampleLists,
  sampleProfiles,
  screenReaderProfile,
} from '../../../../server/demo/policy.ts';
import { sampleEdits, sampleGroups, samplePublishing, scopedProfiles } from '../../../../server/demo/scoped-policy.ts';
import { seedDistrict, seedHelpdesk } from '../../../../server/demo/seed.ts';
import { filterSettingsProblems } from '../../../../server/filter/filter-settings-problems.ts';
import {
  FilterSettings,
  filterSettingsDefaults,
  ProfileContent,
  type ProfileSummary,
  PublishingSettings,
  ScriptContent,
  type ScriptView,
  type TicketInput,
  type TicketView,
} from '../../../../shared/api/schemas.ts';
import { SchoolCalendar } from '../../../../shared/calendar/calendar.ts';
import { calendarProblems, windowProblems } from '../../../../shared/calendar/problems.ts';
import { CompliancePolicy, compliancePolicyDefaults } from '../../../../shared/compliance/policy.ts';
import { inForce } from '../../../../shared/policy/assignment.ts';
import { GroupContent } from '../../../../shared/policy/group.ts';
import { resolveDesiredState } from '../../../../shared/policy/resolve.ts';
import { restrictionProblems } from '../../../../shared/policy/restriction.ts';
import { selectorProblems } from '../../../../shared/policy/selector-problems.ts';
import { type PolicySubject, unknownDevice } from '../../../../shared/policy/subject.ts';
import { validator } from '../../../../shared/schema.ts';
import { openRosterDesk } from '../../../fakes/roster-desk.ts';

const until = '2026-12-13T21:00:00Z';
const scoped = scopedProfiles(until);

function contentOf(profile: string): ProfileContent {
  const found = [...sampleProfiles, ...scoped].find(({ name }) => name === profile);
  if (!found) throw new Error(`there is no profile “${profile}”`);
  return found.content;
}

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
  it('is valid profiles', () => {
    const content = validator(ProfileContent);
    const all = [...sampleProfiles, screenReaderProfile('s-1001'), ...scoped];
    expect(all.flatMap((profile) => content.problems(profile.content))).toEqual([]);
  });

  it('changes no setting of security on a machine that tries it out', () => {
    const baseline = sampleProfiles.find(({ name }) => name === 'Security baseline')?.content.settings ?? {};
    const modes = [baseline, screenReaderProfile('s-1001').content.settings].flatMap(Object.values);
    expect(modes.map(({ mode }) => mode)).toEqual(modes.map(() => 'audit'));
    expect(modes).toHaveLength(9);
  });

  it('restricts with a profile that narrows alone and is assigned to nobody', () => {
    const narrow = sampleProfiles.find(({ name }) => name === restrictionProfile)?.content;
    expect(restrictionProblems(narrow?.settings ?? {})).toEqual([]);
    expect(narrow?.assignments).toEqual([]);
  });

  it('asks what the library of checks knows', () => {
    const policy = sampleCompliancePolicy('p-4');
    expect(validator(CompliancePolicy).problems(policy)).toEqual([]);
    expect(policy.checks.map(({ check }) => checkTitle(check)).filter((title) => title === undefined)).toEqual([]);
    expect(policy.steps).toEqual({ remindDays: 1, restrict: { profileId: 'p-4', afterDays: 2 } });
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

describe('the sample policy of units, groups and exceptions', () => {
  const groups = new Map(sampleGroups(['SIM1']).map(({ name, content }) => [name, content]));
  const sixthGrader: PolicySubject = {
    ...unknownDevice,
    ...{ deviceId: 'd-1', serial: 'SIM2', custody: 'primary' },
    custodian: {
      ...{ sourcedId: 's-1', role: 'student', grade: '06', classes: [] },
      orgs: ['red-maple-middle', 'maple-county'],
    },
  };
  const assignments = [...sampleProfiles, ...scoped].flatMap(
    ({ name, content: { settings, assignments: own, locked } }) =>
      own.map((one) => ({ ...one, profileId: name, profile: name, revision: 1, settings, ...(locked && { locked }) })),
  );
  const browserOf = (subject: PolicySubject, at = until) =>
    resolveDesiredState({
      ...{ subject, groups, lastKnown: [] },
      assignments: assignments.filter((one) => inForce(one, Date.parse(at) - 1)),
    }).settings.browser;

  it('asks only for groups that come with it, and plans rings of them', () => {
    const content = validator(GroupContent);
    expect([...groups.values()].flatMap((group) => content.problems(group))).toEqual([]);
    expect(assignments.flatMap(({ to }) => selectorProblems(to, { groups }).errors)).toEqual([]);
    expect(validator(PublishingSettings).problems(samplePublishing)).toEqual([]);
    expect(publishingProblems(samplePublishing, new Set(groups.keys()))).toEqual([]);
  });

  it('changes no setting of security on a machine that tries it out', () => {
    const edited = Object.values(sampleEdits).map(({ profile, edit }) => edit(contentOf(profile)));
    const contents = [...scoped.map(({ content }) => content), ...edited];
    const modes = contents
      .flatMap(({ settings }) => Object.values(settings))
      .flatMap((one) => ('mode' in one ? one.mode : []));
    expect(modes.length).toBeGreaterThan(2);
    expect(modes.filter((mode) => mode !== 'audit')).toEqual([]);
  });

  it('gives the page of the nearest unit, the exception while it lasts, and the locked minimum always', () => {
    expect(browserOf(sixthGrader)).toMatchObject({
      ...{ homePage: 'https://red-maple.maple-county.example/', youtube: 'off', safeSearch: true },
    });
    const afterwards = '2027-01-02T21:00:00Z';
    expect(browserOf(sixthGrader, afterwards)).toMatchObject({ youtube: 'strict', safeSearch: true });
    expect(browserOf({ ...sixthGrader, custody: 'loan' }, afterwards)).toMatchObject({ youtube: 'moderate' });
    expect(browserOf(unknownDevice)).toMatchObject({ homePage: 'https://www.maple-county.example/' });
  });

  it.each(Object.values(sampleEdits))(
    '$title is an edit of a profile of the district, and valid',
    ({ profile, edit }) => {
      const before = contentOf(profile);
      expect(edit(before)).not.toEqual(before);
      expect(validator(ProfileContent).problems(edit(before))).toEqual([]);
      expect(edit(before).assignments).toEqual(before.assignments);
    },
  );
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
        list: async () => [{ id: 'p-4', name: restrictionProfile } as ProfileSummary],
      },
      compliancePolicy: {
        read: async () => ({ policy: compliancePolicyDefaults, version: 0, checks: [] }),
        save: async ({ steps }: CompliancePolicy, version: number) => {
          done.push(`policy over version ${version}, restricting by ${steps?.restrict?.profileId}`);
          return {} as never;
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
      ...['Security baseline', 'Only school sites', 'policy over version 0, restricting by p-4'],
      ...['calendar of the district', 'settings over version 3'],
    ]);
    expect(await desk.people.countActive()).toBeGreaterThan(550);
    expect(await seedDistrict(parts)).toBe(false);
    expect(done).toHaveLength(8);
    await desk.close();
  });

  it('gives students tickets that are not of tomorrow, and scripts as drafts that can be saved', async () => {
    const desk = await openRosterDesk();
    await desk.importFiles(files);
    const tickets: TicketInput[] = [];
    const scripts: ScriptContent[] = [];
    const seat = { personId: 'p1', deviceId: 'd1' };
    const parts = {
      people: desk.people,
      scripts: {
        create: async (content: ScriptContent) => {
          scripts.push(content);
          return {} as ScriptView;
        },
      },
      ticketsAt: (at: number) => ({
        create: async (input: TicketInput) => {
          if (at > desk.clock.now()) throw new Error('a ticket of tomorrow');
          tickets.push(input);
          return { id: input.category } as TicketView;
        },
        change: async () => ({}) as TicketView,
        note: async () => ({}) as TicketView,
        read: async () => ({ version: 1 }) as TicketView,
      }),
    };
    await seedHelpdesk(parts, desk.clock.now());
    expect(new Set(tickets.map(({ personId }) => personId)).size).toBe(9);
    expect(scripts.flatMap((script) => validator(ScriptContent).problems(script))).toEqual([]);
    await seedHelpdesk(parts, desk.clock.now(), [seat]);
    expect(tickets.slice(9)).toEqual(tickets.slice(0, 9).map((ticket) => ({ ...ticket, ...seat })));
    await desk.close();
  });
});
