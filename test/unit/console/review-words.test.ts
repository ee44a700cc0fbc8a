import { describe, expect, it } from 'vitest';
import { directionOf, fallenApprovals, headline, needsWords } from '../../../server/console/src/change-words.ts';
import { planProblems, withGate, withRing } from '../../../server/console/src/plan-form.ts';
import { freezeProblem, publishingProblems } from '../../../server/console/src/publishing-form.ts';
import { arcsOf, bandsOf, partsOf } from '../../../server/console/src/ring-shapes.ts';
import { list, planWords } from '../../../server/console/src/rollout-words.ts';
import { publishingDefaults, unitless } from '../../../shared/api/schemas.ts';
import { type RolloutPlan, usualPlan } from '../../../shared/policy/rollout-plan.ts';

const lock = (before: unknown, after: unknown) => ({
  ...{ capability: 'screenLock', setting: 'idleMinutes', title: 'Minutes', before, after, devices: 1, words: '' },
});
const names = {
  capability: 'webFilter',
  setting: 'blockedDomains',
  title: 'Domains',
  before: [],
  after: ['a.example'],
};
const school = (org: string) => ({ org, devices: 1 });

describe('what a change does', () => {
  it.each([
    ['fewer minutes are stricter', 10, 5, 'stricter'],
    ['more minutes are looser', 5, 10, 'looser'],
    ['what was left alone and is set is stricter', null, 10, 'stricter'],
    ['what is left alone again is looser', 10, null, 'looser'],
  ])('%s', (_, before, after, direction) => {
    expect(directionOf(lock(before, after))).toBe(direction);
  });

  it('has no direction where no merge rule says what is strict', () => {
    expect(directionOf(names)).toBe('other');
  });

  it.each([
    [{ devices: 0, people: 0, orgs: [], settings: [] }, 'No device changes.'],
    [
      { devices: 1, people: 1, orgs: [school('Maple Elementary')], settings: [lock(10, 5)] },
      '1 device of 1 person in Maple Elementary gets stricter settings for Screen lock.',
    ],
    [
      {
        devices: 1204,
        people: 1180,
        orgs: ['A', 'B', 'C'].map(school),
        settings: [lock(10, 5), { ...names, devices: 9, words: '' }],
      },
      '1,204 devices of 1,180 people in 3 schools get stricter settings for Screen lock and other settings for Web filter.',
    ],
    [{ devices: 4, people: 0, orgs: [school(unitless.nobody)], settings: [] }, '4 devices get other settings.'],
  ])('%j reads as a sentence', (preview, words) => {
    expect(headline(preview)).toBe(words);
  });

  it.each([
    ['open', ['second-person', 'it'], false, 'A second person and IT'],
    ['open', [], false, 'Something hinders it'],
    ['open', [], true, 'Somebody to publish it'],
    ['scheduled', [], true, 'Nothing more'],
    ['rejected', ['curriculum'], false, '–'],
  ] as const)('%s, needing %j and ready: %s, waits for “%s”', (state, needs, ready, words) => {
    expect(needsWords({ state, needs: [...needs], ready })).toBe(words);
  });

  it('names the approvals that a fresh preview cost', () => {
    const met = { kind: 'second-person' as const, why: '', metBy: 'Ben', metAt: '2026-11-22T10:00:00.000Z' };
    expect(fallenApprovals([met], [{ ...met, metBy: null, metAt: null }])).toEqual([
      'A second person: the approval by Ben has fallen, for the change does more now.',
    ]);
    expect(fallenApprovals([met], [met])).toEqual([]);
  });
});

