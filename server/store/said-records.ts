import type { ReportRecord } from '../../shared/protocol/messages.ts';

export interface ReportingDevice {
  id: string;
  name: string;
  /** The latest generation this device was ever given; null when none. */
  generation: number | null;
}

/** A report that is being written; the times of its records lie not after it was heard. */
export interface TakenReport {
  device: ReportingDevice;
  records: readonly ReportRecord[];
}

/** A record and whose it is. */
export interface Said<K extends ReportRecord['kind']> {
  device: ReportingDevice;
  record: Extract<ReportRecord, { kind: K }>;
}

/** Findings only the server opens and closes: a device's word on them does not count. */
export const serverFindings: ReadonlySet<string> = new Set(['clone']);
/** A device that invents names must not fill the disk. */
export const namesPerDevice = 64;
