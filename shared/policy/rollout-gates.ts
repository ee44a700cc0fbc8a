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
  /** Devices still without it, and those of them that are bad now: what goes wrong there has another cause. */
  readonly elsewhere: { readonly asked: number; readonly after: number };
  /** Those that have it by model, for what breaks on one alone. Models on which nothing worsened may be left out. */
  readonly models?: readonly ModelEvidence[];
}

export interface GateJudgement {
  readonly gate: GateName;
  /** `watched`: too much, and probably not by chance, but not for certain: no further ring opens on it. */
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
  'help-tickets': 'Tickets to the helpdesk',
};

/** Fewer devices than this that are worse are chance. */
const leastWorsened = 3;
/** A model is judged by itself from so many devices and such a share on. */
const leastOfModel = 3;
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
/** Below this it is not halted, but waited for. */
const doubt = 1e-3;

/**
 * Judges one gate. Bad is only what is too much (`tolerance`) and too unlikely to be chance, on the same devices before and
 * now, and beside the devices that are still without it: what a Monday or a broken line does, it does to both. Pure.
 */
export function judgeGate(evidence: GateEvidence, tolerance: number): GateJudgement {
  const { gate, asked, worsened, improved } = evidence;
  const of = (verdict: GateJudgement['verdict'], words: string) => ({ gate, verdict, words });
  if (asked === 0) return of('no-evidence', `${gateTitles[gate]}: no device could be compared.`);
  const isMuch = (worsened - improved) / asked > tolerance && isMoreThanElsewhere(evidence, tolerance);
  const likelihood = isMuch ? chanceThat(evidence) : 1;
  if (worsened >= leastWorsened && likelihood < chance) return of('bad', `${seenWords(evidence)}.`);
  const model = brokenModel(evidence);
  if (model) return of('bad', modelWords(gate, model));
  return of(likelihood < doubt ? 'watched' : 'fine', `${seenWords(evidence)}.`);
}

const canTell = ({ elsewhere }: GateEvidence) => elsewhere.asked >= leastElsewhere;

function isMoreThanElsewhere(evidence: GateEvidence, tolerance: number): boolean {
  const { asked, after, elsewhere } = evidence;
  return !canTell(evidence) || after / asked - elsewhere.after / elsewhere.asked > tolerance;
}

/** The chance of what is seen although the new one does no harm: as many bad as elsewhere, or as many worse as better. */
function chanceThat(evidence: GateEvidence): number {
  const { asked, after, worsened } = evidence;
  return canTell(evidence)
    ? chanceOf(asked, shareElsewhere(evidence), after)
    : chanceOf(asked, atLeastRestless(generous(evidence.improved) / asked), worsened);
}

const shareElsewhere = ({ elsewhere: { asked, after } }: GateEvidence) => atLeastRestless(generous(after) / asked);
const atLeastRestless = (share: number) => Math.min(0.9, Math.max(restless, share));

/** A count as it may also have turned out: two standard deviations more. */
const generous = (count: number) => (count === 0 ? 0 : count + 2 * Math.sqrt(count));

/** The chance of at least `seen` of `asked` at a share, at most: Chernoff's bound, exp(−n·KL(seen/n ‖ share)). */
function chanceOf(asked: number, share: number, seen: number): number {
  const rate = seen / asked;
  if (rate <= share) return 1;
  const rest = rate === 1 ? 0 : (1 - rate) * Math.log((1 - rate) / (1 - share));
  return Math.exp(-asked * (rate * Math.log(rate / share) + rest));
}

/** The model on which it breaks most, if it breaks on one: what happens to its devices happens to few others. */
function brokenModel(evidence: GateEvidence): ModelEvidence | undefined {
  const usual = atLeastRestless(generous(evidence.improved) / evidence.asked);
  const expected = canTell(evidence) ? Math.max(usual, shareElsewhere(evidence)) : usual;
  return evidence.models
    ?.filter(
      ({ asked, worsened, improved }) =>
        worsened >= leastOfModel &&
        (worsened - improved) / asked >= shareOfModel &&
        chanceOf(asked, expected, worsened) < chance,
    )
    .toSorted((a, b) => b.worsened / b.asked - a.worsened / a.asked || b.worsened - a.worsened)[0];
}

function seenWords(evidence: GateEvidence): string {
  const { gate, asked, worsened, improved, after, elsewhere } = evidence;
  const seen = `${gateTitles[gate]}: worse than before on ${worsened} of ${asked} devices that have it, better on ${improved}`;
  return canTell(evidence) ? `${seen}; bad now ${after}, elsewhere ${elsewhere.after} of ${elsewhere.asked}` : seen;
}

function modelWords(gate: GateName, { model, asked, worsened }: ModelEvidence): string {
  return `${gateTitles[gate]}: worse than before on ${worsened} of ${asked} devices of the model ${model}.`;
}
