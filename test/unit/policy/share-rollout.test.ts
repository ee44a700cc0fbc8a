import { describe, expect, it } from 'vitest';
import {
  applyAction,
  beginRollout,
  decideRollout,
  isWithin,
  percentOf,
  type RolloutAction,
  type RolloutEvidence,
  type RolloutPlan,
  type RolloutState,
} from '../../../shared/policy/share-rollout.ts';

const minute = 60_000;
const plan: RolloutPlan = {
  rings: [
    { percent: 1, soakMinutes: 60 },
    { percent: 10, soakMinutes: 120 },
    { percent: 100, soakMinutes: 30 },
  ],
  enough: 5,
  tolerance: 0.05,
  leastFailures: 2,
  patienceMinutes: 600,
};
const good: RolloutEvidence = {
  before: { asked: 100, failed: 2 },
  after: { asked: 10, failed: 0 },
  reachable: 10,
};
const running = (ring: number, since = 0): RolloutState => ({ kind: 'running', ring, since });
const answers = (asked: number, failed: number, before = good.before, reachable = asked) => ({
  before,
  after: { asked, failed },
  reachable,
});

describe('a rollout', () => {
  const cases: [string, RolloutState, RolloutEvidence, number, RolloutState][] = [
    ['stays in its ring while it is watched', running(1), good, 59, running(1)],
    ['goes on when the ring was watched', running(1), good, 60, running(2, 60 * minute)],
    ['is complete after the last ring', running(3), good, 30, { kind: 'completed', since: 30 * minute }],
    ['waits for answers', running(1), answers(4, 0, good.before, 10), 90, running(1)],
    ['waits for no more answers than can come', running(1), answers(2, 0, good.before, 2), 60, running(2, 60 * minute)],
    ['goes on where nobody can answer', running(1), answers(0, 0, good.before, 0), 60, running(2, 60 * minute)],
    ['loses its patience at last', running(1), answers(1, 0, good.before, 10), 660, running(2, 660 * minute)],
    ['forgives one failure', running(1), answers(5, 1), 10, running(1)],
    ['forgives as many as before', running(1), answers(50, 3, { asked: 100, failed: 5 }), 10, running(1)],
  ];
  it.each(cases)('%s', (_what, state, evidence, minutes, next) => {
    expect(decideRollout(state, evidence, plan, minutes * minute)).toEqual(next);
  });

  const halts: [string, RolloutEvidence][] = [
    ['the first devices fail', answers(2, 2)],
    ['nobody is there to compare with', answers(5, 2, { asked: 0, failed: 0 })],
    ['more fail than before', answers(100, 11, { asked: 100, failed: 5 })],
  ];
  it.each(halts)('halts at once when %s, and says so', (_what, evidence) => {
    const halted = decideRollout(running(2), evidence, plan, minute);
    expect(halted).toMatchObject({ kind: 'halted', ring: 2, since: minute });
    const { asked, failed } = evidence.after;
    expect(halted).toHaveProperty('reason', expect.stringContaining(`fails on ${failed} of ${asked} devices`));
    expect(decideRollout(halted, good, plan, 1e9)).toBe(halted);
  });

  it.each<RolloutState>([
    { kind: 'paused', ring: 1, since: 0 },
    { kind: 'completed', since: 0 },
    { kind: 'rolled-back', since: 0 },
  ])('that is $kind does not move by itself', (state) => {
    expect(decideRollout(state, answers(9, 9), plan, 1e9)).toBe(state);
  });

  const halted: RolloutState = { kind: 'halted', ring: 2, since: 0, reason: 'x' };
  const held: RolloutState = { kind: 'halted', ring: 0, since: 0, reason: 'x' };
  const acts: [RolloutState, RolloutAction, RolloutState | undefined][] = [
    [running(2), 'pause', { kind: 'paused', ring: 2, since: 7 }],
    [{ kind: 'paused', ring: 2, since: 0 }, 'resume', running(2, 7)],
    [halted, 'resume', running(2, 7)],
    [held, 'resume', running(1, 7)],
    [halted, 'finish', { kind: 'completed', since: 7 }],
    [running(1), 'roll-back', { kind: 'rolled-back', since: 7 }],
    [running(1), 'resume', undefined],
    [halted, 'pause', undefined],
    [{ kind: 'completed', since: 0 }, 'roll-back', undefined],
  ];
  it.each(acts)('%j, told to %s, is %j', (state, action, next) => {
    expect(applyAction(state, action, 7)).toEqual(next);
  });

  it('has reached the share of its ring', () => {
    const shares = [held, beginRollout(0), running(2), running(3), { kind: 'completed', since: 0 } as const];
    expect(shares.map((state) => percentOf(state, plan))).toEqual([0, 1, 10, 100, 100]);
  });
});

describe('the devices of a ring', () => {
  const ids = Array.from({ length: 20_000 }, (_, i) => `device-${i}`);

  it.each([1, 10, 50])('are about %i %% of all', (percent) => {
    const share = ids.filter((id) => isWithin(id, percent)).length / ids.length;
    expect(Math.abs(share - percent / 100)).toBeLessThan(0.01);
  });

  it('are in every wider ring, and in none of no width', () => {
    const first = ids.filter((id) => isWithin(id, 1));
    expect(first.every((id) => isWithin(id, 10) && isWithin(id, 100))).toBe(true);
    expect(ids.some((id) => isWithin(id, 0))).toBe(false);
    expect(ids.every((id) => isWithin(id, 100))).toBe(true);
  });
});
