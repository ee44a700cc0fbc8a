import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { filterSettingsDefaults } from '../../../../shared/api/schemas.ts';
import { signInPages } from '../../../../shared/filter/essentials.ts';
import { type FilterSchedule, WebFilterSection } from '../../../../shared/profile/web-filter.ts';
import { validator } from '../../../../shared/schema.ts';
import { type FilterDistrict, openFilterDistrict, someCalendar } from '../../../fakes/filter-district.ts';

const schema = validator(WebFilterSection);
const everyone = { kind: 'everyone' } as const;

describe('the web-filter section', () => {
  let district: FilterDistrict;

  beforeEach(async () => {
    district = await openFilterDistrict();
  });
  afterEach(async () => {
    expect(district.errors).toEqual([]);
    await district.close();
  });

  const saveSettings = async (change: object) => {
    const { settings, version } = await district.settings.read();
    await district.settings.save({ ...settings, ...change }, version, 'test');
  };

  it('names what is blocked, by whom it is set, whom to ask, and what is essential; nothing else', async () => {
    const section = await district.section('a');
    expect(schema.problems(section)).toEqual([]);
    expect(section).toEqual({
      settings: { blockedCategories: ['games'] },
      lists: [expect.objectContaining({ category: 'games', hash: '0'.repeat(64), canary: 'canary.games.test' })],
      contact: 'IT',
      district: 'Maple County',
      promises: { namesKeptDays: 30, countsKeptDays: 366, requestHours: 24 },
      essentials: signInPages,
      origins: { blockedCategories: [{ profile: 'base', count: 1 }] },
    });
  });

  it('names the lists of every category that settings, schedules or overrides speak of, once', async () => {
    const schedule: Omit<FilterSchedule, 'categories'> = {
      title: 'Chat',
      action: 'block',
      domains: [],
      when: { kind: 'always' },
      place: 'anywhere',
    };
    const webFilter = {
      lockedCategories: ['adult'],
      blockedCategories: ['games', 'adult'],
      schedules: [{ ...schedule, categories: ['chat'] }],
    };
    await district.publish('base', { webFilter }, everyone);
    expect((await district.section('a')).lists.map(({ category }) => category)).toEqual(['adult', 'games', 'chat']);
  });

  it('tells for each entry of a joined list which profile gives it', async () => {
    await district.publish('base', { webFilter: { blockedDomains: ['x.example', 'y.example'] } }, everyone);
    const own = { webFilter: { blockedDomains: ['z.example', 'y.example'] } };
    await district.publish('sixth', own, { to: { kind: 'grade', grade: '06' }, priority: 101 });
    const { settings, origins } = await district.section('a');
    expect(settings.blockedDomains).toEqual(['z.example', 'y.example', 'x.example']);
    expect(origins?.blockedDomains).toEqual([
      { profile: 'sixth', count: 2 },
      { profile: 'base', count: 1 },
    ]);
  });

  const unprovable: [string, () => Promise<unknown>][] = [
    [
      'allowed',
      () =>
        district.publish(
          'base',
          { webFilter: { blockedCategories: ['games'], allowedDomains: ['games.test'] } },
          everyone,
        ),
    ],
    ['essential', () => saveSettings({ essentials: ['games.test'] })],
    [
      'taken out of the list',
      async () => {
        const games = district.lists.get('games');
        if (games) district.lists.set('games', { ...games, exceptions: ['games.test'] });
        district.bus.publish('filter-changed', {});
      },
    ],
  ];
  it.each(unprovable)('asks for no canary that is %s', async (_, change) => {
    await change();
    const [list] = (await district.section('a')).lists;
    expect(list).toMatchObject({ category: 'games' });
    expect(list).not.toHaveProperty('canary');
  });

  it('asks for the canary of a locked category although its domain is allowed', async () => {
    const webFilter = { lockedCategories: ['games'], allowedDomains: ['games.test'] };
    await district.publish('base', { webFilter }, everyone);
    expect((await district.section('a')).lists[0]?.canary).toBe('canary.games.test');
  });

  it('asks for no canary of a category that is only blocked at times', async () => {
    const schedule: Omit<FilterSchedule, 'categories'> = {
      title: 'Chat',
      action: 'block',
      domains: [],
      when: { kind: 'school-days' },
      place: 'anywhere',
    };
    await district.publish('base', { webFilter: { schedules: [{ ...schedule, categories: ['chat'] }] } }, everyone);
    expect((await district.section('a')).lists[0]).not.toHaveProperty('canary');
  });

  it('has the calendar of the nearest unit above the person, else the district’s', async () => {
    expect((await district.section('a')).calendar).toBeUndefined();
    await district.calendars.save('district', someCalendar({ zone: 'America/New_York' }), 'test');
    await district.calendars.save('county', someCalendar({ zone: 'America/Denver' }), 'test');
    await district.calendars.save('maple', someCalendar(), 'test');
    const zones = await Promise.all(
      ['a', 'c', 'nobodys'].map(async (id) => (await district.section(id)).calendar?.zone),
    );
    expect(zones).toEqual(['America/Chicago', 'America/Denver', 'America/New_York']);
    await district.calendars.delete('maple', 'test');
    expect((await district.section('a')).calendar?.zone).toBe('America/Denver');
  });

  it('has the campus networks and the district’s own essentials before the sign-in pages', async () => {
    const campus = [{ name: 'Maple', gateways: ['02:00:00:00:00:01'] }];
    await saveSettings({ campus, essentials: ['maple.example'] });
    expect(await district.section('a')).toMatchObject({ campus, essentials: ['maple.example', ...signInPages] });
  });

  const recorded = async (id: string) => {
    const { settings } = await district.section(id);
    return [settings.recording, settings.recordingAfterHours, settings.recordingOffCampus];
  };

  it('records no more of students than the preset of the state allows, until an exception ends', async () => {
    const full = { recording: 'full', recordingAfterHours: 'none', recordingOffCampus: 'full' } as const;
    await district.publish('base', { webFilter: full }, everyone);
    await saveSettings({ preset: 'minnesota' });
    expect(await recorded('a')).toEqual(['counts', 'none', 'none']);
    expect(await recorded('nobodys')).toEqual(['counts', 'none', 'none']);
    expect(await recorded('t')).toEqual(['full', 'none', 'full']);
    const until = new Date(district.clock.now() + 3_600_000).toISOString();
    await saveSettings({ presetException: { reason: 'Ordered by a court.', until } });
    expect(await recorded('a')).toEqual(['full', 'none', 'full']);
    district.clock.advance(3_600_000);
    expect(await recorded('a')).toEqual(['counts', 'none', 'none']);
  });

  it('says on the device’s page that the preset limits what is recorded, and whom it beat', async () => {
    await district.publish('base', { webFilter: { recording: 'full', recordingAfterHours: 'none' } }, everyone);
    await saveSettings({ preset: 'minnesota' });
    const views = await district.profiles.settingsOfDevice('a');
    const shown = views.map(({ setting, value, from, beaten, limitedBy }) => {
      return [setting, value, from.map(({ profile }) => profile), beaten.map((lost) => lost.value), limitedBy];
    });
    expect(shown).toEqual([
      ['recording', 'counts', [], ['full'], 'the Minnesota preset'],
      ['recordingAfterHours', 'none', ['base'], [], undefined],
      ['recordingOffCampus', 'none', [], [], 'the Minnesota preset'],
    ]);
    expect((await district.profiles.settingsOfDevice('t')).map(({ value }) => value)).toEqual(['full', 'none']);
  });

  it('leaves out the oldest overrides that would not fit', async () => {
    const long = Array.from({ length: 200 }, (_, n) => `${n}.${`${'x'.repeat(60)}.`.repeat(3)}example`);
    const targets = [
      ...[
        { kind: 'device', id: 'a' },
        { kind: 'person', id: 'ada' },
        { kind: 'class', id: 'art' },
      ],
      ...[
        { kind: 'org', id: 'maple' },
        { kind: 'org', id: 'county' },
      ],
    ] as const;
    const wanted = { kind: 'block', minutes: 60, reason: 'Testing.' } as const;
    for (const target of targets) {
      for (let n = 0; n < 5; n++)
        await district.overrides.create(
          {
            ...wanted,
            categories: [],
            domains: [`${n}.${target.id}.example`, ...long.slice(1)],
            target: { ...target },
          },
          'test',
        );
      district.clock.advance(1);
    }
    const { overrides = [] } = await district.section('a');
    expect(JSON.stringify(overrides).length).toBeLessThan(301_000);
    expect(overrides.filter(({ domains }) => domains[0]?.includes('county'))).toHaveLength(5);
    expect(overrides.filter(({ domains }) => domains[0]?.includes('.a.'))).toHaveLength(0);
  });

  it('records numbers only under the preset where nothing is set', async () => {
    await saveSettings({ preset: 'minnesota' });
    expect(await recorded('a')).toEqual(['counts', 'counts', 'none']);
  });

  it('is signed once for all devices that share it, and not again when nothing changed', async () => {
    district.signed.length = 0;
    await saveSettings({ ...filterSettingsDefaults, essentials: ['maple.example'] });
    await district.settled();
    expect(district.signed).toHaveLength(1);
    await district.calendars.save('maple', someCalendar(), 'test');
    await district.settled();
    expect(district.signed).toHaveLength(2);
    await saveSettings({ reportThreshold: 12 });
    await district.settled();
    expect(district.signed).toHaveLength(2);
  });
});
