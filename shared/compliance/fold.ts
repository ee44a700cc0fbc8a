import { reasonOf } from './check.ts';
import type { CheckFinding, FindingStatus, VerdictState } from './verdict.ts';

/** A verdict before it becomes an interval. */
export interface Verdict {
  state: VerdictState;
  /** One sentence each; empty when compliant. */
  reasons: string[];
  /** In grace and waived: until when, epoch ms; absent where the calendar does not tell. */
  until?: number;
}

/** Whether a device was heard of lately: `fail` is silent, `unknown` never heard of; `seen` says it in words. */
export interface Contact {
  status: FindingStatus;
  seen: string;
}

const mostReasons = 20;

/**
 * Folds what the checks found into one verdict. Missing information never makes a device fail, and never lets it pass.
 * Minor findings are for people to read: they turn nothing.
 */
export function foldDevice(all: readonly CheckFinding[], contact: Contact, now: number): Verdict {
  if (contact.status === 'unknown') return { state: 'unknown', reasons: [contact.seen] };
  if (contact.status === 'fail') return { state: 'silent', reasons: [contact.seen] };
  const findings = all.filter(({ severity }) => severity !== 'minor');
  const { overdue, inGrace, missing, waived } = sorted(findings, now);
  const failing = [...overdue.map((finding) => reasonOf(finding)), ...inGrace.map(graceReason)];
  if (overdue.length > 0) return { state: 'noncompliant', reasons: failing.slice(0, mostReasons) };
  if (inGrace.length > 0) return letPass('in-grace', failing, graceEnds(inGrace));
  if (missing.length > 0) {
    return { state: 'unknown', reasons: missing.map((finding) => reasonOf(finding)).slice(0, mostReasons) };
  }
  if (waived.length > 0) return letPass('waived', waived.map(waiverReason), waiverEnds(waived));
  return findings.some(({ status }) => status === 'pass')
    ? { state: 'compliant', reasons: [] }
    : { state: 'unknown', reasons: ['Nothing is known of it yet.'] };
}

/** When grace or a waiver of one of these findings ends next; `null`: never, as far as is known. */
export function leniencyDeadline(all: readonly CheckFinding[], now: number): number | null {
  const findings = all.filter(({ severity }) => severity !== 'minor');
  const ends = [...graceEnds(findings), ...waiverEnds(findings)].filter((end) => end > now);
  return ends.length === 0 ? null : Math.min(...ends);
}

function sorted(
  findings: readonly CheckFinding[],
  now: number,
): Record<'overdue' | 'inGrace' | 'missing' | 'waived', CheckFinding[]> {
  const open = findings.filter(({ status, waiver }) => (status === 'fail' || status === 'unknown') && !waiver);
  const failing = open.filter(({ status }) => status === 'fail');
  const hasGrace = ({ grace }: CheckFinding) =>
    grace !== undefined && (grace.until === null || Date.parse(grace.until) > now);
  return {
    overdue: failing.filter((finding) => !hasGrace(finding)),
    inGrace: failing.filter(hasGrace),
    missing: open.filter(({ status }) => status === 'unknown'),
    waived: findings.filter(({ status, waiver }) => (status === 'fail' || status === 'unknown') && waiver),
  };
}

const graceReason = (finding: CheckFinding) => reasonOf(finding, finding.grace?.words);
const waiverReason = (finding: CheckFinding) => reasonOf(finding, finding.waiver?.words);
const graceEnds = (findings: readonly CheckFinding[]) =>
  findings.flatMap(({ grace }) => (typeof grace?.until === 'string' ? [Date.parse(grace.until)] : []));
const waiverEnds = (findings: readonly CheckFinding[]) =>
  findings.flatMap(({ waiver }) => (waiver ? [Date.parse(waiver.until)] : []));

function letPass(state: 'in-grace' | 'waived', reasons: readonly string[], ends: readonly number[]): Verdict {
  const first = { state, reasons: reasons.slice(0, mostReasons) };
  return ends.length === 0 ? first : { ...first, until: Math.min(...ends) };
}

const worstFirst: readonly VerdictState[] = ['noncompliant', 'silent', 'in-grace', 'unknown', 'waived', 'compliant'];

export function isWorse(one: VerdictState, other: VerdictState): boolean {
  return worstFirst.indexOf(one) < worstFirst.indexOf(other);
}

/**
 * A person stands where the worst device in their custody stands. `owed`: in words, what they should have done by now; that
 * alone makes them noncompliant.
 */
export function foldPerson(devices: readonly (Verdict & { name: string })[], owed: readonly string[] = []): Verdict {
  const byWorst = devices.toSorted(
    (a, b) => worstFirst.indexOf(a.state) - worstFirst.indexOf(b.state) || (a.name < b.name ? -1 : 1),
  );
  const [worst] = byWorst;
  const ofDevices = byWorst.flatMap((device) =>
    device.reasons.map((reason) => (devices.length > 1 ? `${device.name}: ${reason}`.slice(0, 500) : reason)),
  );
  const reasons = [...owed, ...ofDevices].slice(0, mostReasons);
  if (owed.length > 0) return { state: 'noncompliant', reasons };
  if (!worst) return { state: 'unknown', reasons: ['Has no device.'] };
  const ends = devices.flatMap(({ state, until }) => (state === worst.state && until !== undefined ? [until] : []));
  return ends.length === 0
    ? { state: worst.state, reasons }
    : { state: worst.state, reasons, until: Math.min(...ends) };
}
