import { reasonOf } from './check.ts';
import type { CheckFinding, VerdictState } from './verdict.ts';

/** A verdict before it becomes an interval. */
export interface Verdict {
  state: VerdictState;
  /** One sentence each; empty when compliant. */
  reasons: string[];
}

/** When a device was last heard of: `now` while it is connected, `null` when never. */
export type Contact = 'now' | number | null;

export interface SilenceParameters {
  now: number;
  silentAfterMs: number;
}

const mostReasons = 20;

/**
 * Folds what the checks found into one verdict. Missing information never makes a device fail, and never lets it pass.
 * Minor findings are for people to read: they turn nothing.
 */
export function foldDevice(all: readonly CheckFinding[], contact: Contact, silence: SilenceParameters): Verdict {
  const findings = all.filter(({ severity }) => severity !== 'minor');
  if (contact === null) return { state: 'unknown', reasons: ['Has never reported.'] };
  if (contact !== 'now' && silence.now >= contact + silence.silentAfterMs) {
    return { state: 'silent', reasons: [`Not heard of since ${new Date(contact).toISOString().slice(0, 10)}.`] };
  }
  const reasonsFor = (status: CheckFinding['status']) =>
    findings.filter((finding) => finding.status === status).map(reasonOf);
  const failed = reasonsFor('fail');
  if (failed.length > 0) return { state: 'noncompliant', reasons: failed.slice(0, mostReasons) };
  const missing = reasonsFor('unknown');
  if (missing.length > 0) return { state: 'unknown', reasons: missing.slice(0, mostReasons) };
  return findings.some(({ status }) => status === 'pass')
    ? { state: 'compliant', reasons: [] }
    : { state: 'unknown', reasons: ['Nothing is known of it yet.'] };
}

/** When silence will turn the verdict; `null` when it will not, or has. */
export function silenceDeadline(contact: Contact, { now, silentAfterMs }: SilenceParameters): number | null {
  if (contact === null || contact === 'now') return null;
  return contact + silentAfterMs > now ? contact + silentAfterMs : null;
}

const worstFirst: readonly VerdictState[] = ['noncompliant', 'silent', 'unknown', 'compliant'];

/** A person stands where the worst device in their custody stands. */
export function foldPerson(devices: readonly (Verdict & { name: string })[]): Verdict {
  const byWorst = devices.toSorted(
    (a, b) => worstFirst.indexOf(a.state) - worstFirst.indexOf(b.state) || (a.name < b.name ? -1 : 1),
  );
  const [worst] = byWorst;
  if (!worst) return { state: 'unknown', reasons: ['Has no device.'] };
  const reasons = byWorst.flatMap((device) =>
    device.reasons.map((reason) => (devices.length > 1 ? `${device.name}: ${reason}`.slice(0, 500) : reason)),
  );
  return { state: worst.state, reasons: reasons.slice(0, mostReasons) };
}
