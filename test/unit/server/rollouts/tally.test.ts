import { describe, expect, it } from 'vitest';
import type { Before } from '../../../../server/rollouts/gates.ts';
import { type Part, Tally } from '../../../../server/rollouts/tally.ts';
import type { GateName } from '../../../../shared/policy/rollout-plan.ts';

const hour = 3_600_000;
const megabyte = 1_048_576;
const now = Date.UTC(2026, 9, 6, 16);
const given = now - 8 * hour;

const healthyAgent = { version: '1', residentBytes: 75 * megabyte, cpuPercent: 0.1, startedAt: 0, spooledRecords: 0 };
const os = { name: 'Debian', version: '12', bootedAt: now - 4 * hour, bootSeconds: 20 };
const healthyBefore: Before = {
  ...{ failed: false, notBlocking: false, crashedAt: null, cpu: 0.1, memory: 75 * megabyte, boot: 20 },
};
const none = { since: 0, before: 0 };
const healthy: Part = {
  ring: 1,
  givenAt: given,
  before: healthyBefore,
  isConnected: true,
  now: {
    ...{ model: 'Latitude', school: 'maple', lastSeenAt: now, desiredSince: given, standing: 'verified' },
    ...{ filter: 'blocked', agent: healthyAgent, os, requests: none, tickets: none },
  },
};

type Change = Partial<Part['now']> & { before?: Partial<Before> | null; ring?: number; isConnected?: boolean };

function part({ before, ring = 1, isConnected = true, ...changed }: Change = {}): Part {
  return {
    ...healthy,
    ...{ ring, isConnected, now: { ...healthy.now, ...changed } },
    before: before === null ? null : { ...healthyBefore, ...before },
  };
}

const without = (change: Change = {}): Part => ({ ...part(change), givenAt: null, before: null, ring: 2 });

function tallyOf(parts: readonly Part[]): Tally {
  const tally = new Tally(given, now);
  for (const one of parts) tally.add(one);
  return tally;
}

const evidenceOf = (parts: readonly Part[]) => tallyOf(parts).evidence(3);
const gateOf = (gate: GateName, parts: readonly Part[]) => evidenceOf(parts).gates.find((one) => one.gate === gate);
/** Enough devices without it, all there, to say what day it is. */
const others = Array.from({ length: 60 }, () => without());

const fine = { asked: 1, before: 0, after: 0, worsened: 0, improved: 0 };
const worse = { asked: 1, before: 0, after: 1, worsened: 1, improved: 0 };
const asBefore = { asked: 1, before: 1, after: 1, worsened: 0, improved: 0 };
const better = { asked: 1, before: 1, after: 0, worsened: 0, improved: 1 };
const silent = { asked: 0, before: 0, after: 0, worsened: 0, improved: 0 };

describe('a device that has the new one is compared with itself before', () => {
  it.each<[string, GateName, Change, typeof fine]>([
    ['a section that fails now', 'failed-sections', { standing: 'failed' }, worse],
    ['a section that failed before', 'failed-sections', { standing: 'failed', before: { failed: true } }, asBefore],
    ['a section that no longer fails', 'failed-sections', { before: { failed: true } }, better],
    ['a section that is still at work', 'failed-sections', { standing: 'pending' }, silent],
    [
      'a section that failed before it was given it',
      'failed-sections',
      { standing: 'failed', desiredSince: given - 1 },
      silent,
    ],
    ['a device of which nothing was kept', 'failed-sections', { standing: 'failed', before: null }, silent],
    ['an agent that crashed since', 'agent-crashes', { agent: { ...healthyAgent, crashedAt: now - 1 } }, worse],
    [
      'an agent that crashed long ago',
      'agent-crashes',
      { agent: { ...healthyAgent, crashedAt: given - 30 * hour } },
      fine,
    ],
    [
      'an agent that crashes in the future',
      'agent-crashes',
      { agent: { ...healthyAgent, crashedAt: now + hour } },
      fine,
    ],
    [
      'an agent that crashed in as long before',
      'agent-crashes',
      { agent: { ...healthyAgent, crashedAt: given - hour }, before: { crashedAt: given - hour } },
      better,
    ],
    ['an agent that says nothing of itself', 'agent-crashes', { agent: undefined }, silent],
    ['processor time above floor and ratio', 'agent-cpu', { agent: { ...healthyAgent, cpuPercent: 40 } }, worse],
    ['processor time that doubled below the floor', 'agent-cpu', { agent: { ...healthyAgent, cpuPercent: 4 } }, fine],
    [
      'processor time that was high before',
      'agent-cpu',
      { agent: { ...healthyAgent, cpuPercent: 9 }, before: { cpu: 8 } },
      asBefore,
    ],
    [
      'processor time that was high and is thrice that',
      'agent-cpu',
      { agent: { ...healthyAgent, cpuPercent: 24 }, before: { cpu: 8 } },
      { ...asBefore, worsened: 1 },
    ],
    ['processor time that is no number', 'agent-cpu', { agent: { ...healthyAgent, cpuPercent: Number.NaN } }, silent],
    ['processor time below nothing', 'agent-cpu', { agent: { ...healthyAgent, cpuPercent: -1 } }, silent],
    ['processor time that was not known before', 'agent-cpu', { before: { cpu: null } }, silent],
    [
      'memory without end',
      'agent-memory',
      { agent: { ...healthyAgent, residentBytes: Number.POSITIVE_INFINITY } },
      silent,
    ],
    [
      'memory above floor and ratio',
      'agent-memory',
      { agent: { ...healthyAgent, residentBytes: 400 * megabyte } },
      worse,
    ],
    ['a filter that lets through', 'filter-probes', { filter: 'not-blocked' }, worse],
    ['a filter that let through before', 'filter-probes', { filter: 'blocked', before: { notBlocking: true } }, better],
    ['a filter that measured nothing', 'filter-probes', { filter: 'none' }, silent],
    ['a slow start since', 'boot-time', { os: { ...os, bootSeconds: 90 } }, worse],
    [
      'a slow start before it was given it',
      'boot-time',
      { os: { ...os, bootedAt: given - hour, bootSeconds: 90 } },
      silent,
    ],
    ['a start that was not measured', 'boot-time', { os: { name: 'Debian', version: '12' } }, silent],
    ['a request since', 'unblock-requests', { requests: { since: 2, before: 0 } }, worse],
    ['as many requests before', 'unblock-requests', { requests: { since: 2, before: 1 } }, asBefore],
    ['a ticket since', 'help-tickets', { tickets: { since: 1, before: 0 } }, worse],
    ['a ticket before, too', 'help-tickets', { tickets: { since: 3, before: 1 } }, asBefore],
  ])('%s', (_, gate, change, expected) => {
    expect(gateOf(gate, [part(change), ...others])).toMatchObject(expected);
  });

  it('and counts beside its model where it is worse', () => {
    const parts = [
      part({ standing: 'failed' }),
      part(),
      part({ model: 'Yoga' }),
      part({ model: null, standing: 'failed' }),
    ];
    expect(gateOf('failed-sections', parts)?.models).toEqual([
      { model: 'Latitude', asked: 2, worsened: 1, improved: 0 },
    ]);
  });
});

