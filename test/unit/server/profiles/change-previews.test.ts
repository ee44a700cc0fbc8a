import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { publishProfile } from '../../../../server/store/profiles.ts';
import type { ChangedContent } from '../../../../shared/api/schemas.ts';
import type { Selector } from '../../../../shared/policy/selector.ts';
import { content, openPolicyDistrict, type PolicyDistrict } from '../../../fakes/policy-district.ts';

const everyone = { kind: 'everyone' } as const;

describe('the preview of a change', () => {
  let district: PolicyDistrict;

  beforeEach(async () => {
    district = await openPolicyDistrict();
    await district.addOrg('maple', null);
    await district.addOrg('cedar', null);
    await district.addDevices(['1', '2', '3', '4']);
    await district.addPerson({ id: 'ada' });
    await district.addPerson({ id: 'bob', org: 'cedar', grade: '07' });
    await district.give('1', 'ada');
    await district.give('2', 'ada');
    await district.give('3', 'bob');
    await district.desired.start();
  });
  afterEach(async () => {
    expect(district.errors).toEqual([]);
    await district.close();
  });

  const draft = async (settings: Parameters<typeof content>[0], ...to: Parameters<typeof content>[1][]) => {
    const { id } = (await district.profiles.create('tried', '', 'test')).profile;
    return { kind: 'profile', id, content: content(settings, ...to) } satisfies ChangedContent;
  };

  it('says of how many devices and people, in which units, and what changes on how many', async () => {
    await district.publish('base', { browser: { youtube: 'off' } }, everyone);
    const { preview, touched } = await district.previews.of([
      await draft({ browser: { youtube: 'strict' } }, everyone),
    ]);
    expect(preview).toMatchObject({ devices: 4, people: 2, of: 4, percent: 100, problems: [], unknownDevices: 0 });
    expect(preview.orgs).toEqual([
      { org: 'School maple', devices: 2 },
      { org: 'School cedar', devices: 1 },
      { org: 'In nobody’s custody', devices: 1 },
    ]);
    expect(preview.settings).toEqual([
      {
        ...{ capability: 'browser', setting: 'youtube', title: 'YouTube restriction', before: 'off', after: 'strict' },
        ...{ devices: 4, words: 'YouTube restriction: off → strict' },
      },
    ]);
    expect(preview.conflicts).toEqual([
      {
        ...{ title: 'YouTube restriction', winner: 'tried', beaten: 'base', devices: 4 },
        words:
          'YouTube restriction: “tried” wins over “base”; strictest wins: “Strict” is stricter than “No restriction”.',
      },
    ]);
    expect(touched.map(({ id }) => id)).toEqual(['1', '2', '3', '4']);
    expect(await district.previews.touched([])).toEqual([]);
  });

  it('names the settings of locked minimums that change', async () => {
    const locked = { ...content({ webFilter: { safeSearch: true } }, everyone), locked: true };
    const { id } = (await district.profiles.create('minimum', '', 'test')).profile;
    const revision = { ...locked, publishedAt: 1, by: 'test', note: '' };
    await district.db.transaction().execute((trx) => publishProfile(trx, id, revision, 0));
    const { preview } = await district.previews.of([
      { kind: 'profile', id, content: { ...locked, settings: { webFilter: { safeSearch: false } } } },
    ]);
    expect(preview.locked).toEqual([
      {
        ...{ profile: 'minimum', title: 'Safe search', devices: 4 },
        words: '“minimum” is a locked minimum: Safe search changes.',
      },
    ]);
  });

  it('follows a group into the profiles that ask for it, together with them', async () => {
    const { groups } = district.stores;
    const rule = (selector: Selector) => ({ kind: 'rule' as const, selector });
    await groups.insert({ id: 'g', name: 'kids', description: '', draft: rule(everyone), createdAt: 1 });
    const profile = await draft({ browser: { youtube: 'strict' } }, { kind: 'group', group: 'kids' });
    const group = { kind: 'group' as const, id: 'g', content: rule({ kind: 'grade', grade: '06' }) };
    const { preview } = await district.previews.of([profile, group]);
    expect(preview).toMatchObject({ devices: 2, people: 1, unknownDevices: 1 });
    expect(preview.unknown[0]).toMatchObject({ deviceId: '4' });
    const circle = { ...group, content: rule({ kind: 'group', group: 'kids' }) };
    const { problems } = (await district.previews.of([circle])).preview;
    expect(problems).toEqual(['The group “kids” asks for itself, so nothing can be said of it.']);
  });

  it('is leafed through a page at a time, by unit and by setting, for some minutes', async () => {
    const blocked = { webFilter: { blockedDomains: Array.from({ length: 500 }, (_, i) => `a${i}.example`) } };
    const { preview } = await district.previews.of([await draft(blocked, everyone)]);
    const page = (query: Parameters<typeof district.previews.devices>[1]) =>
      district.previews.devices(preview.id, query);
    const first = await page({ limit: 3 });
    expect([first.total, first.items.map(({ deviceId }) => deviceId)]).toEqual([4, ['1', '2', '3']]);
    const rest = await page({ limit: 3, cursor: first.nextCursor ?? '' });
    expect([rest.nextCursor, rest.items.map(({ deviceId }) => deviceId)]).toEqual([null, ['4']]);
    expect((await page({ org: 'School cedar' })).items.map(({ person }) => person)).toEqual(['bob Example']);
    expect((await page({ setting: 'webFilter.blockedDomains' })).total).toBe(4);
    expect((await page({ setting: 'browser.youtube' })).total).toBe(0);
    const listed = first.items[0]?.changes.find(({ setting }) => setting === 'blockedDomains');
    expect(listed?.after).toHaveLength(201);
    expect(listed?.after).toContain('… and 300 more');
    district.clock.advance(16 * 60_000);
    await expect(page({})).rejects.toMatchObject({ code: 'not-found' });
    await expect(district.previews.devices('none', {})).rejects.toMatchObject({ code: 'not-found' });
  });

  it('is not worked out for content with mistakes, for what there is not, or when nobody waits any more', async () => {
    const wrong = await draft({ wifi: { networks: [] } }, everyone, everyone);
    expect((await district.previews.of([wrong])).preview).toMatchObject({ devices: 0, of: 4 });
    expect((await district.previews.of([wrong])).preview.problems).not.toEqual([]);
    await expect(district.previews.of([{ ...wrong, id: 'none' }])).rejects.toMatchObject({ code: 'not-found' });
    const sound = { ...wrong, content: content({}, everyone) };
    await expect(district.previews.of([sound], AbortSignal.abort())).rejects.toMatchObject({ code: 'bad-request' });
  });
});
