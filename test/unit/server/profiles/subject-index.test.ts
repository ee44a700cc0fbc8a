import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Bus } from '../../../../server/bus.ts';
import { SubjectIndex } from '../../../../server/profiles/subject-index.ts';
import { readDevices, type SubjectStores } from '../../../../server/profiles/subjects.ts';
import { FakeClock, SeededRandom } from '../../../fakes/clock.ts';

interface Row {
  tags: string[];
  model: string | null;
  place: string | null;
  holder: string | null;
  restriction: string | undefined;
}

/** Devices and people in memory, whose readings take a while and fail now and then. */
function world(random: SeededRandom) {
  const devices = new Map<string, Row>();
  const grades = new Map<string, string | null>();
  const failing = { reads: 0 };
  const slowly = async () => {
    for (let turns = Math.floor(random.unit() * 3); turns > 0; turns--) await setImmediate();
    if (failing.reads > 0) {
      failing.reads -= 1;
      throw new Error('the store is busy');
    }
  };
  const chosen = (ids: readonly string[] | undefined) =>
    [...devices].filter(([id]) => ids === undefined || ids.includes(id));
  const stores = {
    desired: {
      activeIds: async () => {
        await slowly();
        return [...devices.keys()].sort();
      },
      activeDevices: async (ids?: readonly string[]) => {
        await slowly();
        return chosen(ids).map(([id, { tags, model, place }]) => ({
          ...{ id, name: `laptop ${id}`, serial: null, platform: 'linux', osName: 'Debian', osVersion: '12' },
          ...{ tags, model, place },
        }));
      },
    },
    custody: {
      openCustodyOfDevices: async (ids?: readonly string[]) => {
        await slowly();
        return new Map(
          chosen(ids).flatMap(([id, { holder }]) =>
            holder ? [[id, { personId: holder, kind: 'loan' }] as const] : [],
          ),
        );
      },
    },
    people: {
      scopes: async (ids: readonly string[]) => {
        await slowly();
        return new Map(
          ids.flatMap((id) => {
            const grade = grades.get(id);
            return grade === undefined
              ? []
              : [[id, { sourcedId: id, role: 'student', grade, orgs: ['maple'], classes: [] }] as const];
          }),
        );
      },
    },
    restrictions: {
      profiles: async (ids?: readonly string[]) => {
        await slowly();
        return new Map(
          chosen(ids).flatMap(([id, { restriction }]) => (restriction ? [[id, restriction] as const] : [])),
        );
      },
    },
  } as unknown as SubjectStores;
  return { devices, grades, failing, stores };
}

const pick = <T>(random: SeededRandom, of: readonly T[]): T => of[Math.floor(random.unit() * of.length)] as T;

describe('the index of devices', () => {
  it.each(Array.from({ length: 40 }, (_, seed) => [seed]))(
    'is what a fresh reading gives, whatever happens while it reads and whichever readings fail: %i',
    async (seed) => {
      const random = new SeededRandom(seed);
      const { devices, grades, failing, stores } = world(random);
      const bus = new Bus(() => undefined);
      const clock = new FakeClock();
      const index = new SubjectIndex({ stores, bus, clock });
      await index.start();
      const asking: Promise<unknown>[] = [];
      const ids = Array.from({ length: 6 }, (_, i) => `d${i}`);
      const steps: (() => void)[] = [
        () => {
          const id = pick(random, ids);
          devices.set(id, { tags: [], model: null, place: null, holder: null, restriction: undefined });
          bus.publish('device-changed', { deviceIds: [id] });
        },
        () => {
          const id = pick(random, ids);
          devices.delete(id);
          bus.publish('device-revoked', { deviceId: id });
        },
        () => {
          const id = pick(random, ids);
          const row = devices.get(id);
          if (row)
            devices.set(id, { ...row, holder: pick(random, [null, 'p1', 'p2']), model: pick(random, [null, 'M1']) });
          bus.publish('device-changed', { deviceIds: [id] });
        },
        () => {
          const id = pick(random, ids);
          const row = devices.get(id);
          if (row) devices.set(id, { ...row, place: pick(random, [null, 'on-campus', 'off-campus']) });
          bus.publish('device-changed', { deviceIds: [id], only: 'place' });
        },
        () => {
          const id = pick(random, ids);
          const row = devices.get(id);
          if (row) devices.set(id, { ...row, restriction: pick(random, [undefined, 'r1']) });
          bus.publish('restrictions-changed', { deviceIds: [id] });
        },
        () => {
          grades.set(pick(random, ['p1', 'p2']), pick(random, [null, '05', '06']));
          bus.publish('roster-changed', {});
        },
        () => {
          failing.reads = 1;
        },
        () => asking.push(index.all().catch(() => undefined)),
        () => asking.push(index.some([pick(random, ids)]).catch(() => undefined)),
      ];
      for (let step = 0; step < 60; step++) {
        pick(random, steps)();
        if (random.unit() < 0.3) await setImmediate();
        if (random.unit() > 0.15) continue;
        failing.reads = 0;
        const known = index.all();
        const fresh = await readDevices(stores, clock.now());
        // What is read at this very moment is not older than what had happened when it was asked for.
        expect(await known).toEqual(fresh.sort((a, b) => (a.name < b.name ? -1 : 1)));
      }
      failing.reads = 0;
      await Promise.all(asking);
      await index.stop();
    },
  );

  it('goes on after a reading that failed, and ends quietly', async () => {
    const { devices, failing, stores } = world(new SeededRandom(1));
    devices.set('d', { tags: [], model: null, place: null, holder: null, restriction: undefined });
    const index = new SubjectIndex({ stores, bus: new Bus(() => undefined), clock: new FakeClock() });
    await index.start();
    failing.reads = 1;
    await expect(index.all()).rejects.toThrow('the store is busy');
    expect(await index.all()).toHaveLength(1);
    failing.reads = 1;
    const asked = expect(index.some(['d'])).rejects.toThrow('the store is busy');
    const stopped = index.stop();
    await asked;
    await expect(stopped).resolves.toBeUndefined();
  });
});
