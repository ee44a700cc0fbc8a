import { describe, expect, it } from 'vitest';
import {
  applyAction,
  beginRollout,
  decideRollout,
  type GateEvidence,
  type RolloutAction,
  type RolloutEvidence,
  type RolloutState,
  ringsWithNew,
} from '../../../shared/policy/rollout.ts';
import { judgeGate } from '../../../shared/policy/rollout-gates.ts';
import { gateNames, RolloutPlan, usualPlan } from '../../../shared/policy/rollout-plan.ts';
import { validator } from '../../../shared/schema.ts';

const plan: RolloutPlan = {
  rings: [
    { kind: 'group', group: 'IT', soakHours: 2 },
    { kind: 'percent', percent: 10, soakHours: 4 },
    { kind: 'percent', percent: 100, soakHours: 4 },
  ],
  gates: [{ gate: 'failed-sections', tolerance: 0.02 }],
  enough: 5,
  patienceHours: 10,
  whenSilent: 'pause',
  onHalt: 'return',
};
const now = 1_000;
const running = (ring: number): RolloutState => ({ kind: 'running', ring, since: 0 });
const paused = (ring: number): RolloutState => ({ kind: 'paused', ring, since: 0, reason: 'lunch' });

const gate = (said: Partial<GateEvidence> = {}): GateEvidence => ({
  ...{ gate: 'failed-sections', asked: 100, before: 2, after: 2, worsened: 0, improved: 0 },
  elsewhere: { asked: 1_000, after: 20 },
  ...said,
});
const evidence = (soakedHours: number, said: Partial<RolloutEvidence> = {}): RolloutEvidence => ({
  ...{ given: 100, answered: 90, soakedHours, gates: [gate()] },
  ...said,
});
const failing = gate({ worsened: 30, after: 32 });
const doubtful = gate({ worsened: 12, after: 13 });

