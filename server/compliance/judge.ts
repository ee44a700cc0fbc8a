import type { Check } from '../../shared/compliance/check.ts';
import {
  deadlineOf,
  isLateReason,
  evaluate as policyVerified,
  type SectionObservation,
} from '../../shared/compliance/checks/policy-verified.ts';
import type { DeviceFacts } from '../../shared/compliance/facts.ts';
import {
  type Contact,
  foldDevice,
  leniencyDeadline,
  type SilenceParameters,
  silenceDeadline,
  type Verdict,
} from '../../shared/compliance/fold.ts';
import { countsSchoolDays, graceDeadline } from '../../shared/compliance/grace.ts';
import { failuresAfter, type Leniency, lenient } from '../../shared/compliance/leniency.ts';
import { defaultSteps } from '../../shared/compliance/policy.ts';
import { stepOf } from '../../shared/compliance/steps.ts';
import type { CheckFinding } from '../../shared/compliance/verdict.ts';
import { type DesiredSection, standingOf } from '../../shared/policy/standing.ts';
import { type CapabilityName, capabilities } from '../../shared/profile/registry.ts';
import type { Condition, Posture } from '../store/posture.ts';
import { askChecks, demandedChecks } from './demand.ts';

const dayMs = 86_400_000;

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

/** Everything a device's verdict depends on. */
export interface Case {
  posture: Posture;
  desired: readonly DesiredSection[];
  contact: Contact;
  /** Since when the device, being in contact, could have applied its state; `null` while out of contact. */
  waitingSince: number | null;
  /** Reasons of the verdict that stands. */
  earlierReasons: readonly string[];
  leniency: Leniency;
  /** Absent where only the verdict is wanted and no check that counts reads it. */
  condition?: Condition;
}

export interface DeviceJudgement {
  findings: CheckFinding[];
  verdict: Verdict;
  /** Check → since when it fails. */
  failures: ReadonlyMap<string, number>;
  /** When the verdict may change although nothing is reported; `null`: never. */
  deadline: number | null;
}

/** Judges one device by the checks asked: those that turn a verdict, or the whole library for somebody who looks. Pure. */
export function judgeDevice(
  facts: Case,
  parameters: ComplianceParameters,
  now: number,
  asked: readonly Check[] = demandedChecks(facts.leniency.policy),
): DeviceJudgement {
  const { contact, leniency } = facts;
  const policy = { now, graceMs: parameters.graceMs };
  const silence = silenceOf(facts, parameters, now);
  const sections = facts.desired.map((desired) => observationOf(desired, facts));
  const found = [
    ...askChecks(asked, deviceFacts(facts), { 'agent-current': { oldest: parameters.oldestAgent } }, now),
    ...sections.map((section) => policyVerified(section, policy)),
  ];
  const failures = failuresAfter(leniency, found, now);
  const findings = lenient(found, { ...leniency, failures });
  const deadlines = [
    silenceDeadline(contact, silence),
    leniencyDeadline(findings, now),
    stepOf(findings, leniency.policy.steps ?? defaultSteps, leniency.calendar, now).nextStepAt,
    ...sections.map((section) => deadlineOf(section, policy)),
  ];
  return { findings, failures, verdict: foldDevice(findings, contact, silence), deadline: earliest(deadlines) };
}

/** Under a school calendar the days of a silence are school days: a laptop that is shut over a break is on break. */
function silenceOf(
  { contact, leniency }: Case,
  { silentAfterMs }: ComplianceParameters,
  now: number,
): SilenceParameters {
  const { calendar } = leniency;
  if (typeof contact !== 'number' || !countsSchoolDays(calendar)) return { now, silentAfterMs };
  const days = Math.ceil(silentAfterMs / dayMs);
  return { now, silentAfterMs: graceDeadline(calendar, contact, days) - contact };
}

function deviceFacts({ posture, desired, contact, condition }: Case): DeviceFacts {
  const { filterMeasured: measured } = posture;
  const asked = desired.some(({ section }) => section === 'webFilter');
  return {
    agentVersion: posture.agentVersion,
    observations: posture.observations,
    health: condition?.health ?? {},
    openFindings: contact === null ? undefined : condition?.openFindings,
    webFilter: { asked, ...(measured === undefined ? {} : { measured }) },
  };
}

function observationOf(desired: DesiredSection, { posture, waitingSince, earlierReasons }: Case): SectionObservation {
  const report = posture.reports.find(({ section }) => section === desired.section);
  const { title } = capabilities[desired.section as CapabilityName];
  return {
    section: desired.section,
    title,
    standing: standingOf(report, desired),
    failure: report?.failure?.message ?? null,
    provedBefore: report?.status === 'verified',
    waitingSince,
    wasLate: earlierReasons.some((reason) => isLateReason(reason, title)),
  };
}

export function earliest(moments: readonly (number | null)[]): number | null {
  const known = moments.filter((moment) => moment !== null);
  return known.length === 0 ? null : Math.min(...known);
}
