import type { SchoolCalendar } from '../../shared/calendar/calendar.ts';
import { reasonOf } from '../../shared/compliance/check.ts';
import { graceDeadline } from '../../shared/compliance/grace.ts';
import { type CompliancePolicy, defaultSteps, demandOf } from '../../shared/compliance/policy.ts';
import { restrictingFindings, stepOf } from '../../shared/compliance/steps.ts';
import type { CheckFinding } from '../../shared/compliance/verdict.ts';
import type { RestrictionRecord } from '../store/restrictions.ts';

/** A device in service, as far as restrictions ask. */
export interface StandingDevice {
  findings: readonly CheckFinding[];
  policy: CompliancePolicy;
  calendar: SchoolCalendar | undefined;
}

export interface RestrictionCase {
  /** The restriction in force. */
  open: RestrictionRecord | undefined;
  /** Undefined: the device is out of service. */
  standing: StandingDevice | undefined;
  /** Who holds the device, and since when (epoch ms). */
  holder: { id: string; since: number } | null;
}

/** The profile that the policy restricts with; `problem`: why it cannot. `null`: nobody is restricted. */
export type RestrictingProfile = { id: string; name: string; problem: string | null } | null;

export type RestrictionStep =
  /** `lookAt`: when a failure goes a step further although nothing else changes. */
  | { does: 'nothing'; lookAt: number | null }
  | { does: 'begin'; reason: string }
  | { does: 'move' }
  | { does: 'end'; reason: string };

const longestReason = 1000;

/** What becomes of one device's restriction. Only somebody who holds a device is restricted, and only for their own. Pure. */
export function decideRestriction(
  { open, standing, holder }: RestrictionCase,
  profile: RestrictingProfile,
  now: number,
): RestrictionStep {
  const own = standing && holder && profile?.problem === null ? inTheirHands(standing, holder.since) : undefined;
  const wanted = own ? reasonsToRestrict(own, open, now) : [];
  if (!open && wanted.length > 0) return { does: 'begin', reason: wanted.join('; ').slice(0, longestReason) };
  if (!open) return { does: 'nothing', lookAt: own ? nextStepOf(own, now) : null };
  const end = endOf({ open, standing, holder }, profile, wanted, now);
  if (end !== undefined) return { does: 'end', reason: end };
  return open.profileId === profile?.id ? { does: 'nothing', lookAt: null } : { does: 'move' };
}

function nextStepOf({ findings, policy, calendar }: StandingDevice, now: number): number | null {
  return stepOf(findings, policy.steps ?? defaultSteps, calendar, now).nextStepAt;
}

/** Whoever is handed a device that fails has the whole grace from then on: what was before is not theirs. */
function inTheirHands({ findings, policy, calendar }: StandingDevice, since: number): StandingDevice {
  const begin = new Date(since).toISOString();
  const own = findings.map((finding): CheckFinding => {
    if (finding.failingSince === undefined || Date.parse(finding.failingSince) >= since) return finding;
    const { grace: _before, ...rest } = finding;
    const days = demandOf(policy, finding.check, finding.severity ?? 'critical').graceDays;
    if (days === 0) return { ...rest, failingSince: begin };
    const end = graceDeadline(calendar, since, days);
    const until = Number.isFinite(end) ? new Date(end).toISOString() : null;
    return { ...rest, failingSince: begin, grace: { until, words: '' } };
  });
  return { findings: own, policy, calendar };
}

/** What is no longer known goes on as it was: only a pass lifts a restriction, and only a failure begins one. */
function reasonsToRestrict(
  { findings, policy, calendar }: StandingDevice,
  open: RestrictionRecord | undefined,
  now: number,
): string[] {
  const lasting = open ? findings.map(asFailing) : findings;
  return restrictingFindings(lasting, policy.steps ?? defaultSteps, calendar, now).map((one) => reasonOf(one));
}

const asFailing = (finding: CheckFinding): CheckFinding =>
  finding.status === 'unknown' && finding.failingSince !== undefined ? { ...finding, status: 'fail' } : finding;

function endOf(
  { open, standing, holder }: RestrictionCase & { open: RestrictionRecord },
  profile: RestrictingProfile,
  wanted: readonly string[],
  now: number,
): string | undefined {
  if (!standing) return 'the device is out of service';
  if (holder?.id !== open.personId) return holder ? 'somebody else has the device' : 'the device was handed back';
  if (!profile) return 'the policy restricts nobody any more';
  if (profile.problem !== null) return profile.problem.slice(0, 200);
  if (wanted.length > 0) return undefined;
  const failing = standing.findings
    .map(asFailing)
    .filter(({ status, severity }) => status === 'fail' && severity !== 'minor');
  const left = failing.filter(({ waiver }) => !waiver || Date.parse(waiver.until) <= now);
  if (failing.length === 0) return 'put right';
  return left.length === 0 ? 'waived' : 'what still fails has more time';
}