describe('a rollout', () => {
  const silent = { answered: 2 };
  const cases: [string, RolloutState, RolloutEvidence, Partial<RolloutPlan>, Partial<RolloutState>][] = [
    ['stays in its ring while it soaks', running(1), evidence(1.9), {}, running(1)],
    ['goes on when it has soaked', running(1), evidence(2), {}, { kind: 'running', ring: 2, since: now }],
    ['is complete after the last ring', running(3), evidence(4), {}, { kind: 'completed', since: now }],
    ['waits for enough answers', running(1), evidence(3, silent), {}, running(1)],
    [
      'asks for all answers of a ring that is smaller',
      running(1),
      evidence(3, { given: 2, ...silent }),
      {},
      { ring: 2 },
    ],
    ['does not go on when nobody answers', running(1), evidence(3, { given: 2, answered: 0 }), {}, running(1)],
    [
      'waits for a person when too few answer for too long',
      running(1),
      evidence(12, silent),
      {},
      { kind: 'paused', ring: 1 },
    ],
    [
      'goes on all the same where it is told to',
      running(1),
      evidence(12, silent),
      { whenSilent: 'go-on' },
      { ring: 2 },
    ],
    ['opens nothing while in doubt', running(1), evidence(3, { gates: [doubtful] }), {}, running(1)],
    [
      'waits for a person when the doubt stays',
      running(1),
      evidence(12, { gates: [doubtful] }),
      { whenSilent: 'go-on' },
      { kind: 'paused' },
    ],
    ['gives nobody further in a freeze', running(1), evidence(3, { freeze: 'State testing' }), {}, running(1)],
    ['may arrive in a freeze', running(3), evidence(4, { freeze: 'State testing' }), {}, { kind: 'completed' }],
    ['halts in a freeze', running(1), evidence(0, { freeze: 'x', gates: [failing] }), {}, { kind: 'halted' }],
    [
      'halts before it has soaked',
      running(1),
      evidence(0, { gates: [failing] }),
      {},
      { kind: 'halted', ring: 1, returned: true },
    ],
    [
      'halts and leaves what is out there where told so',
      running(2),
      evidence(0, { gates: [failing] }),
      { onHalt: 'hold' },
      { kind: 'halted', returned: false },
    ],
    ['halts while it is paused', paused(2), evidence(0, { gates: [failing] }), {}, { kind: 'halted', ring: 2 }],
    ['stays paused while all is well', paused(2), evidence(99), {}, paused(2)],
    [
      'does not judge by gates that the plan leaves out',
      running(1),
      evidence(2, { gates: [failing] }),
      { gates: [] },
      { ring: 2 },
    ],
    [
      'does not wake up when it was rolled back',
      { kind: 'rolled-back', since: 5 },
      evidence(9, { gates: [failing] }),
      {},
      { kind: 'rolled-back', since: 5 },
    ],
    [
      'does not leave its halt by itself',
      { kind: 'halted', ring: 1, since: 5, reason: 'x', returned: true },
      evidence(99),
      {},
      { kind: 'halted', since: 5 },
    ],
    ['has not begun as a draft', { kind: 'draft' }, evidence(99), {}, { kind: 'draft' }],
  ];
  it.each(cases)('%s', (_what, state, seen, change, next) => {
    const decision = decideRollout({ plan: { ...plan, ...change }, state }, seen, now);
    expect(decision.state).toMatchObject(next);
    if (decision.state.kind === state.kind && 'ring' in state) expect(decision.words).not.toBe('');
  });

  it('ends where the last ring is not to be watched: there is nobody left to compare with', () => {
    const rings = [...plan.rings.slice(0, 2), { kind: 'percent', percent: 100, soakHours: 0 }] as const;
    const decision = decideRollout({ plan: { ...plan, rings: [...rings] }, state: running(2) }, evidence(4), now);
    expect(decision.state).toEqual({ kind: 'completed', since: now });
  });

  it('says why it halted, with the numbers', () => {
    const { state, words } = decideRollout({ plan, state: running(1) }, evidence(0, { gates: [failing] }), now);
    expect(state).toMatchObject({ reason: words });
    expect(words).toBe(
      'Settings that fail: worse than before on 30 of 100 devices that have it, better on 0; bad now 32, elsewhere 20 of 1000.',
    );
  });

  it('decides the same when asked the same', () => {
    const question = [{ plan, state: running(1) }, evidence(3, { gates: [doubtful] }), now] as const;
    expect(decideRollout(...question)).toEqual(decideRollout(...structuredClone(question)));
  });
});

describe('a gate', () => {
  const nobodyElse = { asked: 49, after: 0 };
  const model = (asked: number, worsened: number, improved = 0) => ({ model: 'Aspire', asked, worsened, improved });
  it.each<[string, Partial<GateEvidence>, string]>([
    ['nobody answered', { asked: 0 }, 'no-evidence'],
    ['nothing changed', {}, 'fine'],
    ['a few are worse', { worsened: 2, after: 4 }, 'fine'],
    ['many are worse', { worsened: 30, after: 32 }, 'bad'],
    ['many are worse and as many better', { worsened: 30, improved: 30, after: 30 }, 'fine'],
    [
      'many are worse, and so they are elsewhere',
      { worsened: 30, after: 32, elsewhere: { asked: 1_000, after: 330 } },
      'fine',
    ],
    ['more are bad than elsewhere, as they were before', { before: 30, after: 30 }, 'fine'],
    [
      'more than before, but within the tolerance',
      { asked: 10_000, worsened: 190, after: 390, elsewhere: { asked: 10_000, after: 200 } },
      'fine',
    ],
    [
      'a little beyond the tolerance on very many',
      { asked: 10_000, worsened: 260, after: 460, elsewhere: { asked: 10_000, after: 200 } },
      'bad',
    ],
    ['more than likely by chance, but not for certain', { worsened: 12, after: 13 }, 'watched'],
    [
      'all of three fail, and nobody is without it',
      { asked: 3, before: 0, after: 3, worsened: 3, elsewhere: nobodyElse },
      'bad',
    ],
    [
      'both of two fail, and nobody is without it',
      { asked: 2, before: 0, after: 2, worsened: 2, elsewhere: nobodyElse },
      'watched',
    ],
    ['the only one fails', { asked: 1, before: 0, after: 1, worsened: 1, elsewhere: nobodyElse }, 'fine'],
    ['one model breaks among many', { asked: 2_000, worsened: 18, after: 38, models: [model(18, 18)] }, 'bad'],
    [
      'one model breaks on half of its devices',
      { asked: 2_000, worsened: 12, after: 32, models: [model(20, 12)] },
      'bad',
    ],
    ['two devices of a model break', { asked: 2_000, worsened: 2, after: 42, models: [model(2, 2)] }, 'fine'],
    [
      'a common model is a little restless',
      { asked: 2_000, worsened: 20, improved: 20, after: 40, models: [model(500, 12, 5)] },
      'fine',
    ],
  ])('when %s is judged', (_what, said, verdict) => {
    expect(judgeGate(gate(said), 0.02)).toMatchObject({ verdict, gate: 'failed-sections' });
  });

  it('names the model that breaks', () => {
    const { words } = judgeGate(
      gate({ asked: 2_000, worsened: 18, after: 38, models: [model(40, 2), model(18, 18)] }),
      0.02,
    );
    expect(words).toBe('Settings that fail: worse than before on 18 of 18 devices of the model Aspire.');
  });
});

