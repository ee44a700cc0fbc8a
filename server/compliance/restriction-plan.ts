import type { SchoolCalendar } from '../../shared/calendar/calendar.ts';
import { reasonOf } from '../../shared/compliance/check.ts';
import { type CompliancePolicy, defaultSteps } from '../../shared/compliance/policy.ts';
import { restrictingFindings } from '../../shared/compliance/steps.ts';
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
  /** Who holds the device. */
  holder: string | null;
}

/** The profile that the policy restricts with; `problem`: why it cannot. `null`: nobody is restricted. */
export type RestrictingProfile = { id: string; name: string; problem: string | null } | null;

export type RestrictionStep =
  | { does: 'nothing' }
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
  const wanted = standing && holder !== null && profile?.problem === null ? reasonsToRestrict(standing, open, now) : [];
  if (!open) return wanted.length > 0 ? { does: 'begin', reason: wanted.join('; ').slice(0, longestReason) } : nothing;
  const end = endOf({ open, standing, holder }, profile, wanted, now);
  if (end !== undefined) return { does: 'end', reason: end };
  return open.profileId === profile?.id ? nothing : { does: 'move' };
}

const nothing = { does: 'nothing' } as const;

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
  if (holder !== open.personId) return holder === null ? 'the device was handed back' : 'somebody else has the device';
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
