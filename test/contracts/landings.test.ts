import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readLanding } from '../../server/profiles/device-views.ts';
import { worstFirst } from '../../server/profiles/landing.ts';
import { DesiredStore, type DeviceDesired } from '../../server/store/desired.ts';
import { LandingStore } from '../../server/store/landings.ts';
import { openStore } from '../../server/store/open.ts';
import { PostureStore } from '../../server/store/posture.ts';
import { standingOf } from '../../shared/policy/standing.ts';
import type { SectionStatus } from '../../shared/protocol/messages.ts';
import { addDevice } from '../fakes/rows.ts';

const hash = (digit: string) => digit.repeat(64);
const sections = ['browser', 'webFilter'] as const;
/** Generation → what it holds; the last holds nothing the profile sets. */
const states: Record<number, Partial<Record<(typeof sections)[number] | 'firewall', string>>> = {
  1: { browser: hash('a'), webFilter: hash('b') },
  2: { browser: hash('c'), webFilter: hash('b') },
  3: { webFilter: hash('b') },
  4: { firewall: hash('d') },
};
const profile = {
  ...{ id: 'p', name: 'P', description: '', draft: null, version: 1 },
  published: {
    ...{ number: 3, publishedAt: 5, by: 'staff:Kim', note: '' },
    settings: { browser: { youtube: 'strict' as const }, webFilter: { safeSearch: true } },
    assignments: [{ to: { kind: 'everyone' as const }, priority: 100 }],
  },
};

interface Report {
  hash: string | null;
  generation: number;
  status: SectionStatus;
}
interface Device {
  generation: number;
  scope: readonly string[];
  name: string;
  browser: Report | undefined;
  webFilter: Report | undefined;
}