describe('what a person decides about a rollout', () => {
  const halted = { kind: 'halted', ring: 2, since: 0, reason: 'it fails', returned: true } as const;
  const done = { kind: 'completed', since: 0 } as const;
  it.each<[RolloutAction, RolloutState, Partial<RolloutState> | undefined]>([
    ['pause', running(2), { kind: 'paused', ring: 2, reason: 'because' }],
    ['pause', paused(2), undefined],
    ['resume', paused(2), { kind: 'running', ring: 2, since: now }],
    ['resume', halted, { kind: 'running', ring: 2 }],
    ['resume', running(1), undefined],
    ['stop', running(2), { kind: 'halted', ring: 2, reason: 'because', returned: true }],
    ['stop', paused(2), { kind: 'halted' }],
    ['stop', halted, undefined],
    ['finish', halted, { kind: 'completed' }],
    ['finish', done, undefined],
    ['roll-back', halted, { kind: 'rolled-back' }],
    ['roll-back', running(1), { kind: 'rolled-back' }],
    ['roll-back', done, undefined],
    ['roll-back', { kind: 'draft' }, { kind: 'rolled-back' }],
    ['stop', { kind: 'draft' }, undefined],
  ])('%s of %o', (action, state, next) => {
    const decided = applyAction({ plan, state }, action, 'because', now);
    if (next === undefined) expect(decided).toBeUndefined();
    else expect(decided).toMatchObject(next);
  });

  it.each<[RolloutState, number]>([
    [{ kind: 'draft' }, 0],
    [beginRollout(now), 1],
    [paused(2), 2],
    [halted, 0],
    [{ ...halted, returned: false }, 2],
    [{ kind: 'rolled-back', since: 0 }, 0],
    [done, Number.POSITIVE_INFINITY],
  ])('%o: so many rings have the new one', (state, rings) => {
    expect(ringsWithNew(state)).toBe(rings);
  });
});

describe('a plan', () => {
  const schema = validator(RolloutPlan);
  it('is usually one that holds every gate and ends with everybody', () => {
    expect(schema.check(usualPlan)).toBe(true);
    expect(usualPlan.gates.map(({ gate }) => gate)).toEqual(gateNames);
    expect(usualPlan.rings.at(-1)).toMatchObject({ percent: 100 });
  });

  it.each([
    ['no rings', { ...usualPlan, rings: [] }],
    ['a share of more than all', { ...usualPlan, rings: [{ kind: 'percent', percent: 101, soakHours: 1 }] }],
    ['a soak of no number', { ...usualPlan, rings: [{ kind: 'percent', percent: 1, soakHours: '1' }] }],
    ['a gate nobody knows', { ...usualPlan, gates: [{ gate: 'happiness', tolerance: 0 }] }],
    ['nobody to ask', { ...usualPlan, enough: 0 }],
  ])('with %s is refused', (_what, broken) => {
    expect(schema.check(broken)).toBe(false);
  });
});
