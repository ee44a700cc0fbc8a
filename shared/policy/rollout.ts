import { type GateEvidence, type GateJudgement, judgeGate } from './rollout-gates.ts';
import type { RolloutPlan } from './rollout-plan.ts';

export type { GateEvidence, GateJudgement, ModelEvidence, Moved } from './rollout-gates.ts';

/**
 * Something new on its way to the devices: profiles, a filter list, a program. It goes out in rings, each of which holds the
 * ones before it; what devices that have it report decides whether it goes on.
 */

/** `ring`: how many rings have it; 0: none yet. `since`: epoch ms. */
export type RolloutState =
  | { readonly kind: 'draft' }
  | InRing<'running'>
  | (InRing<'paused'> & { readonly reason: string })
  /** Nothing more is delivered; `returned`: those who had it are given the earlier one. */
  | (InRing<'halted'> & { readonly reason: string; readonly returned: boolean })
  | { readonly kind: 'completed'; readonly since: number }
  | { readonly kind: 'rolled-back'; readonly since: number };

interface InRing<Kind> {
  readonly kind: Kind;
  readonly ring: number;
  readonly since: number;
}

export interface Rollout {
  readonly plan: RolloutPlan;
  readonly state: RolloutState;
}

/** What is known of the devices of the open rings. */
export interface RolloutEvidence {
  /** Devices that are to have it. */
  readonly given: number;
  /** Those of them that reported since it was theirs. A device that is away is not among them. */
  readonly answered: number;
  /** School hours since the newest ring opened. */
  readonly soakedHours: number;
  /** True: the calendar has too few school hours within a year for the ring to be watched as long as it should. */
  readonly neverSoaks?: boolean;
  readonly gates: readonly GateEvidence[];
  /** The title of a freeze that is on: nobody further is given anything. */
  readonly freeze?: string | undefined;
}

/** What happens next, and why, in words. */
export interface RolloutDecision {
  /** The same object when nothing changes. */
  readonly state: RolloutState;
  readonly gates: readonly GateJudgement[];
  readonly words: string;
}

/** What a rollout is next. Pure: the same question has the same answer. `now`: epoch ms. */
export function decideRollout({ plan, state }: Rollout, evidence: RolloutEvidence, now: number): RolloutDecision {
  const gates = plan.gates.map(({ gate, tolerance }) =>
    judgeGate(evidence.gates.find((one) => one.gate === gate) ?? nothingOf(gate), tolerance),
  );
  if (state.kind !== 'running' && state.kind !== 'paused') return { state, gates, words: 'It is at rest.' };
  const bad = gates.filter(({ verdict }) => verdict === 'bad');
  if (bad.length > 0) {
    const reason = bad.map(({ words }) => words).join(' ');
    const halted = {
      kind: 'halted',
      ring: state.ring,
      since: now,
      reason,
      returned: plan.onHalt === 'return',
    } as const;
    return { state: halted, gates, words: reason };
  }
  if (state.kind === 'paused') return { state, gates, words: state.reason };
  return { gates, ...goOn(state, evidence, doubts(gates), plan, now) };
}

type Next = Pick<RolloutDecision, 'state' | 'words'>;

const doubts = (gates: readonly GateJudgement[]) =>
  gates.filter(({ verdict }) => verdict === 'watched').map(({ words }) => words);