const reports: fc.Arbitrary<Report | undefined> = fc.option(
  fc.record({
    hash: fc.constantFrom(null, hash('a'), hash('b'), hash('c')),
    generation: fc.constantFrom(1, 2, 3, 4),
    status: fc.constantFrom<SectionStatus>('pending', 'applied', 'verified', 'failed', 'unsupported'),
  }),
  { nil: undefined },
);
const devices: fc.Arbitrary<Device[]> = fc.array(
  fc.record({
    generation: fc.constantFrom(1, 2, 3, 4),
    scope: fc.constantFrom<string[]>(['everyone'], ['everyone', 'role:student'], ['role:student']),
    name: fc.constantFrom('b', 'a', 'Z', 'é'),
    browser: reports,
    webFilter: reports,
  }),
  { maxLength: 25 },
);
describe('how sections are landing', () => {
  let db: Awaited<ReturnType<typeof openStore>>;
  let desired: DesiredStore;

  beforeEach(async () => {
    db = await openStore(':memory:');
    desired = new DesiredStore(db);
  });
  afterEach(() => db.destroy());

  const named = (index: number) => `d${String(index).padStart(3, '0')}`;

  async function hold(all: readonly Device[]): Promise<void> {
    for (const table of ['reported_section', 'device_desired', 'device', 'desired_state'] as const)
      await db.deleteFrom(table).execute();
    for (const [index, { name }] of all.entries()) await addDevice(db, named(index), { name, simulated: index % 2 });
    const should = all.map(
      ({ generation, scope }, index): DeviceDesired => ({
        ...{ deviceId: named(index), generation, contentHash: String(generation), scope, since: 1, sectionSince: {} },
      }),
    );
    const signed = Object.entries(states).map(([generation, held]) => ({
      ...{ generation: Number(generation), contentHash: generation, createdAt: 1 },
      signed: { manifest: JSON.stringify({ sections: held }), signature: 's', keyId: 'k' },
    }));
    await desired.commit({ sections: new Map(), states: signed, devices: should, removed: [] });
    for (const [index, device] of all.entries())
      for (const section of sections) {
        const report = device[section];
        if (!report) continue;
        const row = { ...report, failure: null, evidence: '[]', at: 9 };
        await db
          .insertInto('reported_section')
          .values({ device_id: named(index), section, ...row })
          .execute();
      }
  }

  /** Each device judged by itself. */
  function standing({ generation, ...device }: Device): SectionStatus {
    const held = sections.flatMap((section) => {
      const report = device[section];
      const wanted = states[generation]?.[section];
      if (wanted === undefined) return [];
      return [standingOf(report && { section, ...report }, { section, generation, hash: wanted })];
    });
    return worstFirst.find((status) => held.includes(status)) ?? 'pending';
  }

  it('are the standings of the devices one by one', async () => {
    const landings = new LandingStore(db, { slice: 4, few: 2, page: 3 });
    const stores = { desired, landings, posture: new PostureStore(db) };
    await fc.assert(
      fc.asyncProperty(devices, async (all) => {
        await hold(all);
        const landing = await readLanding(profile, stores, () => false);
        const reached = all
          .map((device, index) => ({ ...device, deviceId: named(index), status: standing(device) }))
          .filter(({ scope }) => scope.includes('everyone'));
        const order = await db.selectFrom('device').select('id').orderBy('name').orderBy('id').execute();
        const place = new Map(order.map(({ id }, index) => [id, index]));
        const rank = (one: (typeof reached)[number]) =>
          worstFirst.indexOf(one.status) * 1000 + (place.get(one.deviceId) ?? 0);
        expect(landing.devices.map(({ deviceId, name, status }) => [deviceId, name, status])).toEqual(
          reached.toSorted((a, b) => rank(a) - rank(b)).map(({ deviceId, name, status }) => [deviceId, name, status]),
        );
        const { total, ...counts } = landing;
        expect(total).toBe(reached.length);
        for (const status of worstFirst)
          expect(counts[status]).toBe(reached.filter((device) => device.status === status).length);
      }),
      { numRuns: 60 },
    );
  });

  it('are read of devices with the same words together, under whichever generation they proved the content', async () => {
    const verified = (generation: number) => ({ hash: hash('b'), generation, status: 'verified' as const });
    const device = { generation: 3, scope: ['everyone'], name: 'n', browser: undefined };
    await hold([1, 2, 3].map((generation) => ({ ...device, webFilter: verified(generation) })));
    expect(await new LandingStore(db).alike([['everyone']], sections)).toEqual([
      {
        generation: 3,
        reports: [{ section: 'webFilter', hash: hash('b'), generation: 3, status: 'verified' }],
        deviceIds: [named(0), named(1), named(2)],
      },
    ]);
  });

  it('are read of more scopes than a statement takes parameters', async () => {
    const device = { generation: 4, scope: ['everyone'], name: 'n', browser: undefined, webFilter: undefined };
    await hold([device]);
    const others = Array.from({ length: 40_000 }, (_, index) => [`org:${index}`]);
    expect(await new LandingStore(db).alike([...others, ['everyone']], sections)).toEqual([
      { generation: 4, reports: [], deviceIds: [named(0)] },
    ]);
  });

  it.each([
    ['few, asked for by id', 500],
    ['many, found by walking all', 2],
  ])('name the first of %s', async (_, few) => {
    const device = { generation: 3, scope: ['everyone'], browser: undefined, webFilter: undefined };
    await hold(['c', 'b', 'a', 'a', 'B', 'd', 'e'].map((name) => ({ ...device, name })));
    const ids = new Map([0, 2, 3, 4, 6].map((index) => [named(index), undefined]));
    const first = await new LandingStore(db, { few, page: 2 }).firstByName(ids, 4);
    expect(first.map(({ id, name, simulated }) => [id, name, simulated])).toEqual([
      [named(4), 'B', false],
      [named(2), 'a', false],
      [named(3), 'a', true],
      [named(0), 'c', false],
    ]);
  });

  it('show 200 devices', async () => {
    const device = { generation: 3, scope: ['everyone'], name: 'n', browser: undefined, webFilter: undefined };
    await hold(Array.from({ length: 203 }, () => device));
    const stores = { desired, landings: new LandingStore(db), posture: new PostureStore(db) };
    const { pending, devices: shown } = await readLanding(profile, stores, () => true);
    expect([pending, shown.length, shown.at(-1)?.deviceId]).toEqual([203, 200, named(199)]);
  });
});
