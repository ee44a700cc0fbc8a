import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OverrideInput } from '../../../../shared/api/schemas.ts';
import { type FilterDistrict, openFilterDistrict, someCalendar } from '../../../fakes/filter-district.ts';

const person = { kind: 'person', id: 'ada' } as const;
const minute = 60_000;

function wanted(change: Partial<OverrideInput> = {}): OverrideInput {
  const usual = { target: person, kind: 'allow', domains: ['wiki.example'], categories: [] } as const;
  return { ...usual, domains: [...usual.domains], categories: [], minutes: 30, reason: 'For the essay.', ...change };
}

describe('overrides', () => {
  let district: FilterDistrict;

  beforeEach(async () => {
    district = await openFilterDistrict();
  });
  afterEach(async () => {
    expect(district.errors).toEqual([]);
    await district.close();
  });

  const idsOn = async (device: string) => (await district.section(device)).overrides?.map(({ id }) => id) ?? [];
  const devices = ['a', 'b', 'c', 't', 'nobodys'];
  const reached = async (id: string) => {
    const found = await Promise.all(devices.map(async (device) => ((await idsOn(device)).includes(id) ? device : '')));
    return found.filter((device) => device !== '');
  };

  const targets: [OverrideInput['target'], string[]][] = [
    [{ kind: 'person', id: 'ada' }, ['a']],
    [{ kind: 'device', id: 'nobodys' }, ['nobodys']],
    [{ kind: 'class', id: 'art' }, ['a']],
    [{ kind: 'org', id: 'maple' }, ['a', 'b', 't']],
    [{ kind: 'org', id: 'county' }, ['a', 'b', 'c', 't']],
  ];
  it.each(targets)('for %o reach %o, and no other device is signed for', async (target, expected) => {
    const [overrides, desired] = [district.hear('overrides-changed'), district.hear('desired-changed')];
    const view = await district.overrides.create(wanted({ target }), 'staff:Tess Example');
    expect(view).toMatchObject({ target, inForce: true, devices: expected.length, endedAt: null });
    expect(await reached(view.id)).toEqual(expected);
    expect(overrides).toEqual([{ deviceIds: expected }]);
    expect(desired.flatMap(({ deviceIds }) => deviceIds).toSorted()).toEqual(expected);
  });

  it('are in the section as the person reads them', async () => {
    const now = district.clock.now();
    const { id } = await district.overrides.create(wanted(), 'staff:Tess Example');
    expect((await district.section('a')).overrides).toEqual([
      {
        id,
        kind: 'allow',
        domains: ['wiki.example'],
        categories: [],
        from: now,
        until: now + 30 * minute,
        reason: 'For the essay.',
        by: 'Tess Example',
      },
    ]);
  });

  it('bring the lists of their categories along', async () => {
    await district.overrides.create(wanted({ kind: 'block', categories: ['chat'] }), 'test');
    expect((await district.section('a')).lists.map(({ category }) => category)).toEqual(['games', 'chat']);
  });

  it('of several people stay apart when all devices are worked out at once', async () => {
    const ofAda = await district.overrides.create(wanted(), 'test');
    const ofBob = await district.overrides.create(wanted({ target: { kind: 'person', id: 'bob' } }), 'test');
    district.bus.publish('policy-changed', {});
    expect([await idsOn('a'), await idsOn('b')]).toEqual([[ofAda.id], [ofBob.id]]);
  });

  it('do not count devices out of service', async () => {
    await district.db.updateTable('device').set({ status: 'revoked' }).where('id', '=', 'a').execute();
    expect(await district.overrides.create(wanted(), 'test')).toMatchObject({ devices: 0 });
    const target = { kind: 'device', id: 'a' } as const;
    expect(await district.overrides.create(wanted({ target }), 'test')).toMatchObject({ devices: 0 });
  });

  it('follow the person to another device, and new students of a class', async () => {
    const { id } = await district.overrides.create(wanted(), 'test');
    await district.give('nobodys', 'ada');
    expect(await reached(id)).toEqual(['a', 'nobodys']);
    const forClass = await district.overrides.create(wanted({ target: { kind: 'class', id: 'art' } }), 'test');
    await district.db.updateTable('enrollment').set({ role: 'student' }).where('person_id', '=', 'tess').execute();
    district.bus.publish('roster-changed', {});
    expect(await reached(forClass.id)).toEqual(['a', 't', 'nobodys']);
  });

  it('end by themselves: the section goes back to what it was, an event says so, nothing is signed before', async () => {
    const before = await district.section('a');
    await district.overrides.create(wanted({ minutes: 30 }), 'test');
    await district.settled();
    district.signed.length = 0;
    district.clock.advance(30 * minute - 1);
    await district.settled();
    expect(district.signed).toEqual([]);
    expect(await idsOn('a')).toHaveLength(1);
    district.clock.advance(1);
    await district.settled();
    expect(await district.section('a')).toEqual(before);
    expect(district.signed).toHaveLength(1);
    expect(district.said.at(-1)).toMatchObject({
      actor: 'server',
      code: 'override-ended',
      words: '“Opened: wiki.example”, for a person, ended by itself.',
      subject: person,
    });
    const { items } = await district.overrides.list({});
    expect(items[0]).toMatchObject({ inForce: false, endedAt: items[0]?.until });
  });

  it('that ended while the server was away are ended when it starts', async () => {
    const { id } = await district.overrides.create(wanted({ minutes: 1 }), 'test');
    await district.settled();
    await district.overrides.stop();
    district.clock.advance(5 * minute);
    expect(await idsOn('a')).toEqual([id]);
    await district.overrides.start();
    expect(await idsOn('a')).toEqual([]);
  });

  it('are tried again when the store fails as one is due', async () => {
    await district.overrides.create(wanted({ minutes: 1 }), 'test');
    const endOverdue = district.stores.overrides.endOverdue.bind(district.stores.overrides);
    district.stores.overrides.endOverdue = () => Promise.reject(new Error('the disk is full'));
    district.clock.advance(minute);
    await district.settled();
    expect(district.errors.splice(0)).toContainEqual(expect.objectContaining({ message: 'the disk is full' }));
    district.stores.overrides.endOverdue = endOverdue;
    district.clock.advance(5_000);
    expect(await idsOn('a')).toEqual([]);
  });

  it('are ended by staff before their time, once', async () => {
    const { id } = await district.overrides.create(wanted(), 'test');
    district.clock.advance(minute);
    const ended = await district.overrides.end(id, 'staff:Ada Admin');
    expect(ended).toMatchObject({ inForce: false, endedAt: new Date(district.clock.now()).toISOString() });
    expect(await idsOn('a')).toEqual([]);
    expect(district.said.at(-1)).toMatchObject({ actor: 'staff:Ada Admin', code: 'override-ended' });
    await expect(district.overrides.end(id, 'test')).rejects.toMatchObject({ code: 'conflict' });
    await expect(district.overrides.end('none', 'test')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('leave an event with the reason and without names of people', async () => {
    const reason = 'For\u202e the\nessay.';
    await district.overrides.create(wanted({ categories: ['chat'], reason }), 'staff:Tess Example');
    const { domains, categories, until } = (await district.overrides.list({})).items[0] ?? {};
    expect(district.said.at(-1)).toEqual({
      actor: 'staff:Tess Example',
      code: 'override-begun',
      words: 'Opened: wiki.example, category chat, for a person, until 2026-10-05 14:30 UTC. For the essay.',
      subject: person,
      before: {},
      after: { kind: 'allow', domains, categories, everything: false, until },
      reason: 'For the essay.',
    });
  });

  it('are accepted for a person who holds no device', async () => {
    await district.addPerson({ id: 'new' });
    const view = await district.overrides.create(wanted({ target: { kind: 'person', id: 'new' } }), 'test');
    expect(view).toMatchObject({ devices: 0, targetName: 'new Example', inForce: true });
  });

  it.each(['tess', 't'])('open everything for adult staff (%s)', async (id) => {
    const target = { kind: id === 't' ? 'device' : 'person', id } as const;
    await district.overrides.create(wanted({ target, domains: [], everything: true }), 'test');
    expect((await district.section('t')).overrides).toMatchObject([{ everything: true, kind: 'allow' }]);
  });

  const everything = { domains: [], everything: true };
  const refused: [string, Partial<OverrideInput>, string][] = [
    ['nothing to open or close', { domains: [] }, 'Name at least one site or category.'],
    ['a reason of blanks', { reason: '   x   ' }, 'Say why, in a few words: the person reads it.'],
    [
      'a reason nobody can see',
      { reason: '\u202e\u200b\u0007\u0000' },
      'Say why, in a few words: the person reads it.',
    ],
    [
      'everything for a student',
      everything,
      'Everything can only be opened for adult staff, and the roster does not say that this person is one.',
    ],
    [
      'everything for a student’s device',
      { ...everything, target: { kind: 'device', id: 'b' } },
      'Everything can only be opened for adult staff, and the roster does not say that who holds this device is one.',
    ],
    [
      'everything for nobody’s device',
      { ...everything, target: { kind: 'device', id: 'nobodys' } },
      'Everything can only be opened for adult staff, and the roster does not say that who holds this device is one.',
    ],
    [
      'everything for a class',
      { ...everything, target: { kind: 'class', id: 'art' } },
      'Everything can be opened for one member of staff, never for a class or a unit. Name the sites.',
    ],
    [
      'only everything',
      { ...everything, kind: 'only', target: { kind: 'person', id: 'tess' } },
      '“Only” and everything contradict each other. Name the sites that stay open.',
    ],
    [
      'a name that is none',
      { domains: ['a..example'] },
      '“a..example” is not the name of a site, such as example.com.',
    ],
    ['a category without a list', { categories: ['none'] }, 'There is no list for the category “none”.'],
    [
      'all of a public suffix',
      { domains: ['co.uk'] },
      '"co.uk" is a public suffix: it would reach every site that ends in it. Name the sites.',
    ],
  ];
  it.each(refused)('are refused with %s', async (_, change, words) => {
    const problem = { code: 'bad-override', message: words, details: [words] };
    await expect(district.overrides.create(wanted(change), 'test')).rejects.toMatchObject(problem);
    expect((await district.overrides.list({})).total).toBe(0);
  });

  it.each(['person', 'device', 'class', 'org'] as const)('are refused for a %s nobody knows', async (kind) => {
    const created = district.overrides.create(wanted({ target: { kind, id: 'none' } }), 'test');
    await expect(created).rejects.toMatchObject({ code: 'not-found' });
  });

  it('may close a whole top-level domain, which opens nothing', async () => {
    await district.overrides.create(wanted({ kind: 'block', domains: ['zip'] }), 'test');
    expect((await district.section('a')).overrides).toMatchObject([{ kind: 'block', domains: ['zip'] }]);
  });

  const locked: [string, Partial<OverrideInput>, string[]][] = [
    ['a locked category', { domains: [], categories: ['adult'] }, ['adult']],
    ['a blocked domain', { domains: ['proxy.example'] }, ['proxy.example']],
    ['a name below a blocked domain', { domains: ['ok.example', '=x.proxy.example'] }, ['=x.proxy.example']],
  ];
  it.each(locked)('open no %s', async (_, change, details) => {
    const webFilter = {
      lockedCategories: ['adult'],
      blockedDomains: ['proxy.example'],
      allowedDomains: ['ok.proxy.example'],
    };
    await district.publish('base', { webFilter }, { kind: 'everyone' });
    const created = district.overrides.create(wanted(change), 'test');
    await expect(created).rejects.toMatchObject({ code: 'not-liftable', details });
    await district.overrides.create(wanted({ domains: ['ok.proxy.example'] }), 'test');
    await district.overrides.create(wanted({ ...change, kind: 'block' }), 'test');
  });

  it('are at most fifty at a time for one target', async () => {
    for (let n = 0; n < 50; n++) await district.overrides.create(wanted({ domains: [`s${n}.example`] }), 'test');
    await expect(district.overrides.create(wanted(), 'test')).rejects.toMatchObject({ code: 'bad-override' });
    await district.overrides.create(wanted({ target: { kind: 'person', id: 'bob' } }), 'test');
    expect((await district.section('a')).overrides).toHaveLength(50);
  });

  it('name at most a thousand sites and categories for one target', async () => {
    const many = (n: number) => Array.from({ length: 200 }, (_, i) => `s${n}-${i}.example`);
    for (let n = 0; n < 5; n++) await district.overrides.create(wanted({ domains: many(n) }), 'test');
    await expect(district.overrides.create(wanted(), 'test')).rejects.toMatchObject({ code: 'bad-override' });
  });

  it('are listed newest first, by page, all or those in force', async () => {
    for (const domain of ['one.example', 'two.example', 'three.example']) {
      await district.overrides.create(
        wanted({ domains: [domain], minutes: domain === 'one.example' ? 1 : 60 }),
        'test',
      );
      district.clock.advance(minute);
    }
    const first = await district.overrides.list({ limit: 2 });
    expect(first).toMatchObject({ total: 3, items: [{ domains: ['three.example'] }, { domains: ['two.example'] }] });
    const rest = await district.overrides.list({ limit: 2, cursor: first.nextCursor ?? '' });
    expect(rest).toMatchObject({ items: [{ domains: ['one.example'], inForce: false }], nextCursor: null });
    expect((await district.overrides.list({ inForce: true })).total).toBe(2);
    expect(await district.overrides.list({ inForce: false })).toMatchObject({
      total: 1,
      items: [{ domains: ['one.example'], inForce: false }],
    });
  });

  it('of a class are shown with its teachers, students and the end of the lesson', async () => {
    await district.addClass('math', 'cedar', { cy: 'student', ada: 'student' });
    await district.addPerson({ id: 'new' });
    await district.addClass('chess', 'maple', { new: 'student' });
    await district.calendars.save('county', someCalendar(), 'test');
    const noBells = { monday: null, tuesday: null, wednesday: null, thursday: null, friday: null };
    const week = { ...someCalendar().week, ...noBells };
    await district.calendars.save('cedar', someCalendar({ week }), 'test');
    const target = { kind: 'class', id: 'art' } as const;
    await district.overrides.create(wanted({ target, kind: 'only' }), 'test');
    const { items, total } = await district.overrides.classes({});
    expect(total).toBe(3);
    expect(items.map(({ overrides, ...shown }) => ({ ...shown, overrides: overrides.length }))).toEqual([
      {
        ...{
          id: 'art',
          sourcedId: 'art',
          title: 'Class art',
          orgName: 'School maple',
          teachers: ['tess Example'],
          students: 1,
        },
        ...{ devices: 1, periodEnds: '2026-10-05T16:30:00.000Z', overrides: 1 },
      },
      {
        ...{
          id: 'chess',
          sourcedId: 'chess',
          title: 'Class chess',
          orgName: 'School maple',
          teachers: [],
          students: 1,
        },
        ...{ devices: 0, periodEnds: '2026-10-05T16:30:00.000Z', overrides: 0 },
      },
      {
        ...{ id: 'math', sourcedId: 'math', title: 'Class math', orgName: 'School cedar', teachers: [], students: 2 },
        ...{ devices: 2, periodEnds: null, overrides: 0 },
      },
    ]);
    const ids = async (query: object) => (await district.overrides.classes(query)).items.map(({ id }) => id);
    expect(await ids({ search: 'tess' })).toEqual(['art']);
    expect(await ids({ search: '100%' })).toEqual([]);
    expect(await ids({ org: 'cedar' })).toEqual(['math']);
    const first = await district.overrides.classes({ limit: 2 });
    expect(await ids({ limit: 2, cursor: first.nextCursor })).toEqual(['math']);
  });
});
