import { describe, expect, it } from 'vitest';
import { type RingDevice, ringsOf } from '../../../shared/policy/rings.ts';
import { type RolloutRing, usualPlan } from '../../../shared/policy/rollout-plan.ts';
import { SeededRandom } from '../../fakes/clock.ts';

const percent = (share: number): RolloutRing => ({ kind: 'percent', percent: share, soakHours: 1 });
const group = (name: string): RolloutRing => ({ kind: 'group', group: name, soakHours: 1 });
const nobody = new Map<string, Set<string>>();

/** Schools and models of very different size. */
const devices: RingDevice[] = Array.from({ length: 20_000 }, (_, i) => ({
  id: `device-${i}`,
  school: i % 50 === 0 ? null : `school-${Math.floor(Math.sqrt(i / 50))}`,
  model: i % 7 === 0 ? null : `model-${(i * i) % 13}`,
}));

const inRings = (rings: ReadonlyMap<string, number>, upTo: number) =>
  devices.filter(({ id }) => (rings.get(id) ?? 0) <= upTo);

describe('rings', () => {
  const rings = ringsOf(usualPlan, devices, nobody);
  const shares = usualPlan.rings.map((ring) => (ring.kind === 'percent' ? ring.percent : 0));

  it('hold their share of all devices to the device, with those of the rings before', () => {
    for (const [i, share] of shares.entries())
      expect(inRings(rings, i + 1)).toHaveLength(Math.ceil((devices.length * share) / 100));
  });

  it.each([
    ['school', ({ school }: RingDevice) => `${school}`],
    ['model of a school', ({ school, model }: RingDevice) => `${school} ${model}`],
  ])('hold the share of each %s, but for two devices', (_, stratumOf) => {
    const all = Map.groupBy(devices, stratumOf);
    for (const [i, share] of shares.entries()) {
      const held = Map.groupBy(inRings(rings, i + 1), stratumOf);
      for (const [stratum, of] of all) {
        const wanted = (of.length * share) / 100;
        expect(Math.abs((held.get(stratum)?.length ?? 0) - wanted), `${stratum} at ${share} %`).toBeLessThanOrEqual(2);
      }
    }
  });

  it('are the same whatever the order of the devices', () => {
    const random = new SeededRandom(3);
    const shuffled = devices.toSorted(() => random.unit() - 0.5);
    expect(new Map([...ringsOf(usualPlan, shuffled, nobody)].toSorted())).toEqual(new Map([...rings].toSorted()));
  });

  it('hold the same devices in another plan that has the same shares', () => {
    const other = ringsOf({ rings: [...usualPlan.rings.slice(1)] }, devices, nobody);
    const tenth = (of: ReadonlyMap<string, number>, ring: number) => new Set(inRings(of, ring).map(({ id }) => id));
    expect(tenth(other, 1)).toEqual(tenth(rings, 2));
  });

  it('put a pilot group first, and everybody else by share', () => {
    const pilots = new Set(devices.slice(0, 300).map(({ id }) => id));
    const plan = { rings: [group('pilots'), percent(10), percent(100)] };
    const withPilots = ringsOf(plan, devices, new Map([['pilots', pilots]]));
    expect(new Set(inRings(withPilots, 1).map(({ id }) => id))).toEqual(pilots);
    const tenth = new Set(
      inRings(ringsOf({ rings: [percent(10), percent(100)] }, devices, nobody), 1).map((d) => d.id),
    );
    expect(new Set(inRings(withPilots, 2).map(({ id }) => id))).toEqual(pilots.union(tenth));
  });

  it.each([
    ['one device is in the first ring, however small its share', [percent(1), percent(100)], 1, { 1: 1 }],
    ['ten devices make a first ring of one', [percent(1), percent(50), percent(100)], 10, { 1: 1, 2: 4, 3: 5 }],
    ['devices beyond the last share come after the last ring', [percent(10), percent(60)], 10, { 1: 1, 2: 5, 3: 4 }],
    ['a group that nobody is in adds nobody', [group('empty'), percent(100)], 3, { 2: 3 }],
    [
      'a larger share before a smaller one leaves it empty',
      [percent(50), percent(10), percent(100)],
      10,
      { 1: 5, 3: 5 },
    ],
    ['no devices make no rings', [percent(1), percent(100)], 0, {}],
  ])('%s', (_, plan, count, expected) => {
    const few = devices.slice(0, count);
    const sizes = Map.groupBy(ringsOf({ rings: plan }, few, nobody).values(), (ring) => ring);
    expect(Object.fromEntries([...sizes].map(([ring, of]) => [ring, of.length]))).toEqual(expected);
  });

  it('leave out pilots that do not take part', () => {
    const rings = ringsOf(
      { rings: [group('pilots'), percent(100)] },
      devices.slice(0, 2),
      new Map([['pilots', new Set(['gone'])]]),
    );
    expect([...rings.keys()]).toEqual(['device-0', 'device-1']);
  });
});
