import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { UnblockRequestView } from '../../../../shared/api/schemas.ts';
import { type FilterDistrict, openFilterDistrict } from '../../../fakes/filter-district.ts';

const hour = 3_600_000;
const day = 24 * hour;
const granted = { outcome: 'granted', reason: 'For your essay.', minutes: 60 } as const;
const refused = { outcome: 'refused', reason: 'Not in school.' } as const;

describe('unblock requests', () => {
  let district: FilterDistrict;

  beforeEach(async () => {
    district = await openFilterDistrict();
  });
  afterEach(async () => {
    expect(district.errors).toEqual([]);
    await district.close();
  });

  const all = async (query = {}): Promise<UnblockRequestView[]> => (await district.requests.list(query)).items;
  const asked = async (device = 'a', record = {}): Promise<UnblockRequestView> => {
    await district.ask(device, record);
    const found = (await all()).filter(({ deviceId }) => deviceId === device).at(-1);
    if (!found) throw new Error('there is no request');
    return found;
  };

  it('are queued with who held the device, and due in the hours the district promises', async () => {
    const { settings, version } = await district.settings.read();
    await district.settings.save({ ...settings, requestHours: 4 }, version, 'test');
    const changed = district.hear('requests-changed');
    const view = await asked('a', { category: 'games', rule: 'games.example' });
    expect(view).toEqual({
      ...{ id: view.id, name: 'games.example', category: 'games', rule: 'games.example', words: 'For class.' },
      ...{ person: { id: 'ada', name: 'ada Example' }, deviceId: 'a', deviceName: 'laptop a' },
      ...{ orgName: 'School maple', askedAt: '2026-10-05T14:00:00.000Z', dueAt: '2026-10-05T18:00:00.000Z' },
      ...{ overdue: false, alike: 1, state: 'open', outcome: '' },
      ...{ decidedAt: null, decidedBy: null, overrideId: null },
    });
    expect(changed).toEqual([{ deviceIds: [] }]);
    district.clock.advance(4 * hour + 1);
    expect(await all()).toMatchObject([{ overdue: true }]);
  });

  it('tell by an event on the device that somebody asks, without the words of the person', async () => {
    await asked('a', { words: 'my diary' });
    const rows = await district.db.selectFrom('event').selectAll().execute();
    expect(rows).toMatchObject([
      {
        ...{ actor: 'device:laptop a', code: 'unblock-requested', subject_kind: 'device', subject_id: 'a' },
        words: 'Somebody asked that games.example be opened.',
      },
    ]);
  });

  it('are one however often a report is repeated, also after they were decided', async () => {
    const { id } = await asked('a', { id: 'r1' });
    await district.ask('a', { id: 'r1' });
    await district.requests.decide(id, refused, 'test');
    await district.ask('a', { id: 'r1' });
    expect(await all()).toMatchObject([{ id, state: 'refused' }]);
  });

  it('of two devices with the same id are two', async () => {
    await district.ask('a', { id: 'r1' });
    await district.ask('b', { id: 'r1' });
    expect(await all()).toMatchObject([{ alike: 2 }, { alike: 2 }]);
  });

  it('for a name that is open already are joined: the latest words stand', async () => {
    await asked('a', { words: 'please' });
    await district.ask('a', { name: 'GAMES.example.', words: 'for physics' }, { words: '' });
    expect(await all()).toMatchObject([{ name: 'games.example', words: 'for physics' }]);
    const [{ id } = { id: '' }] = await all();
    await district.requests.decide(id, refused, 'test');
    await district.ask('a', {});
    expect((await all()).map(({ state }) => state).toSorted()).toEqual(['open', 'refused']);
  });

  it('are at most twenty open of one device', async () => {
    await district.ask('a', ...Array.from({ length: 30 }, (_, n) => ({ name: `s${n}.example` })));
    expect((await district.requests.list({})).total).toBe(20);
    await district.ask('b', {});
    expect((await district.requests.list({})).total).toBe(21);
  });

  it('are kept as plain text, and dropped when their name is none', async () => {
    await district.ask('a', { name: 'a..b' }, { name: '<script>' }, { name: '192.0.2.1/x' });
    expect(await all()).toEqual([]);
    const view = await asked('a', { words: 'please\u202e\u0007\nnow', rule: '\u001b[2Jx', category: '\u0000' });
    expect(view).toMatchObject({ words: 'please now', rule: '[2Jx', category: null });
  });

  it('of a device whose clock is wrong are asked within the last week', async () => {
    await district.ask('a', { at: 5, name: 'old.example' }, { at: district.clock.now() + day, name: 'new.example' });
    const views = await all();
    expect(views.map(({ askedAt }) => askedAt)).toEqual(['2026-09-28T14:00:00.000Z', '2026-10-05T14:00:00.000Z']);
  });

  it('of a device nobody holds name nobody', async () => {
    expect(await asked('nobodys')).toMatchObject({ person: null, orgName: null });
  });

  it('are listed by due date and page, and found by state, school and name', async () => {
    await district.ask('a', { name: 'one.example' });
    district.clock.advance(hour);
    await district.ask('c', { name: 'two.example' });
    const names = async (query: object) => (await all(query)).map(({ name }) => name);
    expect(await names({})).toEqual(['one.example', 'two.example']);
    const first = await district.requests.list({ limit: 1 });
    expect(first).toMatchObject({ total: 2, items: [{ name: 'one.example' }] });
    expect(await names({ limit: 1, cursor: first.nextCursor })).toEqual(['two.example']);
    expect(await names({ org: 'cedar' })).toEqual(['two.example']);
    expect(await names({ org: 'county' })).toHaveLength(2);
    expect(await names({ search: 'ONE' })).toEqual(['one.example']);
    expect(await names({ search: 'cy exam' })).toEqual(['two.example']);
    expect(await names({ search: '%' })).toEqual([]);
    expect(await names({ state: 'granted' })).toEqual([]);
  });

  const reach: [typeof granted & { target?: 'person' | 'device' | 'school' }, string[]][] = [
    [granted, ['a']],
    [{ ...granted, target: 'person' }, ['a']],
    [{ ...granted, target: 'device' }, ['a']],
    [{ ...granted, target: 'school' }, ['a', 'b', 't']],
  ];
  it.each(reach)('granted by %o open the name on %o at once', async (decision, devices) => {
    const { id } = await asked();
    const changed = district.hear('desired-changed');
    const view = await district.requests.decide(id, decision, 'staff:Tess Example');
    expect(view).toMatchObject({ state: 'granted', outcome: 'For your essay.', decidedBy: 'staff:Tess Example' });
    await district.settled();
    expect(changed.flatMap(({ deviceIds }) => deviceIds).toSorted()).toEqual(devices);
    const section = await district.section('a');
    expect(section.overrides).toEqual([
      expect.objectContaining({
        ...{ id: view.overrideId, kind: 'allow', domains: ['games.example'], reason: 'For your essay.' },
        ...{ by: 'Tess Example', until: district.clock.now() + hour },
      }),
    ]);
    expect((await district.overrides.list({})).items).toMatchObject([{ requestId: id, devices: devices.length }]);
  });

  it('granted end by themselves', async () => {
    const { id } = await asked();
    await district.requests.decide(id, granted, 'test');
    district.clock.advance(hour);
    expect((await district.section('a')).overrides).toBeUndefined();
  });

  it.each([
    [granted, 'granted', 'For your essay.'],
    [refused, 'refused', 'Not in school.'],
  ] as const)('tell the device the outcome (%o)', async (decision, state, reason) => {
    const { id } = await asked('a', { id: 'r1' });
    await district.requests.decide(id, decision, 'test');
    const outcomes = [{ id: 'r1', name: 'games.example', state, reason, at: district.clock.now() }];
    expect((await district.section('a')).outcomes).toEqual(outcomes);
    expect((await district.section('b')).outcomes).toBeUndefined();
    district.clock.advance(7 * day + 1);
    district.bus.publish('policy-changed', {});
    expect((await district.section('a')).outcomes).toBeUndefined();
  });

  it('tell each device its own outcomes, also when all are worked out at once', async () => {
    const ids = [(await asked('a', { name: 'one.example' })).id, (await asked('b', { name: 'two.example' })).id];
    for (const id of ids) await district.requests.decide(id, refused, 'test');
    district.bus.publish('policy-changed', {});
    const told = async (device: string) => (await district.section(device)).outcomes?.map(({ name }) => name);
    expect([await told('a'), await told('b')]).toEqual([['one.example'], ['two.example']]);
  });

  it('tell at most the latest twenty outcomes', async () => {
    for (let n = 0; n < 22; n++) {
      const { id } = await asked('a', { name: `s${n}.example` });
      await district.requests.decide(id, refused, 'test');
      district.clock.advance(1);
    }
    const { outcomes = [] } = await district.section('a');
    expect([outcomes.length, outcomes[0]?.name, outcomes.at(-1)?.name]).toEqual([20, 's21.example', 's2.example']);
  });

  it('leave an event with the reason', async () => {
    const { id } = await asked();
    await district.requests.decide(id, refused, 'staff:Tess Example');
    expect(district.said.at(-1)).toEqual({
      ...{ actor: 'staff:Tess Example', code: 'request-refused', subject: { kind: 'device', id: 'a' } },
      words: 'games.example stays blocked: Not in school.',
    });
  });

  it.each([
    ['in a locked category', { category: 'adult' }],
    ['among the blocked domains', { name: 'x.proxy.example' }],
  ])('for a name %s are not granted but may be refused', async (_, record) => {
    const webFilter = { lockedCategories: ['adult'], blockedDomains: ['proxy.example'] };
    await district.publish('base', { webFilter }, { kind: 'everyone' });
    const { id } = await asked('a', record);
    for (const target of ['person', 'device', 'school'] as const) {
      const decided = district.requests.decide(id, { ...granted, target }, 'test');
      await expect(decided).rejects.toMatchObject({ code: 'not-liftable' });
    }
    expect(await all()).toMatchObject([{ state: 'open' }]);
    expect((await district.overrides.list({})).total).toBe(0);
    expect(await district.requests.decide(id, refused, 'test')).toMatchObject({ state: 'refused' });
  });

  const cannot: [string, string, object, string][] = [
    ['the person of a device nobody held', 'nobodys', { target: 'person' }, 'bad-override'],
    ['the school of a device nobody held', 'nobodys', { target: 'school' }, 'bad-override'],
    ['a reason of blanks', 'a', { reason: '     ' }, 'bad-request'],
  ];
  it.each(cannot)('are not granted for %s, and stay open', async (_, device, change, code) => {
    const { id } = await asked(device);
    await expect(district.requests.decide(id, { ...granted, ...change }, 'test')).rejects.toMatchObject({ code });
    expect(await all()).toMatchObject([{ state: 'open' }]);
  });

  it('are decided once', async () => {
    const { id } = await asked();
    await district.requests.decide(id, refused, 'test');
    await expect(district.requests.decide(id, granted, 'test')).rejects.toMatchObject({ code: 'conflict' });
    await expect(district.requests.decide('none', granted, 'test')).rejects.toMatchObject({ code: 'not-found' });
    expect((await district.overrides.list({})).total).toBe(0);
  });

  it('that nobody decides expire after thirty days, and the device is told', async () => {
    await asked('a', { id: 'r1' });
    district.clock.advance(30 * day - 1);
    await district.settled();
    expect(await all()).toMatchObject([{ state: 'open', overdue: true }]);
    district.clock.advance(1);
    await district.settled();
    expect(await all()).toMatchObject([{ state: 'expired', overdue: false, decidedBy: null }]);
    expect((await district.section('a')).outcomes).toMatchObject([{ id: 'r1', state: 'expired' }]);
  });

  it('that expired while the server was away are closed when it starts', async () => {
    await asked();
    await district.requests.stop();
    district.clock.advance(31 * day);
    await district.requests.start();
    expect(await all()).toMatchObject([{ state: 'expired' }]);
  });
});
