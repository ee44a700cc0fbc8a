import { describe, expect, it } from 'vitest';
import { rolloutsOf } from '../../../../server/profiles/rollouts-of.ts';
import type { RolloutStore } from '../../../../server/store/rollouts.ts';
import type { RolloutState } from '../../../../shared/policy/rollout.ts';
import { usualPlan } from '../../../../shared/policy/rollout-plan.ts';

type Live = Awaited<ReturnType<RolloutStore['live']>>[number];

const plan = { ...usualPlan, rings: usualPlan.rings.slice(0, 3) };
const rollout = (state: RolloutState): Live => ({
  ...{ id: 'r1', kind: 'policy', title: 'A change', plan, state, ringSizes: [1, 2, 3, 4, 0] },
  items: [
    { kind: 'profile', id: 'students', from: 1, to: 2 },
    { kind: 'group', id: 'pilot', from: null, to: 1 },
  ],
  ...{ startedAt: 0, endedAt: null, by: 'staff:Ada', changeId: null },
});

describe('a profile says that it is under way', () => {
  it.each<[string, RolloutState, string]>([
    ['before its first ring', { kind: 'draft' }, 'A rollout that begins'],
    ['while it goes on', { kind: 'running', ring: 2, since: 0 }, 'Ring 2 of 3'],
    ['while it waits', { kind: 'paused', ring: 1, since: 0, reason: 'lunch' }, 'Paused at ring 1 of 3'],
    [
      'when it was stopped',
      { kind: 'halted', ring: 3, since: 0, reason: 'bad', returned: true },
      'Halted at ring 3 of 3',
    ],
  ])('%s', async (_, state, words) => {
    const found = await rolloutsOf({ live: async () => [rollout(state)] });
    expect([...found]).toEqual([['students', { id: 'r1', words }]]);
  });

  it('and nothing where everybody has the same', async () => {
    expect((await rolloutsOf({ live: async () => [] })).size).toBe(0);
  });
});
