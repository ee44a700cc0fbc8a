import type { Query, RequestBody } from '../shared/api/contract.ts';
import type { Routes } from '../shared/api/routes.ts';
import type {
  CustodyView,
  EscrowView,
  EventView,
  ImportResult,
  OpenedRecoveryKey,
  RecoveryKeyView,
  RecoveryRequestView,
  TokenView,
} from '../shared/api/schemas.ts';
import type { Seen, Sight } from './access/standing.ts';
import type { Audit, AuditSettingsService, PersonErasures } from './audit-service-types.ts';
import type { Approvals, Approvers, CommandService, Scripts } from './command-service-types.ts';
import type {
  Compliance,
  ComplianceHistory,
  CompliancePolicies,
  Exports,
  Obligations,
  Restrictions,
  Waivers,
} from './compliance-service-types.ts';
import type { Diagnoses, DiagnosisOrder } from './diagnosis-service-types.ts';
import type {
  Activity,
  Calendars,
  FilterSettingsService,
  Lists,
  NameTests,
  Overrides,
  UnblockRequests,
} from './filter-service-types.ts';
import type { Watched, Watcher } from './gateway/live-views.ts';
import type { HelpdeskMail, HelpdeskSettingsService, TicketIntake, Tickets } from './helpdesk-service-types.ts';
import type {
  Changes,
  DesiredStates,
  Explanations,
  Groups,
  PolicyCode,
  Profiles,
  Publishing,
} from './policy-service-types.ts';

export type * from './audit-service-types.ts';
export type * from './command-service-types.ts';
export type * from './compliance-service-types.ts';
export type * from './diagnosis-service-types.ts';
export type * from './filter-service-types.ts';
export type * from './helpdesk-service-types.ts';
export type * from './policy-service-types.ts';

/**
 * What the parts of the server offer each other. Every method is whole: it commits or it changes nothing, adds its
 * event, and publishes on the bus. Expected failures are `CodedError`s.
 */

/** Who does it, as it stands in the events: `staff:NAME`, `token:NAME`, `command line`, `device:NAME`, `server`. */
export type Actor = string;

export interface NewEvent {
  actor: Actor;
  code: string;
  /** One sentence without names of people: they are looked up when shown. */
  words: string;
  subject?: { kind: NonNullable<EventView['subject']>['kind']; id: string };
  /** The thing as it was and as it is, as JSON would hold it: only what differs is kept (`shared/audit/differences.ts`). */
  before?: unknown;
  after?: unknown;
  /** Why; absent: what the request said, if it did. */
  reason?: string | undefined;
  ticketId?: string | undefined;
  /** Who else had to agree, in words. */
  approver?: string | undefined;
}

/** What a change was, beside its words. */
export type Changed = Pick<NewEvent, 'before' | 'after' | 'reason' | 'approver'>;

export interface EventLog {
  add(event: NewEvent): Promise<void>;
}

export interface ImportOptions {
  mode: 'strict' | 'lenient';
  dryRun: boolean;
  /** Goes on although the brake on mass changes would stop it. */
  confirm: boolean;
}

/** `server/people`: rosters. Nothing is half imported: one transaction, or the old roster stays. */
export interface Rosters {
  /** `source` is a path to a zip or folder, or the bytes of a zip. */
  importOneRoster(
    source: { path: string } | { bytes: Uint8Array },
    options: ImportOptions,
    actor: Actor,
  ): Promise<ImportResult>;
  importPeople(
    source: { path: string } | { bytes: Uint8Array },
    options: ImportOptions,
    actor: Actor,
  ): Promise<ImportResult>;
}

/** `server/people`: who holds which device. Rows with a start and an end; nothing else says whose a device is. */
export interface Custodies {
  /** Ends an open custody of the device, and an open primary custody of the person when `kind` is primary. */
  open(deviceId: string, personId: string, kind: 'primary' | 'loan', actor: Actor): Promise<CustodyView>;
  close(deviceId: string, reason: string, actor: Actor): Promise<CustodyView>;
  ofDevice(deviceId: string): Promise<CustodyView[]>;
  ofPerson(personId: string): Promise<CustodyView[]>;
}

/** `server/devices`: enrolment tokens. The secret is stored hashed and shown once. */
export interface Tokens {
  create(wanted: RequestBody<Routes['createToken']>, actor: Actor): Promise<{ token: string; view: TokenView }>;
  list(sight?: Sight): Promise<TokenView[]>;
  revoke(id: string, actor: Actor): Promise<void>;
}