describe('a device without the new one', () => {
  it.each<[string, GateName, Change, { asked: number; after: number }]>([
    ['is bad now', 'failed-sections', { standing: 'failed' }, { asked: 1, after: 1 }],
    ['is fine', 'agent-cpu', {}, { asked: 1, after: 0 }],
    ['does not say', 'agent-memory', { agent: undefined }, { asked: 0, after: 0 }],
    [
      'is away',
      'failed-sections',
      { standing: 'failed', isConnected: false, lastSeenAt: given - 1 },
      { asked: 0, after: 0 },
    ],
  ])('that %s counts so', (_, gate, change, expected) => {
    expect(gateOf(gate, [without(change)])?.elsewhere).toEqual(expected);
  });
});

describe('silence', () => {
  const away = { isConnected: false, lastSeenAt: now - 3 * hour };
  const silence = (parts: readonly Part[]) => gateOf('lost-check-ins', parts);

  it.each<[string, readonly Part[], object]>([
    [
      'counts while others of the school are heard',
      [part(away), part(), ...others],
      { asked: 2, after: 1, worsened: 1 },
    ],
    ['counts as much elsewhere', [part(), without(away), ...others], { asked: 1, elsewhere: { asked: 61, after: 1 } }],
    [
      'says nothing for an hour',
      [part({ isConnected: false, lastSeenAt: now - hour }), ...others],
      { asked: 1, worsened: 0 },
    ],
    [
      'says nothing of who was away when the ring opened',
      [part({ ...away, lastSeenAt: given - 2 * hour }), ...others],
      { asked: 0 },
    ],
    ['says nothing of another school', [part({ ...away, school: 'oak' }), ...others], { asked: 0 }],
    [
      'says nothing at night',
      [part(away), ...others.map(() => without(away))],
      { asked: 0, elsewhere: { asked: 0, after: 0 } },
    ],
    ['says nothing where nobody is without it', [part(away), part()], { asked: 0 }],
  ])('%s', (_, parts, expected) => {
    expect(silence(parts)).toMatchObject(expected);
  });
});

it('requests say nothing where too few are without the new one to tell what day it is', () => {
  const parts = [part({ requests: { since: 2, before: 0 } }), ...others.slice(0, 10)];
  expect(gateOf('unblock-requests', parts)).toMatchObject({ asked: 0 });
  expect(gateOf('help-tickets', parts)).toMatchObject({ asked: 0 });
});

it('who is away leaves the denominator, and who is not concerned is not asked', () => {
  const parts = [
    part(),
    part({ standing: 'failed' }),
    part({ standing: 'pending' }),
    part({ standing: 'pending', isConnected: false, lastSeenAt: given - hour }),
    part({ desiredSince: given - 1 }),
    part({ standing: null }),
  ];
  expect(evidenceOf(parts)).toMatchObject({ given: 4, answered: 2, soakedHours: 3 });
});

it('rings count who has it, verified it, failed with it, and is away', () => {
  const parts = [
    part(),
    part({ standing: 'failed' }),
    part({ standing: 'pending' }),
    part({ standing: 'pending', isConnected: false }),
    without(),
  ];
  expect([...tallyOf(parts).rings]).toEqual([
    [1, { devices: 4, given: 4, verified: 1, failed: 1, offline: 1 }],
    [2, { devices: 1, given: 0, verified: 0, failed: 0, offline: 0 }],
  ]);
});
