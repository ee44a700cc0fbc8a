import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProfileContent } from '../../../../shared/api/schemas.ts';
import type { FilterSchedule } from '../../../../shared/profile/web-filter.ts';
import { content, openPolicyDistrict, type PolicyDistrict } from '../../../fakes/policy-district.ts';

const everyone = { kind: 'everyone' } as const;
const strict = content({ browser: { youtube: 'strict' } }, everyone);

describe('profiles', () => {
  let district: PolicyDistrict;

  beforeEach(async () => {
    district = await openPolicyDistrict();
    await district.addOrg('maple', null);
    await district.addPerson({ id: 'ada' });
    await district.addDevices(['a', 'b']);
    await district.desired.start();
  });
  afterEach(async () => {
    expect(district.errors).toEqual([]);
    await district.close();
  });

  const make = async (name = 'Filter') => (await district.profiles.create(name, 'for all', 'staff:Kim')).profile.id;

  it('begin empty and unpublished', async () => {
    const detail = await district.profiles.create('  Filter ', '', 'staff:Kim');
    expect(detail).toMatchObject({
      profile: { name: 'Filter', publishedRevision: null, publishedAt: null, hasDraft: false, deviceCount: 0 },
      content: { settings: {}, assignments: [] },
      version: 1,
      revisions: [],
    });
    expect(await district.profiles.landing(detail.profile.id)).toMatchObject({ revision: null, total: 0, devices: [] });
  });

  it.each([
    ['a name that is taken', 'Filter', 'conflict'],
    ['a blank name', '   ', 'bad-profile'],
  ])('refuse %s', async (_, name, code) => {
    await make();
    await expect(district.profiles.create(name, '', 'staff:Kim')).rejects.toMatchObject({ code });
  });

  it('keep a draft apart from what is in force', async () => {
    const id = await make();
    const saved = await district.profiles.saveDraft(id, strict, 1, 'staff:Kim');
    expect(saved).toMatchObject({ profile: { hasDraft: true, publishedRevision: null }, content: strict, version: 2 });
    await district.desired.settled();
    expect(await district.profiles.settingsOfDevice('a')).toEqual([]);
  });

  it('land anew from the moment a revision is published: what proved the one before proves nothing', async () => {
    const { profiles, desired, stores, clock } = district;
    const id = await district.publish('Browsers', { browser: { youtube: 'moderate' } }, everyone);
    for (const [index, deviceId] of ['a', 'b'].entries()) {
      const { generation, signed } = await desired.forDevice(deviceId);
      const { sections } = JSON.parse(signed.manifest) as { sections: Record<string, string> };
      const hash = sections.browser ?? '';
      const said = { at: clock.now(), section: 'browser', generation, hash, status: 'verified' as const, evidence: [] };
      const report = { deviceId, epoch: `e${index}`, sequence: 1, records: [{ kind: 'reported' as const, ...said }] };
      await stores.reports.commit([report], clock.now());
    }
    expect(await profiles.landing(id)).toMatchObject({ revision: 1, verified: 2, pending: 0 });
    await profiles.applyDocument({ name: 'Browsers', description: '', content: strict }, { actor: 'staff:Kim' });
    expect(await profiles.landing(id)).toMatchObject({ revision: 2, verified: 0, pending: 2 });
  });

  it('refuse a draft made from an older version, and keep the newer one', async () => {
    const id = await make();
    await district.profiles.saveDraft(id, strict, 1, 'staff:Kim');
    await expect(district.profiles.saveDraft(id, content({}), 1, 'staff:Lee')).rejects.toMatchObject({
      code: 'changed-meanwhile',
    });
    expect((await district.profiles.read(id)).content).toEqual(strict);
  });

  it('throw a draft away, once', async () => {
    const id = await make();
    await district.profiles.saveDraft(id, strict, 1, 'staff:Kim');
    expect((await district.profiles.discardDraft(id, 'staff:Kim')).profile.hasDraft).toBe(false);
    const { version } = await district.profiles.read(id);
    expect((await district.profiles.discardDraft(id, 'staff:Kim')).version).toBe(version);
  });

  it('become the next revision when published, and earlier ones stay', async () => {
    const id = await make();
    await district.profiles.saveDraft(id, strict, 1, 'staff:Kim');
    await district.profiles.publish(id, 2, 'first', { actor: 'staff:Kim' });
    await district.profiles.saveDraft(id, content({ browser: { youtube: 'off' } }, everyone), 3, 'staff:Kim');
    const detail = await district.profiles.publish(id, 4, 'second', { actor: 'staff:Lee' });
    expect(detail.revisions.map(({ number, note, by }) => [number, note, by])).toEqual([
      [2, 'second', 'staff:Lee'],
      [1, 'first', 'staff:Kim'],
    ]);
    expect(detail.revisions[1]?.settings).toEqual(strict.settings);
    expect(detail.profile).toMatchObject({ publishedRevision: 2, hasDraft: false, capabilities: ['browser'] });
    expect(detail.profile.assignments).toEqual([{ input: { to: everyone, priority: 100 }, words: 'everyone' }]);
  });

  it('count the devices they reach', async () => {
    const id = await district.publish('Filter', strict.settings, everyone);
    expect((await district.profiles.list()).map(({ deviceCount }) => deviceCount)).toEqual([2]);
    await district.addDevices(['c']);
    await district.desired.forDevice('c');
    expect((await district.profiles.read(id)).profile.deviceCount).toBe(3);
  });

  it.each([
    ['a version that is not the newest', 1, 'changed-meanwhile'],
    ['nothing to publish', 2, 'conflict'],
  ])('refuse to publish %s', async (_, version, code) => {
    const id = await make();
    if (code === 'changed-meanwhile') await district.profiles.saveDraft(id, strict, 1, 'staff:Kim');
    else
      await district.profiles
        .saveDraft(id, strict, 1, 'x')
        .then(() => district.profiles.publish(id, 2, '', { actor: 'x' }));
    const given = code === 'conflict' ? 3 : version;
    await expect(district.profiles.publish(id, given, '', { actor: 'staff:Kim' })).rejects.toMatchObject({ code });
  });

  it('do not exist under an unknown id', async () => {
    await expect(district.profiles.read('nobody')).rejects.toMatchObject({ code: 'not-found' });
    await expect(district.profiles.saveDraft('nobody', strict, 1, 'x')).rejects.toMatchObject({ code: 'not-found' });
    await expect(district.profiles.landing('nobody')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('tell who did what', async () => {
    const id = await make();
    await district.profiles.saveDraft(id, strict, 1, 'staff:Kim');
    await district.profiles.publish(id, 2, '', { actor: 'staff:Kim' });
    expect(district.said.map(({ code, actor, subject }) => [code, actor, subject?.id])).toEqual([
      ['profile-created', 'staff:Kim', id],
      ['profile-draft-saved', 'staff:Kim', id],
      ['profile-published', 'staff:Kim', id],
    ]);
  });

  const schedule: FilterSchedule = {
    ...{ title: 'Evenings', action: 'block', categories: [], domains: [], place: 'anywhere' },
    when: { kind: 'always' },
  };
  const bad: [string, unknown, RegExp][] = [
    [
      'a domain that is none',
      content({ webFilter: { blockedDomains: ['ok.example', 'https://bad'] } }),
      /^Web filter, blocked domains, entry 2 \(“https:\/\/bad”\): is not of the form of example\.com\.$/,
    ],
    [
      'more than 1000 addresses',
      content({ browser: { blockedUrls: Array.from({ length: 1001 }, (_, i) => `x${i}.example`) } }),
      /^Browser, blocked addresses: .*1000/,
    ],
    [
      'an unknown category',
      content({ webFilter: { blockedCategories: ['gamblin'] } }),
      /there is no list for “gamblin”/,
    ],
    [
      'an unknown category in the locked minimum',
      content({ webFilter: { lockedCategories: ['adlut'] } }),
      /^Web filter, locked minimum: there is no list for “adlut”/,
    ],
    [
      'an unknown category in a schedule',
      content({ webFilter: { schedules: [{ ...schedule, categories: ['gamblin'] }] } }),
      /^Web filter, schedule “Evenings”: there is no list for “gamblin”/,
    ],
    [
      'a schedule of nothing',
      content({ webFilter: { schedules: [schedule] } }),
      /^Web filter, schedule “Evenings”: name at least one category or domain/,
    ],
    [
      'a schedule that begins when the day is over',
      content({
        webFilter: {
          schedules: [{ ...schedule, when: { kind: 'times', from: '24:00', to: '06:00', days: ['monday'] } }],
        },
      }),
      /^Web filter, schedule “Evenings” begins at 24:00. Write 00:00/,
    ],
    [
      'a range of addresses that is none',
      content({ webFilter: { resolverAddresses: ['203.0.113.7/40'] } }),
      /^Web filter, more resolvers over HTTPS: "203.0.113.7\/40" has a length/,
    ],
    ['a unit that is not in the roster', content({}, { kind: 'org', org: 'gone' }), /no unit gone/],
    ['a person who is not in the roster', content({}, { kind: 'person', person: 'gone' }), /no person gone/],
    ['the same assignment twice', content({}, everyone, everyone), /everyone is named 2 times/],
    ['a setting that does not exist', { settings: { browser: { colour: 1 } }, assignments: [] }, /^Browser: .*colour/],
    ['a capability that does not exist', { settings: { camera: {} }, assignments: [] }, /camera/],
    [
      'a value that is no choice',
      { settings: { browser: { youtube: 'never' } }, assignments: [] },
      /^Browser, youtube restriction \(“never”\)/,
    ],
    ['a priority out of range', content({}, { to: everyone, priority: 5000 }), /^Assignments, entry 1, priority/],
    ['no content at all', null, /^The profile/],
    [
      'settings too large to send',
      content({
        webFilter: {
          allowedDomains: Array.from({ length: 5000 }, (_, i) => `${'x'.repeat(60)}.${'y'.repeat(50)}${i}`),
        },
      }),
      /limit is 400000/,
    ],
  ];
  it.each(bad)('refuse %s by naming the place, and save nothing', async (_, wrong, words) => {
    const id = await make();
    await expect(district.profiles.saveDraft(id, wrong as ProfileContent, 1, 'x')).rejects.toMatchObject({
      code: 'bad-profile',
      details: expect.arrayContaining([expect.stringMatching(words)]),
    });
    expect((await district.profiles.read(id)).version).toBe(1);
    expect((await district.profiles.preview(id, wrong as ProfileContent)).problems.join('\n')).toMatch(
      new RegExp(words, 'm'),
    );
  });

  it('are applied from a document by name, once', async () => {
    const document = { name: 'Filter', description: 'for all', content: strict };
    expect(await district.profiles.applyDocument(document, { actor: 'command line' })).toBe('created');
    expect(await district.profiles.applyDocument(document, { actor: 'command line' })).toBe('unchanged');
    const changed = { ...document, content: content({ browser: { youtube: 'off' } }, everyone) };
    expect(await district.profiles.applyDocument(changed, { actor: 'command line' })).toBe('updated');
    expect(await district.profiles.applyDocument({ ...changed, description: 'new' }, { actor: 'command line' })).toBe(
      'updated',
    );
    const [profile] = await district.profiles.list();
    expect(profile).toMatchObject({ publishedRevision: 2, description: 'new' });
  });

  it('keep somebody’s draft when a document is applied', async () => {
    const id = await make();
    const mine = content({ browser: { blockGuestMode: true } });
    await district.profiles.saveDraft(id, mine, 1, 'staff:Kim');
    await district.profiles.applyDocument(
      { name: 'Filter', description: 'for all', content: strict },
      { actor: 'command line' },
    );
    expect(await district.profiles.read(id)).toMatchObject({
      content: mine,
      profile: { publishedRevision: 1, hasDraft: true },
    });
    await expect(district.profiles.saveDraft(id, mine, 2, 'staff:Kim')).rejects.toMatchObject({
      code: 'changed-meanwhile',
    });
  });

  it('make nothing of a document that is wrong', async () => {
    const document = { name: 'New', description: '', content: content({}, { kind: 'org', org: 'gone' }) };
    await expect(district.profiles.applyDocument(document, { actor: 'command line' })).rejects.toMatchObject({
      code: 'bad-profile',
    });
    expect(await district.profiles.list()).toEqual([]);
  });
});
