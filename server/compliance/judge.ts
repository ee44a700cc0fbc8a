import type { Outcome } from '../../shared/compliance/check.ts';
import { contactCheck, sectionCheck } from '../../shared/compliance/described.ts';
import { type CompliancePolicy, policyName, settingsInForce } from '../../shared/compliance/policy.ts';
import { type PlacedCheck, placed, type Run, runsOf, turned } from '../../shared/compliance/runs.ts';
import { nextAfter } from '../../shared/compliance/spans.ts';
import {
  type DeviceInputs,
  type DeviceStanding,
  type HoldingSpan,
  type PolicyRevision,
  standingAt,
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

/** What the checks of one device say, as it should be stored, of the time its case holds. */
export interface ChecksJudged {
  checks: PlacedCheck[];
  /** Those that are to be stored otherwise than they are. */
  changed: { stored: readonly StoredCheck[]; derived: readonly PlacedCheck[] }[];
  /** Check → what would pass, in words. */
  expected: Map<string, string>;
  /** When time alone may turn one of them; `null`: never. */
  turnsAt: number | null;
}

/** Pure, as everything here. `only`: the checks to judge, where not all are. */
export function judgeChecks(
  known: Case,
  parameters: ComplianceParameters,
  now: number,
  only?: ReadonlySet<string>,
): ChecksJudged {
  const isAsked = ({ check }: { check: string }) => only === undefined || only.has(check);
  const facts = { ...known, holdings: upTo(known.holdings, now) };
  const stored = Map.groupBy(facts.checks.filter(isAsked), ({ check }) => check);
  const judged: ChecksJudged = { checks: [], changed: [], expected: new Map(), turnsAt: null };
  const moments: (number | null)[] = [];
  for (const asked of askedOf(facts, parameters, stored.keys()).filter(isAsked)) {
    const own = stored.get(asked.check) ?? [];
    stored.delete(asked.check);
    const { derived, expected } = spansOf(asked, own, facts, now);
    if (derived !== own) judged.changed.push({ stored: own, derived });
    judged.checks.push(...derived);
    judged.expected.set(asked.check, expected);
    moments.push(asked.turnsAt(undefined, now));
  }
  for (const own of stored.values()) judged.changed.push({ stored: own, derived: endedAt(own, now) });
  return { ...judged, turnsAt: nextAfter(moments, now) };
}

/** A device that changes hands while it is looked at is with who has it then: what is to come is stored when it came. */
function upTo(holdings: readonly HoldingSpan[], now: number): readonly HoldingSpan[] {
  const begun = holdings.filter(({ from }) => from <= now);
  const last = begun.at(-1);
  return last && last.to !== null && last.to > now ? begun.with(-1, { ...last, to: null }) : begun;
}

export function inputsOf({ holdings, waivers, policies }: Case, { checks }: ChecksJudged): DeviceInputs {
  return { checks, holdings, waivers, policies };
}

/** A device as it stands now, by everything that is asked of it; the whole library is among its findings. */
export function judgeDevice(facts: Case, parameters: ComplianceParameters, now: number): DeviceStanding {
  return standingOf(facts, judgeChecks(facts, parameters, now), now);
}

/**
 * The same device under two policies, were each saved now. Its checks are judged once: again are only those that take other
 * parameters.
 */
export function judgeUnderBoth(
  facts: Case,
  parameters: ComplianceParameters,
  now: number,
  { inForce, proposed, reparametrised }: PolicyChange,
): { before: DeviceStanding; after: DeviceStanding } {
  const [before, after] = [underPolicy(facts, inForce, now), underPolicy(facts, proposed, now)];
  const judged = judgeChecks(before, parameters, now);
  const anew =
    reparametrised.size === 0 ? judged : replaced(judged, judgeChecks(after, parameters, now, reparametrised));
  return { before: standingOf(before, judged, now), after: standingOf(after, anew, now) };
}

/** A policy and another in its place. */
export interface PolicyChange {
  inForce: CompliancePolicy;
  proposed: CompliancePolicy;
  /** Checks for which the two set other parameters. */
  reparametrised: ReadonlySet<string>;
}

function replaced(judged: ChecksJudged, anew: ChecksJudged): ChecksJudged {
  const spans = new Map([
    ...Map.groupBy(judged.checks, ({ check }) => check),
    ...Map.groupBy(anew.checks, ({ check }) => check),
  ]);
  return {
    ...judged,
    checks: [...spans.values()].flat(),
    expected: new Map([...judged.expected, ...anew.expected]),
  };
}

function standingOf(facts: Case, judged: ChecksJudged, now: number): DeviceStanding {
  const standing = standingAt(inputsOf(facts, judged), now);
  if (!standing) throw new Error(`Device ${facts.posture.id} is in service, but nothing covers ${now}.`);
  const desired = new Set(facts.desired.map(({ section }) => sectionCheck(section)));
  const isAsked = ({ check }: CheckFinding) => policyName(check) !== settingsInForce || desired.has(check);
  const findings = standing.findings
    .filter(isAsked)
    .map((one) => ({ ...one, expected: judged.expected.get(one.check)?.slice(0, longestSeen) ?? '' }));
  return { ...standing, findings };
}

function underPolicy(facts: Case, policy: CompliancePolicy, now: number): Case {
  const { groups } = facts.policies.at(-1) ?? {};
  return { ...facts, policies: [...facts.policies, { from: now, policy, ...(groups && { groups }) }] };
}

/** A check that this version does not have is judged no more. */
function endedAt(stored: readonly StoredCheck[], now: number): PlacedCheck[] {
  return stored.filter(({ from }) => from < now).map((span) => ({ ...span, to: Math.min(span.to ?? now, now) }));
}

/** The stored spans themselves where they stay as they are, as nearly always. */
function spansOf(
  asked: AskedCheck,
  stored: readonly StoredCheck[],
  facts: Case,
  now: number,
): { derived: readonly PlacedCheck[]; expected: string } {
  const { runs, outcome } = runsUpTo(asked, stored, facts, now);
  const [only, ...others] = stored;
  const holding = facts.holdings.at(-1);
  const isCut = only?.custodyId !== holding?.custodyId || only?.orgId !== holding?.orgId;
  const [run, ...later] = runs;
  const stays = only && others.length + later.length === 0 && !isCut && run?.status === only.status;
  if (stays && run.seen === only.seen && run.from === only.from) return { derived: stored, expected: outcome.expected };
  const derived = placed(asked.check, runs, facts.holdings, only);
  return { derived: derived.map((span) => inOldWords(span, stored)), expected: outcome.expected };
}

/** What is over keeps the words it had then. */
function inOldWords(span: PlacedCheck, stored: readonly StoredCheck[]): PlacedCheck {
  const { from, to, status } = span;
  const same =
    to === null ? undefined : stored.find((one) => one.from === from && one.to === to && one.status === status);
  return same ? { ...span, seen: same.seen } : span;
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
