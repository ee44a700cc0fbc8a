import type { Check, Outcome } from '../../shared/compliance/check.ts';
import {
  deadlineOf,
  expected,
  isLate,
  isOnItsWay,
  outcomeOf,
  type SectionObservation,
} from '../../shared/compliance/checks/policy-verified.ts';
import { contactCheck, sectionCheck } from '../../shared/compliance/described.ts';
import { type DeviceFacts, withFact } from '../../shared/compliance/facts.ts';
import { countsSchoolDays, graceDeadline } from '../../shared/compliance/grace.ts';
import { checks } from '../../shared/compliance/registry.ts';
import type { Run } from '../../shared/compliance/runs.ts';
import { type DesiredSection, type SectionReport, standingOf } from '../../shared/policy/standing.ts';
import { type CapabilityName, capabilities } from '../../shared/profile/registry.ts';
import type { JudgementInput } from '../store/judgements.ts';
import type { SectionInput } from '../store/report-inputs.ts';
import type { Case, ComplianceParameters } from './judge.ts';
import { parametersAt } from './parameters.ts';

/** One check as it is asked about one device: one of the library, one of a section, or the contact. */
export interface AskedCheck {
  check: string;
  reads: readonly string[];
  /** What it says at an instant, of what an input says or, without one, of what is known now. `last`: what it said before. */
  outcome(input: JudgementInput | undefined, at: number, last: Run | undefined): Outcome;
  /** When it may next say something else although nothing is reported; `null`: never. */
  turnsAt(input: JudgementInput | undefined, at: number): number | null;
}

const dayMs = 86_400_000;

/** Everything that is judged of a device. `stored` names the sections it was judged by before. */
export function askedOf(facts: Case, parameters: ComplianceParameters, stored: Iterable<string>): AskedCheck[] {
  const known = deviceFacts(facts);
  const desired = new Set(facts.desired.map(({ section }) => sectionCheck(section)));
  const former = Object.keys(capabilities).map(sectionCheck);
  const asked = new Set(stored);
  return [
    contactOf(facts, parameters),
    ...checks.map((check) => libraryCheck(check, known, facts, parameters)),
    ...facts.desired.map((section) => sectionOf(section, facts, parameters)),
    ...former.filter((check) => asked.has(check) && !desired.has(check)).map(formerSection),
  ];
}

function libraryCheck(
  check: Check,
  known: DeviceFacts,
  { policies }: Case,
  district: ComplianceParameters,
): AskedCheck {
  const observation = (input: JudgementInput | undefined) =>
    check.observe(input ? withFact(known, input.fact, input.value) : known);
  const parameters = (at: number) => parametersAt(check, policies, district, at);
  return {
    check: check.check,
    reads: check.reads,
    outcome: (input, at) => check.evaluate(observation(input), parameters(at), at),
    turnsAt: (input, at) => check.turnsAt?.(observation(input), parameters(at), at) ?? null,
  };
}

/**
 * Whether a device may be judged otherwise only because it comes or goes: it was silent, or has never been heard of, or has
 * something to apply or to prove, which counts from contact. Of all others the end of a silence alone does, days later.
 */
export function turnsOnContact({ posture, desired }: Case, hasContact: boolean): boolean {
  const reports = new Map(posture.reports.map((report) => [report.section, report]));
  const waits = desired.some((section) => isOnItsWay(standingOf(reports.get(section.section), section)));
  return waits || !hasContact;
}

/** Heard of lately? Under a school calendar the days of a silence are school days: a laptop that is shut over a break is on break. */
function contactOf({ contact, contactSince, holdings }: Case, { silentAfterMs }: ComplianceParameters): AskedCheck {
  const calendar = holdings.at(-1)?.calendar;
  const days = Math.ceil(silentAfterMs / dayMs);
  const silentAt = (last: number) =>
    countsSchoolDays(calendar) ? graceDeadline(calendar, last, days) : last + silentAfterMs;
  const end = typeof contact === 'number' ? silentAt(contact) : null;
  return {
    check: contactCheck,
    reads: [],
    outcome: (_, at) => {
      if (contact === null) return { status: 'unknown', expected: 'heard of lately', actual: 'Has never reported.' };
      if (end === null || at < end) return { status: 'pass', expected: 'heard of lately', actual: 'Heard of lately.' };
      const actual = `Not heard of since ${new Date(contact === 'now' ? at : contact).toISOString().slice(0, 10)}.`;
      return { status: 'fail', expected: 'heard of lately', actual };
    },
    turnsAt: (_, at) => {
      const moments = [end, contactSince].filter((one) => one !== null && one > at && Number.isFinite(one));
      return moments.length === 0 ? null : Math.min(...(moments as number[]));
    },
  };
}

function sectionOf(desired: DesiredSection, facts: Case, { graceMs }: ComplianceParameters): AskedCheck {
  const { section } = desired;
  const { title } = capabilities[section as CapabilityName];
  const stored = facts.posture.reports.find((report) => report.section === section);
  const observation = (input: JudgementInput | undefined, at: number, last?: Run): SectionObservation => {
    const report = input ? reportOf(section, input) : stored;
    const spokeOfEarlier = input !== undefined && at < facts.desiredSince;
    return {
      ...{ section, title },
      standing: spokeOfEarlier && report ? report.status : standingOf(report, desired),
      failure: report?.failure?.message ?? null,
      provedBefore: report?.status === 'verified',
      waitingSince: input ? null : facts.waitingSince,
      wasLate: last !== undefined && isLate(last),
    };
  };
  return {
    check: sectionCheck(section),
    reads: [`section:${section}`],
    outcome: (input, at, last) => ({ expected, ...outcomeOf(observation(input, at, last), { now: at, graceMs }) }),
    turnsAt: (input, at) => deadlineOf(observation(input, at), { now: at, graceMs }),
  };
}

/** A section that is asked of the device no more. */
function formerSection(check: string): AskedCheck {
  const outcome: Outcome = { status: 'not-applicable', expected, actual: 'no longer asked of this device' };
  return { check, reads: [], outcome: () => outcome, turnsAt: () => null };
}

function reportOf(section: string, { value, at }: JudgementInput): SectionReport {
  const { generation, hash, status, failure } = value as SectionInput;
  return { section, generation, hash, status, failure: failure === null ? null : { code: '', message: failure }, at };
}

function deviceFacts({ posture, desired, contact, condition }: Case): DeviceFacts {
  const { filterMeasured: measured } = posture;
  const asked = desired.some(({ section }) => section === 'webFilter');
  return {
    agentVersion: posture.agentVersion,
    observations: posture.observations,
    health: condition.health,
    openFindings: contact === null ? undefined : condition.openFindings,
    webFilter: { asked, ...(measured === undefined ? {} : { measured }) },
  };
}
