import type { SchoolCalendar } from '../calendar/calendar.ts';
import type { Groups } from '../policy/group.ts';
import type { PolicySubject } from '../policy/subject.ts';
import { contactCheck, describedCheck, storedFinding } from './described.ts';
import { foldDevice, leniencyDeadline, type Verdict } from './fold.ts';
import { type Leniency, lenient, type WaiverInForce } from './leniency.ts';
import { type CompliancePolicy, demandOf } from './policy.ts';
import { covers, edgesOf, nextAfter, type Span, type Timeline, walk } from './spans.ts';
import type { CheckFinding, FindingStatus } from './verdict.ts';

/** One check of one device while it says the same, in one custody and one unit. */
export interface CheckSpan extends Span {
  check: string;
  status: FindingStatus;
  /** `CheckFinding.actual`, as it was last. */
  seen: string;
  /** Since when it fails in this custody; also while it is unknown after a failure. `null`: it does not. */
  failingSince: number | null;
}

/** Who holds a device, and what judging it takes of them. */
export interface HoldingSpan extends Span {
  /** `null`: nobody holds it. */
  custodyId: string | null;
  personId: string | null;
  /** Primary unit of who holds it; empty when there is none. */
  orgId: string;
  calendar: SchoolCalendar | undefined;
  subject: PolicySubject;
}

/** A waiver; `to` is when it ended, `until` when it was said to end. */
export interface WaiverSpan extends Span, WaiverInForce {
  /** Only while this person holds the device; `null`: it is the device’s own. */
  personId: string | null;
}

export interface PolicyRevision {
  from: number;
  policy: CompliancePolicy;
  /** What the groups that it names held then; one that is absent is not known. */
  groups?: Groups;
}

/** All a device’s verdicts come from. */
export interface DeviceInputs {
  checks: readonly CheckSpan[];
  holdings: readonly HoldingSpan[];
  waivers: readonly WaiverSpan[];
  /** Oldest first; the first holds from before the time that is asked for. */
  policies: readonly PolicyRevision[];
}

export type StandingVerdict = Verdict & { custodyId: string | null; orgId: string };
export type VerdictSpan = StandingVerdict & Span;

/** How a device stands at one instant, with what was decided about its findings. */
export interface DeviceStanding {
  verdict: StandingVerdict;
  findings: CheckFinding[];
  leniency: Leniency;
}

/**
 * A device’s verdicts from an instant up to now. Verdicts are what this makes of the inputs, whenever it is asked: nothing
 * else moves them. The `deadline` is the next end of a grace or a waiver; `last` is how it stands now.
 */
export function deviceTimeline(
  inputs: DeviceInputs,
  from: number,
  now: number,
): Timeline<StandingVerdict> & { last: DeviceStanding | undefined } {
  let last: DeviceStanding | undefined;
  const edges = [
    ...edgesOf(inputs.checks),
    ...edgesOf(inputs.holdings),
    ...edgesOf(inputs.waivers),
    ...inputs.policies.map((revision) => revision.from),
  ];
  const judge = (at: number) => {
    const standing = standingAt(inputs, at);
    const ends = standing ? leniencyDeadline(standing.findings, at) : null;
    last = standing;
    return { value: standing?.verdict, next: nextAfter([nextAfter(edges, at), ends], at) };
  };
  return { ...walk(from, now, judge, isSameInterval), last };
}

/** Undefined: the device was not in service then. */
export function standingAt(inputs: DeviceInputs, at: number): DeviceStanding | undefined {
  const spans = inputs.checks.filter((span) => covers(span, at));
  const contact = spans.find(({ check }) => check === contactCheck);
  const holding = inputs.holdings.find((span) => covers(span, at));
  if (!contact || !holding) return undefined;
  const leniency = leniencyAt(inputs, holding, spans, at);
  const findings = lenient(
    spans.flatMap((span) => storedFinding(span) ?? []),
    leniency,
  );
  const { custodyId, orgId } = holding;
  return { verdict: { ...foldDevice(findings, contact, at), custodyId, orgId }, findings, leniency };
}

export function isSameInterval(one: StandingVerdict, other: StandingVerdict): boolean {
  return one.state === other.state && one.custodyId === other.custodyId && one.orgId === other.orgId;
}

function leniencyAt(
  { waivers, policies }: DeviceInputs,
  { personId, calendar, subject }: HoldingSpan,
  spans: readonly CheckSpan[],
  at: number,
): Leniency {
  const revision = policies.findLastIndex(({ from }) => from <= at);
  const known = policies.slice(0, Math.max(revision, 0) + 1);
  const failing = spans.flatMap(({ check, failingSince }) => (failingSince === null ? [] : [{ check, failingSince }]));
  const { policy, groups } = known.at(-1) ?? noPolicy();
  return {
    policy,
    subject,
    ...(groups && { groups }),
    calendar,
    waivers: waivers.filter(
      (waiver) => covers(waiver, at) && (waiver.personId === null || waiver.personId === personId),
    ),
    failures: new Map(
      failing.map(({ check, failingSince }) => [check, Math.max(failingSince, countsSince(known, check, subject))]),
    ),
  };
}

/**
 * Since when the check counts, of revisions whose last is in force: a failure of which nobody had been told that it counts
 * gets its grace from then. From before all time where every revision counts it, and where none does.
 */
function countsSince(revisions: readonly PolicyRevision[], check: string, subject: PolicySubject): number {
  const severity = describedCheck(check)?.severity ?? 'critical';
  const last = revisions.findLastIndex(
    ({ policy, groups }) => !demandOf(policy, check, severity, subject, groups).counts,
  );
  return last < 0 ? Number.NEGATIVE_INFINITY : (revisions[last + 1]?.from ?? Number.NEGATIVE_INFINITY);
}

function noPolicy(): never {
  throw new Error('verdicts need the policy that was in force');
}
