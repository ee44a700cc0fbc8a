import type { FileAnswer, RequestBody } from '../shared/api/contract.ts';
import type { Routes } from '../shared/api/routes.ts';
import type { DiagnosisView } from '../shared/api/schemas.ts';
import type { StreamFilter, StreamKind } from '../shared/diagnostics/streams.ts';
import type { Body } from '../shared/protocol/messages.ts';
import type { Watcher } from './gateway/live-views.ts';
import type { StaffPerson } from './services.ts';

/** What a device says of a look at it. */
export type DiagnosisAnswer = {
  [T in 'diagnosis-state' | 'examination' | 'bundle']: { type: T; body: Body<T> };
}['diagnosis-state' | 'examination' | 'bundle'];

/** What a device is told of a look at it. */
export type DiagnosisOrder = {
  [T in 'diagnosis-open' | 'diagnosis-close' | 'examine' | 'bundle-ask']: { type: T; body: Body<T> };
}['diagnosis-open' | 'diagnosis-close' | 'examine' | 'bundle-ask'];

/**
 * `server/helpdesk`: looks at devices, each for one ticket and one reason. The device's own rules say whether its person is
 * told or asked; whatever is done here is an event with ticket and reason.
 */
export interface Diagnoses {
  /** `not-found`: no such ticket. `conflict`: it is closed, names no device, or the device cannot be looked at now. */
  open(ticketId: string, wanted: RequestBody<Routes['openDiagnosis']>, by: StaffPerson): Promise<DiagnosisView>;
  ofTicket(ticketId: string): Promise<DiagnosisView[]>;
  read(id: string): Promise<DiagnosisView>;
  /** Ending what is over changes nothing. */
  end(id: string, by: StaffPerson): Promise<DiagnosisView>;
  /** `conflict` unless it is running and `by` may look. */
  examine(id: string, by: StaffPerson): Promise<DiagnosisView>;
  askBundle(id: string, by: StaffPerson): Promise<DiagnosisView>;
  bundle(id: string, by: StaffPerson): Promise<FileAnswer>;
  /**
   * Watches a stream each second until the returned function is called. Only whoever opened the diagnosis or works on its
   * ticket may: for others, and when it is not running, `onEnd` says so.
   */
  watch(
    watched: { diagnosisId: string; stream: StreamKind; filter?: StreamFilter | undefined },
    staffId: string,
    watcher: Watcher,
  ): Promise<() => void>;
}