describe('a rollout plan', () => {
  const plan: RolloutPlan = {
    ...usualPlan,
    rings: [
      { kind: 'group', group: 'Pilots', soakHours: 2 },
      { kind: 'percent', percent: 100, soakHours: 0 },
    ],
  };

  it('says who comes first, when the last has it, and what a halt does', () => {
    const at = Date.parse('2026-11-23T10:00:00Z');
    expect(planWords(plan, { at, calendar: undefined })).toEqual([
      'The group “Pilots” first, on 23 Nov 2026, then everybody.',
      'If nothing gets worse, the last ring has it about 23 Nov 2026, after 2 school hours.',
      'If something gets worse, it halts by itself, and those who have it go back to the earlier one.',
    ]);
    const unwatched = planWords({ ...plan, rings: plan.rings.slice(1), gates: [] }, { at, calendar: undefined });
    expect(unwatched).toEqual(['Everybody first, on 23 Nov 2026.', 'Nothing is watched: it does not halt by itself.']);
  });

  it.each([
    [plan, []],
    [usualPlan, []],
    [{ ...plan, rings: plan.rings.slice(0, 1) }, ['Rings: The last one must be everybody, 100 %.']],
    [
      { ...plan, rings: [{ kind: 'percent', percent: 100, soakHours: 401 }, ...plan.rings.slice(1)] },
      [
        'Ring 1: Between 0 and 400 school hours.',
        'Ring 2: It adds nobody: give it a greater share than the one before.',
      ],
    ],
    [
      { ...plan, rings: [{ kind: 'group', group: '', soakHours: 1 }, ...plan.rings.slice(1)] },
      ['Ring 1: Choose a group.'],
    ],
    [{ ...plan, enough: Number.NaN }, ['Enough devices: Between 1 and 100,000.']],
  ] as [RolloutPlan, string[]][])('%j has the problems %j', (wrong, problems) => {
    expect(planProblems(wrong)).toEqual(problems);
  });

  it('keeps its gates in their order, and a new ring is between its neighbours', () => {
    const without = withGate(usualPlan, 'failed-sections', undefined);
    expect(without.gates).toHaveLength(usualPlan.gates.length - 1);
    expect(withGate(without, 'failed-sections', 0.1).gates[0]).toEqual({ gate: 'failed-sections', tolerance: 0.1 });
    expect(planProblems(withRing(usualPlan))).toEqual([]);
    expect(withRing(usualPlan).rings).toHaveLength(usualPlan.rings.length + 1);
  });
});

describe('publishing settings', () => {
  const freeze = { title: 'Exams', from: '2026-12-01T00:00:00.000Z', to: '2026-12-02T00:00:00.000Z' };

  it.each([
    [{}, []],
    [{ approvalPercent: 101 }, ['Share of all devices: Between 0 and 100 %.']],
    [{ approvalLeast: 0 }, ['At least so many devices: Between 1 and 1,000,000.']],
    [{ freezes: [{ ...freeze, to: freeze.from }] }, ['Exams: It ends before it begins.']],
    [
      { coSigning: [1, 2].map(() => ({ capability: 'webFilter', side: 'it' as const })) },
      ['Co-signing: Web filter by it is there twice.'],
    ],
  ])('%j has the problems %j', (change, problems) => {
    expect(publishingProblems({ ...publishingDefaults, ...change })).toEqual(problems);
  });

  it('wants a freeze that is whole', () => {
    expect(freezeProblem(freeze)).toBeUndefined();
    expect(freezeProblem({ ...freeze, from: '' })).toBe('Say from when to when.');
    expect(freezeProblem({ ...freeze, title: ' ' })).toBe('Say what it is for.');
  });
});

describe('rings as they are drawn', () => {
  const ring = {
    ...{ ring: { kind: 'percent' as const, percent: 10, soakHours: 1 }, title: '', openedAt: null, soakedHours: 0 },
    ...{ soakHours: 1, devices: 100, given: 100, verified: 60, failed: 10, offline: 20 },
  };

  it('come one after the other, none too narrow to be seen, and fill the whole', () => {
    const bands = bandsOf([1, 9, 90], { hole: 30, radius: 150, gap: 3 });
    for (const [place, { inner, outer }] of bands.entries()) {
      expect(outer - inner).toBeGreaterThanOrEqual(12);
      expect(inner).toBeCloseTo(place === 0 ? 30 : (bands[place - 1]?.outer ?? 0) + 3);
    }
    expect(bands.at(-1)?.outer).toBeCloseTo(150);
  });

  it('fill it also when there are twelve of them, or no device at all', () => {
    for (const devices of [Array.from({ length: 12 }, (_, place) => place ** 3), [0, 0, 0]])
      expect(bandsOf(devices, { hole: 30, radius: 150, gap: 3 }).at(-1)?.outer).toBeCloseTo(150);
  });

  it('share themselves out by where their devices stand', () => {
    expect(partsOf(ring)).toEqual({ verified: 60, failed: 10, offline: 20, waiting: 10, 'not-given': 0 });
    const arcs = arcsOf(ring);
    expect(arcs.map(({ part }) => part)).toEqual(['verified', 'failed', 'offline', 'waiting']);
    expect(arcs.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
    expect(arcsOf({ ...ring, devices: 0, given: 0, verified: 0, failed: 0, offline: 0 })).toEqual([
      { part: 'not-given', from: 0, share: 1 },
    ]);
  });
});

it('a list is read with and', () => {
  expect([list([]), list(['a']), list(['a', 'b', 'c'])]).toEqual(['', 'a', 'a, b and c']);
});
