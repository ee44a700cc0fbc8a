import type { SectionStatus } from '../../protocol/messages.ts';
import type { CheckWords, Outcome } from '../check.ts';

/** One section a device should hold, and how far it has come. */
export interface SectionObservation {
  section: string;
  title: string;
  standing: SectionStatus;
  /** What the device says of a failure. */
  failure: string | null;
  /** The device's last report, though about older content, was `verified`. */
  provedBefore: boolean;
  /** Since when the device, being in contact, could have applied it; `null` while it is out of contact. */
  waitingSince: number | null;
  /** It was late already at the last evaluation: only a report changes that, not a new wait. */
  wasLate: boolean;
}

export interface PolicyParameters {
  now: number;
  /** How long a device in contact may take before the wait counts as a failure. */
  graceMs: number;
}

/** Of every section alike. */
export const sectionWords = {
  why: 'The district promises families that this protection is on; it is, only when the device has proved it.',
  fix: 'Restart the device while it is connected; if this stays, bring it to the helpdesk.',
};

/** What passes. */
export const expected = 'in force and proved';
const late = 'not applied in time';

/** Whether the device has yet to apply it, or to prove it. */
export function isOnItsWay(standing: SectionStatus): boolean {
  return standing === 'pending' || standing === 'applied';
}

/** When the answer changes although nothing is reported; `null` when it does not. */
export function deadlineOf(observation: SectionObservation, { now, graceMs }: PolicyParameters): number | null {
  if (!isOnItsWay(observation.standing) || observation.waitingSince === null) return null;
  const due = observation.waitingSince + graceMs;
  return due > now ? due : null;
}

/** Whether a stored outcome says that the section is late. */
export function isLate({ status, seen }: { status: string; seen: string }): boolean {
  return status === 'fail' && seen === late;
}

/**
 * Is the section in force, by the device's own fresh observation? While a change is on its way, what was proved before
 * still counts.
 */
export function outcomeOf(observation: SectionObservation, parameters: PolicyParameters): Omit<Outcome, 'expected'> {
  switch (observation.standing) {
    case 'verified':
      return { status: 'pass', actual: expected };
    case 'failed':
      return { status: 'fail', actual: `failed (${observation.failure ?? 'the device did not say why'})` };
    case 'unsupported':
      return { status: 'not-applicable', actual: 'this device cannot do this' };
    case 'applied':
    case 'pending':
      return waiting(observation, parameters);
  }
}

function waiting(observation: SectionObservation, { now, graceMs }: PolicyParameters): Omit<Outcome, 'expected'> {
  const { standing, waitingSince, wasLate, provedBefore } = observation;
  const overdue = wasLate || (waitingSince !== null && now >= waitingSince + graceMs);
  if (overdue && standing === 'pending') return { status: 'fail', actual: late };
  if (standing === 'applied') return { status: 'unknown', actual: 'applied, but not proved' };
  return provedBefore
    ? { status: 'pass', actual: 'in force; a change is on its way' }
    : { status: 'unknown', actual: 'not reported yet' };
}

/** The words of the check of one section. */
export function wordsFor({ section, title }: Pick<SectionObservation, 'section' | 'title'>): CheckWords {
  return {
    check: `policy-verified:${section}`,
    title,
    ...sectionWords,
    fixTechnician:
      'Open the device in the console: its settings show what was desired and what was seen. Then read the agent’s log, and run its diagnosis on the device.',
  };
}