/** Nothing is bad: wait, open the next ring, or ask for a person. */
function goOn(
  state: InRing<'running'>,
  evidence: RolloutEvidence,
  doubtful: readonly string[],
  plan: RolloutPlan,
  now: number,
): Next {
  const { soakedHours, answered } = evidence;
  const soak = plan.rings[state.ring - 1]?.soakHours ?? 0;
  if (soakedHours < soak && evidence.neverSoaks) return paused(state, noHours, now);
  if (soakedHours < soak) return { state, words: `It is watched for ${inHours(soak - soakedHours)} more.` };
  const wanted = Math.min(plan.enough, evidence.given);
  const isEnough = answered >= wanted;
  if (isEnough && doubtful.length === 0) return nextUnlessFrozen(state, evidence, plan, now);
  const why = isEnough
    ? `In doubt: ${doubtful.join(' ')}`
    : `${answered} of at least ${wanted} devices have answered: too few to judge by.`;
  const patience = soak + plan.patienceHours - soakedHours;
  if (patience > 0) return { state, words: `${why} It waits ${inHours(patience)} for more.` };
  if (!isEnough && plan.whenSilent === 'go-on') return nextUnlessFrozen(state, evidence, plan, now);
  return paused(state, why, now);
}

const noHours =
  'The calendar has no school hours to watch it in, not within a year. Enter the bells or terms and resume it, or finish it.';

function paused({ ring }: InRing<'running'>, reason: string, now: number): Next {
  return { state: { kind: 'paused', ring, since: now, reason }, words: reason };
}

/** In a freeze it may arrive, but nobody further is given it. */
function nextUnlessFrozen(state: InRing<'running'>, { freeze }: RolloutEvidence, plan: RolloutPlan, now: number): Next {
  const gives = state.ring < plan.rings.length;
  if (gives && freeze !== undefined) return { state, words: `It waits for the freeze “${freeze}” to end.` };
  return nextRing(state.ring, plan, now);
}

/** A last ring that is not to be watched is the end itself. */
function nextRing(ring: number, plan: RolloutPlan, now: number): Next {
  const isLast = ring >= plan.rings.length || (ring + 1 === plan.rings.length && plan.rings[ring]?.soakHours === 0);
  return isLast
    ? { state: { kind: 'completed', since: now }, words: 'Every ring has it, and nothing speaks against it.' }
    : { state: { kind: 'running', ring: ring + 1, since: now }, words: `Ring ${ring + 1} opens.` };
}

/** Begins in the first ring. */
export function beginRollout(now: number): RolloutState {
  return { kind: 'running', ring: 1, since: now };
}

export type RolloutAction = 'pause' | 'resume' | 'stop' | 'finish' | 'roll-back';

/** What a person decides; undefined when there is nothing of the kind to decide. */
export function applyAction(
  { plan, state }: Rollout,
  action: RolloutAction,
  reason: string,
  now: number,
): RolloutState | undefined {
  if (state.kind === 'completed' || state.kind === 'rolled-back') return undefined;
  if (state.kind === 'draft') return action === 'roll-back' ? { kind: 'rolled-back', since: now } : undefined;
  const { kind, ring } = state;
  switch (action) {
    case 'pause':
      return kind === 'running' ? { kind: 'paused', ring, since: now, reason } : undefined;
    case 'stop':
      return kind === 'halted'
        ? undefined
        : { kind: 'halted', ring, since: now, reason, returned: plan.onHalt === 'return' };
    case 'resume':
      return kind === 'running' ? undefined : { kind: 'running', ring: Math.max(1, ring), since: now };
    case 'finish':
      return { kind: 'completed', since: now };
    case 'roll-back':
      return { kind: 'rolled-back', since: now };
  }
}

/** How many rings hold the new one; `Infinity`: everybody. */
export function ringsWithNew(state: RolloutState): number {
  switch (state.kind) {
    case 'completed':
      return Number.POSITIVE_INFINITY;
    case 'draft':
    case 'rolled-back':
      return 0;
    case 'halted':
      return state.returned ? 0 : state.ring;
    default:
      return state.ring;
  }
}

function nothingOf(gate: GateEvidence['gate']): GateEvidence {
  return { gate, asked: 0, worsened: 0, improved: 0, before: 0, after: 0, elsewhere: { asked: 0, after: 0 } };
}

function inHours(hours: number): string {
  const rounded = Math.ceil(hours * 10) / 10;
  return `${rounded} school ${rounded === 1 ? 'hour' : 'hours'}`;
}
