import { describe, expect, it } from 'vitest';
import { same, steady, steps } from '../../../../agent/health/steady.ts';

/** Feeds readings one after the other; what would be sent. */
function sent(limits: Readonly<Record<string, number>>, readings: unknown[]): unknown[] {
  let last: unknown;
  return readings.flatMap((reading) => {
    const value = steady(limits, last, reading);
    if (same(value, last)) return [];
    last = value;
    return [value];
  });
}

const load = (cpuPercent: number, memoryUsedPercent = 40) => ({ cpuPercent, memoryUsedPercent });

describe('what counts as a change', () => {
  it.each([
    ['the first reading is sent, rounded to its step', steps.load, [load(13.4)], [load(15)]],
    ['an idle processor that moves a little is no news', steps.load, [load(2), load(4), load(1), load(3.9)], [load(0)]],
    [
      'a value hovering at a rounding edge does not flap',
      steps.load,
      [load(12.4), load(12.6), load(12.4), load(12.6)],
      [load(10)],
    ],
    ['a real change is sent once', steps.load, [load(10), load(60), load(61), load(59)], [load(10), load(60)]],
    [
      'a slow climb is told at each step',
      steps.load,
      [load(10), load(12), load(14), load(15), load(17), load(20)],
      [load(10), load(15), load(20)],
    ],
    [
      'each number has its own step: memory alone',
      steps.load,
      [load(10, 40), load(12, 43)],
      [load(10, 40), load(10, 44)],
    ],
    [
      'a charge that falls by one per cent',
      steps.battery,
      [{ chargePercent: 80 }, { chargePercent: 79 }, { chargePercent: 75 }],
      [{ chargePercent: 80 }, { chargePercent: 75 }],
    ],
    [
      'what has no step is sent at any change',
      steps.battery,
      [
        { present: true, cycles: 10 },
        { present: true, cycles: 11 },
      ],
      [
        { present: true, cycles: 10 },
        { present: true, cycles: 11 },
      ],
    ],
    [
      'a property that appears',
      steps.network,
      [{ kind: 'wired' }, { kind: 'wired', linkMbps: 1000 }],
      [{ kind: 'wired' }, { kind: 'wired', linkMbps: 1000 }],
    ],
    [
      'a property that goes',
      steps.network,
      [{ kind: 'wireless', signalPercent: 80 }, { kind: 'wireless' }],
      [{ kind: 'wireless', signalPercent: 80 }, { kind: 'wireless' }],
    ],
    [
      'the agent growing by less than 4 MiB',
      steps.agent,
      [{ residentBytes: 80 * 2 ** 20 }, { residentBytes: 83 * 2 ** 20 }],
      [{ residentBytes: 80 * 2 ** 20 }],
    ],
    ['a share of half a per cent stays exact', steps.agent, [{ cpuPercent: 1.26 }], [{ cpuPercent: 1.5 }]],
  ])('%s', (_, limits, readings, expected) => {
    expect(sent(limits, readings)).toEqual(expected);
  });

  it('matches sensors by name, so that a new one changes nothing of the others', () => {
    const sensors = (...pairs: [string, number][]) => ({
      sensors: pairs.map(([name, celsius]) => ({ name, celsius })),
    });
    const readings = [
      sensors(['cpu', 50], ['disk', 40]),
      sensors(['disk', 41], ['cpu', 51]),
      sensors(['gpu', 60], ['cpu', 51], ['disk', 41]),
    ];
    expect(sent(steps.temperatures, readings)).toEqual([
      sensors(['cpu', 50], ['disk', 40]),
      sensors(['disk', 40], ['cpu', 50]),
      sensors(['gpu', 60], ['cpu', 50], ['disk', 40]),
    ]);
  });
  it('a full disk stays at or below 100', () => {
    expect(steady(steps.disks, undefined, { volumes: [{ mount: '/', usedPercent: 99.9 }] })).toEqual({
      volumes: [{ mount: '/', usedPercent: 100 }],
    });
  });
});

describe('same', () => {
  it.each([
    ['order of properties', { a: 1, b: 2 }, { b: 2, a: 1 }, true],
    ['order of items', [1, 2], [2, 1], false],
    ['list and object', [], {}, false],
    ['nothing and null', undefined, null, false],
    ['nested', { a: [{ b: 1 }] }, { a: [{ b: 1 }] }, true],
    ['missing property', { a: 1 }, { a: 1, b: undefined }, false],
  ])('%s', (_, a, b, expected) => {
    expect(same(a, b)).toBe(expected);
  });
});
