import type { GateName } from './rollout-plan.ts';

/** Devices compared with themselves before: how many could be, and how many are worse or better now. */
export interface Moved {
  readonly asked: number;
  readonly worsened: number;
  readonly improved: number;
}

export interface ModelEvidence extends Moved {
  readonly model: string;
}

/** What one gate saw on the devices that have the new one. */
export interface GateEvidence extends Moved {
  readonly gate: GateName;
  /** Of `asked`, bad before it came, and now. */
  readonly before: number;
  readonly after: number;
  /** The same of devices still without it, over the same time: what goes wrong there has another cause. */
  readonly elsewhere: Moved;
  /** The same by model, for what breaks on one alone. Models on which nothing worsened may be left out. */
  readonly models?: readonly ModelEvidence[];
}

export interface GateJudgement {
  readonly gate: GateName;
  /** `watched`: worse than expected, but not for certain or not by enough. */
  readonly verdict: 'fine' | 'watched' | 'bad' | 'no-evidence';
  readonly words: string;
}

export const gateTitles: Readonly<Record<GateName, string>> = {
  'failed-sections': 'Settings that fail',
  'lost-check-ins': 'Devices that fall silent',
  'agent-crashes': 'Crashes of the agent',
  'agent-cpu': 'Processor time of the agent',
  'agent-memory': 'Memory of the agent',
  'filter-probes': 'Web filter probes that fail',
  'boot-time': 'Time to start',
  'unblock-requests': 'Requests to unblock',
};

/** Fewer devices than this that are worse are chance. */
const leastWorsened = 4;
/** A model is judged by itself from so many devices and such a share on. */
const leastOfModel = 4;
const shareOfModel = 0.3;
/** Below this many devices without the new one, they say nothing. */
const leastElsewhere = 50;
/** Nothing is so sound that this share of it does not change for the worse by itself. */
const restless = 0.002;
/**
 * The chance that so many are worse although the new one does no harm. Looked at each minute for a week over all gates, that
 * is still far below one in a hundred (`test/unit/policy/rollout-simulation.test.ts` measures it).
 */
const chance = 1e-7;

/** Judges one gate: bad only if it is both too much (`tolerance`) and too unlikely to be chance. Pure. */
export function judgeGate(evidence: GateEvidence, tolerance: number): GateJudgement {
  const { gate, asked, worsened } = evidence;
  const of = (verdict: GateJudgement['verdict'], words: string) => ({ gate, verdict, words });
  if (asked === 0) return of('no-evidence', `${gateTitles[gate]}: no device could be compared.`);
  const expected = expectedShare(evidence);
  const isUnlikely = worsened >= leastWorsened && chanceOf(asked, expected, worsened) < chance;
  const excess = (worsened - evidence.improved) / asked - elsewhereExcess(evidence);
  if (isUnlikely && excess > tolerance) return of('bad', `${seenWords(evidence)}.`);
  const model = brokenModel(evidence, expected);
  if (model) return of('bad', modelWords(gate, model));
  return of(isUnlikely || excess > tolerance ? 'watched' : 'fine', `${seenWords(evidence)}.`);
}

/** The share that turns bad by itself: as elsewhere, or as many as turn good here, read generously. */
function expectedShare({ asked, improved, elsewhere }: GateEvidence): number {
  const here = generous(improved) / asked;
  const there = elsewhere.asked >= leastElsewhere ? generous(elsewhere.worsened) / elsewhere.asked : 0;
  return Math.min(0.9, Math.max(restless, here, there));
}

/** A count as it may also have turned out: two standard deviations more. */
const generous = (count: number) => (count === 0 ? 0 : count + 2 * Math.sqrt(count));

function elsewhereExcess({ elsewhere: { asked, worsened, improved } }: GateEvidence): number {
  return asked >= leastElsewhere ? Math.max(0, (worsened - improved) / asked) : 0;
}

/** The chance of at least `seen` of `asked` at a share, at most: Chernoff's bound, exp(−n·KL(seen/n ‖ share)). */
function chanceOf(asked: number, share: number, seen: number): number {
  const rate = seen / asked;
  if (rate <= share) return 1;
  const rest = rate === 1 ? 0 : (1 - rate) * Math.log((1 - rate) / (1 - share));
  return Math.exp(-asked * (rate * Math.log(rate / share) + rest));
}

/** The model on which it breaks most, if it does: each has its chance of bad luck, so each must be the less likely. */
function brokenModel({ models = [] }: GateEvidence, expected: number): ModelEvidence | undefined {
  return models
    .filter(
      ({ asked, worsened, improved }) =>
        worsened >= leastOfModel &&
        (worsened - improved) / asked >= shareOfModel &&
        chanceOf(asked, expected, worsened) < chance,
    )
    .toSorted((a, b) => b.worsened / b.asked - a.worsened / a.asked || b.worsened - a.worsened)[0];
}

function seenWords({ gate, asked, worsened, improved, elsewhere }: GateEvidence): string {
  const there = elsewhere.asked >= leastElsewhere ? `; elsewhere ${elsewhere.worsened} of ${elsewhere.asked}` : '';
  return `${gateTitles[gate]}: worse than before on ${worsened} of ${asked} devices that have it, better on ${improved}${there}`;
}

function modelWords(gate: GateName, { model, asked, worsened }: ModelEvidence): string {
  return `${gateTitles[gate]}: worse than before on ${worsened} of ${asked} devices of the model ${model}.`;
}