/** `server/devices`: the life of an enrolled device. */
export interface Devices {
  approve(id: string, actor: Actor): Promise<void>;
  /** Marks device and certificates revoked and publishes `device-revoked`, which closes the live session. */
  revoke(id: string, reason: string, actor: Actor): Promise<void>;
  setTags(id: string, tags: string[], actor: Actor): Promise<void>;
}

/** `server/gateway`: live sessions. */
export interface Gateway {
  isConnected(deviceId: string): boolean;
  connectedCount(): number;
  connectedIds(): string[];
  /**
   * Watches one stream of a running diagnosis until the returned function is called; all who watch the same share it.
   * `onEnd` is called once when the device disconnects or ends the stream.
   */
  watch(watched: Watched, watcher: Watcher): () => void;
  /** Tells the device of a look at it. False when it is not connected. */
  order(deviceId: string, order: DiagnosisOrder): boolean;
  /** Ends the streams of a diagnosis for everybody who watches them. */
  endDiagnosis(diagnosisId: string, reason: string): void;
}

/** `server/pki`: the key that signs desired states. */
export interface StateKeyRotation {
  /** Devices follow by a statement of the old key. Crash-safe; throws `conflict` while another rotation is at work. */
  rotate(actor: Actor): Promise<{ version: number; keyId: string }>;
}

/** `server/access`: the key that seals secrets in the database. */
export interface SecretRotation {
  rotate(actor: Actor): Promise<{ resealed: number }>;
}

/** A page by an opaque cursor, as the routes answer it. */
export interface Page<T> {
  items: T[];
  total: number;
  nextCursor: string | null;
}

/** A member of staff who is signed in; never the command line. Names are not unique: `id` tells two people apart. */
export interface StaffPerson {
  id: string;
  actor: Actor;
}

/** `server/escrow`: the key pairs that devices seal recovery keys for. */
export interface EscrowKeys {
  read(): Promise<EscrowView>;
  /** Makes the first, or a new one in place of the one in use. */
  replace(
    body: RequestBody<Routes['replaceEscrowKey']>,
    by: StaffPerson,
  ): Promise<{ escrow: EscrowView; resealed: number }>;
}

/** `server/escrow`: recovery keys, read by two people together. */
export interface Recovery {
  keysOfDevice(deviceId: string, reader: StaffPerson | undefined): Promise<RecoveryKeyView[]>;
  requests(
    query: Seen<Query<Routes['listRecoveryRequests']>>,
    reader: StaffPerson | undefined,
  ): Promise<Page<RecoveryRequestView>>;
  ask(keyId: string, reason: string, by: StaffPerson): Promise<RecoveryRequestView>;
  decide(
    id: string,
    decision: RequestBody<Routes['decideRecoveryRequest']>,
    by: StaffPerson,
  ): Promise<RecoveryRequestView>;
  /** Once, to the person who asked. */
  show(id: string, by: StaffPerson): Promise<OpenedRecoveryKey>;
}

/** Parts that act: `start` after everything is wired, `stop` undoes it. */
export interface LifeCycle {
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface Services {
  events: EventLog;
  audit: Audit;
  auditSettings: AuditSettingsService;
  personErasures: PersonErasures;
  rosters: Rosters;
  custodies: Custodies;
  tokens: Tokens;
  devices: Devices;
  gateway: Gateway;
  profiles: Profiles;
  changes: Changes;
  publishing: Publishing;
  groups: Groups;
  desired: DesiredStates;
  stateKeys: StateKeyRotation;
  secrets: SecretRotation;
  lists: Lists;
  filterSettings: FilterSettingsService;
  calendars: Calendars;
  overrides: Overrides;
  requests: UnblockRequests;
  nameTests: NameTests;
  activity: Activity;
  compliance: Compliance;
  history: ComplianceHistory;
  exports: Exports;
  compliancePolicy: CompliancePolicies;
  waivers: Waivers;
  escrow: EscrowKeys;
  recovery: Recovery;
  restrictions: Restrictions;
  obligations: Obligations;
  policyCode: PolicyCode;
  explanations: Explanations;
  tickets: Tickets;
  intake: TicketIntake;
  helpdeskSettings: HelpdeskSettingsService;
  helpdeskMail: HelpdeskMail;
  diagnoses: Diagnoses;
  commands: CommandService;
  approvals: Approvals;
  approvers: Approvers;
  scripts: Scripts;
}
