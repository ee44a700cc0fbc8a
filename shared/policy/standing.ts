import type Type from 'typebox';
import type { Evidence, Failure, SectionStatus } from '../protocol/messages.ts';

/** What a device said last of one section. */
export interface SectionStanding {
  section: string;
  generation: number;
  /** Content the report is about; `null` when the device never got it. */
  hash: string | null;
  status: SectionStatus;
}

/** And why. */
export interface SectionReport extends SectionStanding {
  failure: Type.Static<typeof Failure> | null;
  /** Milliseconds since 1970. */
  at: number;
}

export interface SectionReportWithEvidence extends SectionReport {
  evidence: Evidence[];
}

/** A section as the device's desired state names it. */
export interface DesiredSection {
  section: string;
  hash: string;
  generation: number;
}

/** Is the report about what is desired now? The same content under a newer generation need not be reported again. */
export function isUpToDate<R extends SectionStanding>(report: R | undefined, desired: DesiredSection): report is R {
  if (!report) return false;
  return report.hash === null ? report.generation === desired.generation : report.hash === desired.hash;
}

/** How far the desired section has come: `pending` until the device reports about it. */
export function standingOf(report: SectionStanding | undefined, desired: DesiredSection): SectionStatus {
  return isUpToDate(report, desired) ? report.status : 'pending';
}
