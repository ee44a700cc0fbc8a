import type { FileAnswer, Query, RequestBody } from '../shared/api/contract.ts';
import type { Routes } from '../shared/api/routes.ts';
import type {
  CheckSubject,
  ComplianceMap,
  ComplianceMeasures,
  ComplianceTrend,
  DeviceHistory,
  LibraryCheck,
  ObligationInput,
  ObligationPreview,
  ObligationView,
  PersonHistory,
  PolicyPreview,
  RestrictionHold,
  RestrictionView,
  SavedCompliancePolicy,
  SignatureImport,
  WaiverInput,
  WaiverView,
} from '../shared/api/schemas.ts';
import type { CompliancePolicy } from '../shared/compliance/policy.ts';
import type { CheckFinding } from '../shared/compliance/verdict.ts';
import type { VerdictMessage } from '../shared/protocol/messages.ts';
import type { Seen, Sight } from './access/standing.ts';
import type { Actor, Page } from './services.ts';

/** `server/compliance`: verdicts, recomputed when an input changes or a deadline passes, never by polling. */
export interface Compliance {
  checksOfDevice(deviceId: string): Promise<CheckFinding[]>;
}

/** `server/compliance`: what devices are told of how they are judged; those that are not in service are left out. */
export interface DeviceVerdicts {
  of(deviceIds: readonly string[]): Promise<ReadonlyMap<string, VerdictMessage>>;
  /** The devices in the open custody of these people. */
  devicesOf(personIds: readonly string[]): Promise<string[]>;
}

/** `server/compliance`: which checks turn verdicts, how much they weigh, and how long a failure may last. */
export interface CompliancePolicies {
  read(): Promise<SavedCompliancePolicy>;
  save(policy: CompliancePolicy, version: number, actor: Actor): Promise<SavedCompliancePolicy>;
}

/** `server/compliance`: compliance at any instant, and over time. Changes nothing. */
export interface ComplianceHistory {
  /** An instant as a request writes it, in epoch ms. Throws `bad-request` for one nothing can be known of. */
  instant(at: string): Promise<number>;
  map(query: Seen<Query<Routes['readComplianceMap']>>): Promise<ComplianceMap>;
  trend(query: Seen<Query<Routes['readComplianceTrend']>>): Promise<ComplianceTrend>;
  measures(query: Seen<Query<Routes['readComplianceMeasures']>>): Promise<ComplianceMeasures>;
  checks(sight?: Sight): Promise<LibraryCheck[]>;
  checkSubjects(check: string, query: Seen<Query<Routes['listCheckSubjects']>>): Promise<Page<CheckSubject>>;
  ofDevice(id: string, span: Query<Routes['readDeviceHistory']>): Promise<DeviceHistory>;
  ofPerson(id: string, span: Query<Routes['readPersonHistory']>): Promise<PersonHistory>;
  /** Who would stand differently under a policy that is not saved. Throws `bad-request` once nobody waits for it. */
  preview(policy: CompliancePolicy, gone?: AbortSignal): Promise<PolicyPreview>;
}

/** `server/exports`: files to take away. Who took what is on record before anything is read. */
export interface Exports {
  compliance(query: Seen<Query<Routes['exportCompliance']>>, actor: Actor): Promise<FileAnswer>;
  personHistory(id: string, query: Query<Routes['exportPersonHistory']>, actor: Actor): Promise<FileAnswer>;
  /** The same instant gives the same bytes, but for `MADE-AT.txt`. */
  evidencePack(query: Query<Routes['exportEvidencePack']>, actor: Actor): Promise<FileAnswer>;
}

/** `server/compliance`: exceptions from checks, for a device or a person, with a reason and an end. */
export interface Waivers {
  list(query: Seen<{ cursor?: string; limit?: number; inForce?: boolean }>): Promise<Page<WaiverView>>;
  create(input: WaiverInput, actor: Actor): Promise<WaiverView>;
  end(id: string, actor: Actor): Promise<WaiverView>;
}

/** `server/compliance`: what narrows devices until they are put right. Staff end a single one by a waiver. */
export interface Restrictions {
  list(query: Seen<Query<Routes['listRestrictions']>>): Promise<Page<RestrictionView>>;
  hold(): Promise<RestrictionHold>;
  decideHold(decision: RequestBody<Routes['decideRestrictionHold']>, actor: Actor): Promise<RestrictionHold>;
}

/** `server/compliance`: agreements to sign and devices to bring back. */
export interface Obligations {
  list(query: Seen<Query<Routes['listObligations']>>): Promise<Page<ObligationView>>;
  preview(input: ObligationInput): Promise<ObligationPreview>;
  create(input: ObligationInput, actor: Actor): Promise<ObligationPreview>;
  meet(id: string, actor: Actor): Promise<ObligationView>;
  cancel(id: string, reason: string, actor: Actor): Promise<ObligationView>;
  /** Of those who signed the agreement of this title. */
  importSignatures(
    bytes: Uint8Array,
    wanted: Query<Routes['importSignatures']>,
    actor: Actor,
  ): Promise<SignatureImport>;
}
