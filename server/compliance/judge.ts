import type { Outcome } from '../../shared/compliance/check.ts';
import { contactCheck } from '../../shared/compliance/described.ts';
import type { Verdict } from '../../shared/compliance/fold.ts';
import type { Leniency } from '../../shared/compliance/leniency.ts';
import { defaultSteps } from '../../shared/compliance/policy.ts';
import { type PlacedCheck, placed, type Run, runsOf, turned } from '../../shared/compliance/runs.ts';
import { nextAfter } from '../../shared/compliance/spans.ts';
import { stepOf } from '../../shared/compliance/steps.ts';
import {
  type DeviceInputs,
  deviceTimeline,
  type HoldingSpan,
  type PolicyRevision,
  standingAt,
  type VerdictSpan,
  type WaiverSpan,
} from '../../shared/compliance/timeline.ts';
import type { CheckFinding } from '../../shared/compliance/verdict.ts';
import type { DesiredSection } from '../../shared/policy/standing.ts';
import type { StoredCheck } from '../store/check-intervals.ts';
import type { JudgementInput } from '../store/judgements.ts';
import type { Condition, Posture } from '../store/posture.ts';
import { type AskedCheck, askedOf } from './asked.ts';

/** What the district demands. Durations in milliseconds. */
export interface ComplianceParameters {
  /** Counted in school days, begun ones as whole, where the person’s school has a calendar. */
  silentAfterMs: number;
  /** How long a device in contact may take to prove a new setting. */
  graceMs: number;
  /** Oldest agent version that counts as current. */
  oldestAgent: string;
}

export const complianceDefaults = { silentAfterMs: 7 * 86_400_000, graceMs: 3_600_000 } as const;

/** Everything a device’s verdict depends on. */
export interface Case {
  posture: Posture;
  condition: Condition;
  desired: readonly DesiredSection[];
  /** When it was given what is desired of it. */
  desiredSince: number;
  /** When it was last heard of: `now` while it is connected, `null` when never. */
  contact: 'now' | number | null;
  /** While it is connected: since when. */
  contactSince: number | null;
  /** Since when the device, being in contact, could have applied its state; `null` while out of contact. */
  waitingSince: number | null;
  /** What is stored from `since` on, and what is open; oldest first. */
  checks: readonly StoredCheck[];
  /** From `since` on, or from when it was first judged. */
  holdings: readonly HoldingSpan[];
  waivers: readonly WaiverSpan[];
  policies: readonly PolicyRevision[];
  /** Policies saved later are in no stored outcome yet. */
  allJudgedAt: number;
  /** What it said and is not judged yet, with the times it is taken for; none is before `since`. */
  inputs: readonly JudgementInput[];
  /** From when on verdicts may differ from what is stored; now where nothing speaks of earlier. */
  since: number;
  /** A calendar changed: when a silence began may be another moment. */
  calendarMoved: boolean;
}

export interface DeviceJudgement {
  findings: CheckFinding[];
  verdict: Verdict;
  leniency: Leniency;
  /** The checks as they should be stored, of the time the case holds. */
  checks: PlacedCheck[];
  inputs: DeviceInputs;
  /** When the verdict may change although nothing is reported; `null`: never. */
  deadline: number | null;
}

/** Judges one device as it stands: its checks since the case’s begin, and its findings and verdict now. Pure. */
export function judgeDevice(facts: Case, parameters: ComplianceParameters, now: number): DeviceJudgement {
  const stored = Map.groupBy(facts.checks, ({ check }) => check);
  const asked = askedOf(facts, parameters, stored.keys());
  const expected = new Map<string, string>();
  const checks: PlacedCheck[] = [];
  const moments: (number | null)[] = [];
  for (const one of asked) {
    const own = stored.get(one.check) ?? [];
    const { runs, outcome } = runsUpTo(one, own, facts, now);
    checks.push(...placed(one.check, runs, facts.holdings, own[0]));
    expected.set(one.check, outcome.expected);
    moments.push(one.turnsAt(undefined, now));
  }
  const inputs = { checks, holdings: facts.holdings, waivers: facts.waivers, policies: facts.policies };
  const standing = standingAt(inputs, now);
  if (!standing) throw new Error(`Device ${facts.posture.id} is in service, but nothing covers ${now}.`);
  const { leniency, verdict } = standing;
  const findings = standing.findings.map((one) => ({ ...one, expected: expected.get(one.check) ?? '' }));
  const { nextStepAt } = stepOf(findings, leniency.policy.steps ?? defaultSteps, leniency.calendar, now);
  const { deadline } = deviceTimeline(inputs, now, now);
  return { findings, verdict, leniency, checks, inputs, deadline: nextAfter([...moments, nextStepAt, deadline], now) };
}

/** The same device, were another policy saved now. */
export function underPolicy(facts: Case, policy: PolicyRevision['policy'], now: number): Case {
  return { ...facts, policies: [...facts.policies, { from: now, policy }] };
}

/** A device’s verdicts from an instant on, as they should be stored. */
export function verdictsFrom({ inputs }: DeviceJudgement, from: number, now: number): VerdictSpan[] {
  return deviceTimeline(inputs, from, now).spans;
}

/** What one check says from what is stored on: of each input at its time, of what time alone turned, and of what is known now. */
function runsUpTo(
  asked: AskedCheck,
  stored: readonly StoredCheck[],
  facts: Case,
  now: number,
): { runs: Run[]; outcome: Outcome } {
  let runs = startOf(asked, stored, facts);
  const say = (input: JudgementInput | undefined, at: number) => {
    const last = runs.findLast(({ from }) => from <= at);
    const outcome = asked.outcome(input, at, last);
    runs = turned(runs, { status: outcome.status, seen: outcome.actual.slice(0, longestSeen), from: at });
    return outcome;
  };
  const follow = (input: JudgementInput | undefined, from: number, to: number) => {
    const revisions = facts.policies.map((revision) => revision.from).filter((at) => at > facts.allJudgedAt);
    const next = (at: number) => nextAfter([asked.turnsAt(input, at), ...revisions], at);
    for (let at = next(from); at !== null && at < to; at = next(at)) say(input, at);
  };
  const said = facts.inputs.filter(({ fact }) => asked.reads.includes(fact));
  for (const [index, input] of said.entries()) {
    say(input, input.at);
    follow(input, input.at, said[index + 1]?.at ?? now);
  }
  const last = runs.at(-1);
  if (said.length === 0 && last) follow(undefined, last.from, now);
  const outcome = say(undefined, now);
  return { runs, outcome };
}

const longestSeen = 500;

/** A silence that is stored began when the calendar of then said. */
function startOf(asked: AskedCheck, stored: readonly StoredCheck[], facts: Case): Run[] {
  const runs = runsOf(stored);
  const anew = asked.check === contactCheck && facts.calendarMoved && runs.at(-1)?.status === 'fail' && runs.length > 1;
  return anew ? runs.slice(0, -1) : runs;
}
