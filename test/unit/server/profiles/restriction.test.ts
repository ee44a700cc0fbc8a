import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ownPagesName } from '../../../../agent/filter/special-names.ts';
import { decideName, preparePolicy } from '../../../../shared/filter/decide.ts';
import { signInPages } from '../../../../shared/filter/essentials.ts';
import { restrictionAssignment, restrictionProblems } from '../../../../shared/policy/restriction.ts';
import type { ProfileSettings } from '../../../../shared/profile/registry.ts';
import { type FilterDistrict, openFilterDistrict } from '../../../fakes/filter-district.ts';

const everyone = { kind: 'everyone' } as const;
const nearlyAll = [
  'com',
  'net',
  'org',
  'example',
  'internal',
  'accounts.google.com',
  'control.maple.example',
  'help.maple.example',
];
const dark: ProfileSettings = {
  webFilter: { blockedDomains: nearlyAll, allowedDomains: ['lessons.example'] },
  browser: { blockedUrls: ['*', 'https://help.maple.example/ticket', '.accounts.google.com', 'rollcall.internal/ask'] },
};

describe('a restriction in what a device should hold', () => {
  let district: FilterDistrict;
  let profile: string;

  beforeEach(async () => {
    district = await openFilterDistrict();
    district.sources.hosts.push('control.maple.example', '10.1.2.3');
    const { settings, version } = await district.settings.read();
    await district.settings.save({ ...settings, essentials: ['help.maple.example'] }, version, 'test');
    profile = await district.publish('School sites only', dark);
  });
  afterEach(async () => {
    expect(district.errors).toEqual([]);
    await district.close();
  });

  const restrict = async (deviceId: string) => {
    const row = { id: `r-${deviceId}`, deviceId, personId: null, profileId: profile, reason: 'why', from: 1 };
    await district.stores.restrictions.change({ begun: [row], ended: [], moved: [], at: 1 });
    district.bus.publish('restrictions-changed', { deviceIds: [deviceId] });
  };
  const lift = async (deviceId: string) => {
    await district.stores.restrictions.change({
      begun: [],
      ended: [{ id: `r-${deviceId}`, reason: 'put right' }],
      moved: [],
      at: 2,
    });
    district.bus.publish('restrictions-changed', { deviceIds: [deviceId] });
  };
  const decide = async (deviceId: string, names: readonly string[]) => {
    const policy = preparePolicy(await district.section(deviceId), []);
    return names.filter((name) => decideName(name, policy).action === 'block');
  };

  it('blocks what its profile blocks, on that device alone, until it is lifted', async () => {
    const names = ['games.com', 'chat.example', 'lessons.example'];
    expect(await decide('a', names)).toEqual([]);
    await restrict('a');
    expect(await decide('a', names)).toEqual(['games.com', 'chat.example']);
    expect(await decide('b', names)).toEqual([]);
    await lift('a');
    expect(await decide('a', names)).toEqual([]);
  });

  it('never keeps a device from its server, its own page, sign-in and help, whatever the profile blocks', async () => {
    await restrict('a');
    const out = ['control.maple.example', 'help.maple.example', ...signInPages.map((name) => name.replace(/^=/, ''))];
    expect(await decide('a', [...out, ownPagesName])).toEqual([]);
    const views = await district.profiles.settingsOfDevice('a');
    const given = (setting: string) =>
      views.find((view) => view.capability === 'browser' && view.setting === setting)?.value as string[];
    expect(given('blockedUrls')).toEqual(['*']);
    const open = [ownPagesName, '127.82.67.1', 'control.maple.example', '10.1.2.3', 'help.maple.example'];
    expect(given('allowedUrls')).not.toContain('127.0.0.1');
    expect(given('allowedUrls')).toEqual(expect.arrayContaining([...open, '.accounts.google.com', 'clever.com']));
  });

  it('goes before every other profile, and explains itself', async () => {
    await district.publish('always first', { webFilter: { blockAnswer: 'address' } }, { to: everyone, priority: 1000 });
    await district.publish('School sites only', { ...dark, webFilter: { ...dark.webFilter, blockAnswer: 'page' } });
    await restrict('a');
    const views = await district.profiles.settingsOfDevice('a');
    const answer = views.find(({ setting }) => setting === 'blockAnswer');
    expect(answer).toMatchObject({
      value: 'page',
      from: [{ profile: 'School sites only', to: 'restriction until put right', priority: 1001 }],
      beaten: [{ profile: 'always first', value: 'address' }],
    });
    expect((await district.section('a')).settings.blockAnswer).toBe('page');
  });

  it('does not count among the devices its profile is assigned to', async () => {
    await restrict('a');
    await district.section('a');
    const summary = (await district.profiles.list()).find(({ name }) => name === 'School sites only');
    expect(summary?.deviceCount).toBe(0);
  });

  it('changes in the preview of its profile, on the devices it narrows', async () => {
    await restrict('a');
    await district.section('a');
    const content = { settings: { ...dark, webFilter: { blockedDomains: ['com'] } }, assignments: [] };
    const { devices, sample } = await district.profiles.preview(profile, content);
    expect([devices, sample.map(({ deviceId }) => deviceId)]).toEqual([1, ['a']]);
  });
});

describe('the profile of a restriction', () => {
  it.each<[string, ProfileSettings, string[]]>([
    ['sets a web filter', { webFilter: { blockedDomains: ['com'] } }, []],
    ['sets a browser', { browser: { blockedUrls: ['*'] } }, []],
    ['sets nothing', {}, ['It sets nothing.']],
    [
      'sets what shuts people out',
      { browser: {}, passwordRules: {}, firewall: {} },
      ['A restriction sets web filter and browser alone; this one also sets firewall, passwords and lockout.'],
    ],
    [
      'sends names elsewhere',
      { webFilter: { upstream: { kind: 'plain', servers: ['192.0.2.1'] } } },
      ['A restriction may not change which resolvers are asked: help might not be found.'],
    ],
    [
      'sends some names elsewhere',
      { webFilter: { splitDomains: [{ domain: 'maple.example', servers: ['192.0.2.1'] }] } },
      ['A restriction may not change which resolvers are asked: help might not be found.'],
    ],
  ])('that %s', (_, settings, problems) => {
    expect(restrictionProblems(settings)).toEqual(problems);
  });

  it('gives nothing but its web filter without resolvers, and its browser', () => {
    const settings: ProfileSettings = {
      webFilter: { blockedDomains: ['com'], upstream: { kind: 'plain', servers: ['192.0.2.1'] } },
      browser: { youtube: 'strict' },
      firewall: {},
    };
    const assignment = restrictionAssignment(
      { id: 'p', name: 'P' },
      { number: 1, settings },
      { essentials: [], hosts: [] },
    );
    expect(assignment.settings).toEqual({ webFilter: { blockedDomains: ['com'] }, browser: { youtube: 'strict' } });
  });
});
