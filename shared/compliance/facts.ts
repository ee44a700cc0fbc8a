import type { Health, Observations } from '../protocol/health.ts';
import type { SectionStatus } from '../protocol/messages.ts';

/** The desired web filter of a device, and how far its report says it has come. */
export interface FilterReport {
  standing: SectionStatus;
  /** Lines of the evidence of the last report that show a name asked for and its answer. */
  evidenceLines: number;
}

/** What is known of one device, as far as checks look at it. Values come from outside: each check holds them to its schema. */
export interface DeviceFacts {
  agentVersion: string | undefined;
  observations: Observations;
  health: Health;
  /** Codes of the findings that are open; undefined until the device has reported anything. */
  openFindings: readonly string[] | undefined;
  /** `null`: no filter is asked of this device. */
  webFilter: FilterReport | null;
}
