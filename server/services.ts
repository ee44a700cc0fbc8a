import type Type from 'typebox';
import type { FileAnswer, Query, RequestBody, Response } from '../shared/api/contract.ts';
import type { Routes } from '../shared/api/routes.ts';
import type {
  ActivityEntry,
  CalendarPreview,
  CalendarView,
  CatalogueEntry,
  CheckSubject,
  ClassView,
  ComplianceMap,
  ComplianceMeasures,
  ComplianceTrend,
  CustodyView,
  DeletionProof,
  DeviceHistory,
  EscrowView,
  EventView,
  Explanation,
  FilterReport,
  FilterSettings,
  ImportResult,
  Landing,
  LibraryCheck,
  ListView,
  NameTest,
  ObligationInput,
  ObligationPreview,
  ObligationView,
  OpenedRecoveryKey,
  OverrideInput,
  OverrideView,
  PersonHistory,
  PolicyList,
  PolicyPlan,
  PolicyPreview,
  PolicyWish,
  Preview,
  ProfileContent,
  ProfileDetail,
  ProfileSummary,
  RecoveryKeyView,
  RecoveryRequestView,
  RestrictionHold,
  RestrictionView,
  RowProblem,
  SavedCompliancePolicy,
  SectionView,
  SettingView,
  SignatureImport,
  TokenView,
  UnblockRequestView,
  WaiverInput,
  WaiverView,
} from '../shared/api/schemas.ts';
import type { SchoolCalendar } from '../shared/calendar/calendar.ts';
import type { CompliancePolicy } from '../shared/compliance/policy.ts';
import type { CheckFinding } from '../shared/compliance/verdict.ts';
import type { LiveSample } from '../shared/protocol/health.ts';
import type { SignedManifest, VerdictMessage } from '../shared/protocol/messages.ts';
import type { Author, Changes, Groups, Publishing } from './policy-service-types.ts';

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
}

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
  list(): Promise<TokenView[]>;
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
   * Looks at a device each second until the returned function is called; several watchers share one stream.
   * `onEnd` is called once when the device disconnects or ends the stream.
   */
  watch(deviceId: string, onSample: (sample: LiveSample) => void, onEnd: (reason: string) => void): () => void;
}

/** `server/profiles`: drafts, previews, revisions. */
export interface Profiles {
  list(): Promise<ProfileSummary[]>;
  create(name: string, description: string, actor: Actor): Promise<ProfileDetail>;
  read(id: string): Promise<ProfileDetail>;
  saveDraft(id: string, content: ProfileContent, version: number, actor: Actor): Promise<ProfileDetail>;
  discardDraft(id: string, actor: Actor): Promise<ProfileDetail>;
  preview(id: string, content: ProfileContent): Promise<Preview>;
  /** `approval-needed` or `in-freeze` when it needs more: it is a change that waits then. */
  publish(id: string, version: number, note: string, by: Author): Promise<ProfileDetail>;
  landing(id: string): Promise<Landing>;
  /**
   * For `rollcall apply`: makes or updates by name and publishes when something differs. Returns what was done.
   */
  applyDocument(
    document: { name: string; description: string; content: ProfileContent },
    by: Author,
  ): Promise<'created' | 'updated' | 'unchanged'>;
  settingsOfDevice(deviceId: string): Promise<SettingView[]>;
  sectionsOfDevice(deviceId: string): Promise<SectionView[]>;
}

/** `server/profiles`: the signed state each device should hold. */
export interface DesiredStates {
  /**
   * Made on first use; the same signed bytes serve every device with the same state. `held` is the generation the
   * device says it holds: when that is later than what it should hold (the server was restored from a backup, or the
   * device enrolled again), the state is signed anew with a later generation, for else the device would refuse it.
   */
  forDevice(deviceId: string, held?: number): Promise<{ generation: number; signed: SignedManifest }>;
  /** The content of a section by hash; undefined when unknown. */
  section(hash: string): Promise<string | undefined>;
}

/** `server/pki`: the key that signs desired states. */
export interface StateKeyRotation {
  /** Devices follow by a statement of the old key. Crash-safe; throws `conflict` while another rotation is at work. */
  rotate(actor: Actor): Promise<{ version: number; keyId: string }>;
}

/** A page by an opaque cursor, as the routes answer it. */
export interface Page<T> {
  items: T[];
  total: number;
  nextCursor: string | null;
}

/** `server/filter`: category lists, uploaded or fetched, and their versions on the way to the devices. */
export interface Lists {
  list(): Promise<ListView[]>;
  import(
    category: string,
    bytes: Uint8Array,
    about: Type.Static<Routes['importList']['query']>,
    actor: Actor,
  ): Promise<{ list: ListView; problems: RowProblem[] }>;
  catalogue(): CatalogueEntry[];
  subscribe(
    category: string,
    source: RequestBody<Routes['subscribeList']>,
    actor: Actor,
  ): Promise<{ list: ListView; problems: RowProblem[] }>;
  refresh(category: string, actor: Actor): Promise<{ list: ListView; changed: boolean; problems: RowProblem[] }>;
  setExceptions(category: string, names: readonly string[], actor: Actor): Promise<ListView>;
  decideRollout(
    category: string,
    action: 'resume' | 'finish' | 'roll-back',
    reason: string,
    actor: Actor,
  ): Promise<ListView>;
  delete(category: string, actor: Actor): Promise<void>;
  /** Keeps compiled names until a list is adopted that has them; returns how many. `bad-list` when the hash or the format is wrong. */
  giveArtifact(hash: string, artifact: Uint8Array): Promise<number>;
  /** Takes in a list as another server compiled it, or what is said of one. `bad-list` when its artefact is not here. */
  adopt(list: PolicyList, actor: Actor): Promise<ListView>;
  /** Path of a compiled artefact on disk; undefined when there is none of this hash. */
  artifactPath(hash: string): Promise<string | undefined>;
  /** Path of what turns artefact `from` into `to` (`shared/filter/delta.ts`); undefined when there is none. */
  deltaPath(from: string, to: string): Promise<string | undefined>;
  /**
   * The version of each category a device should hold, by its ring. Read once for a whole pass: the answer costs nothing
   * per device, and devices with the same versions get the same map.
   */
  versions(): Promise<(deviceId: string) => ReadonlyMap<string, ListVersion>>;
}

/** One version of a list, as sections refer to it. */
export interface ListVersion {
  category: string;
  title: string;
  hash: string;
  bytes: number;
  names: number;
  canary: string | null;
  exceptions: readonly string[];
}

/** `server/filter`: what the district decides for every web filter. */
export interface FilterSettingsService {
  read(): Promise<{ settings: FilterSettings; version: number }>;
  save(settings: FilterSettings, version: number, actor: Actor): Promise<{ settings: FilterSettings; version: number }>;
}

/** `server/filter`: school calendars by unit; the nearest above a person holds. */
export interface Calendars {
  list(): Promise<CalendarView[]>;
  /** `org` is a unit's id or `district`. Throws `bad-calendar` with what is wrong in it. */
  save(org: string, calendar: SchoolCalendar, actor: Actor): Promise<CalendarView>;
  delete(org: string, actor: Actor): Promise<void>;
  /** The calendar as it would be with an iCalendar file. Throws `bad-file`, `too-large`. */
  previewImport(
    org: string,
    bytes: Uint8Array,
    wanted: Query<Routes['previewCalendarImport']>,
  ): Promise<CalendarPreview>;
  /** The calendar as it would be with the sessions of the roster as terms. */
  proposeTerms(org: string, wanted: RequestBody<Routes['proposeTerms']>): Promise<CalendarPreview>;
}

/** `server/filter`: what staff open or close for a time. */
export interface Overrides {
  list(query: { cursor?: string; limit?: number; inForce?: boolean }): Promise<Page<OverrideView>>;
  create(input: OverrideInput, actor: Actor): Promise<OverrideView>;
  end(id: string, actor: Actor): Promise<OverrideView>;
  classes(query: { cursor?: string; limit?: number; search?: string; org?: string }): Promise<Page<ClassView>>;
}

/** `server/filter`: what people ask on the block page. */
export interface UnblockRequests {
  list(query: Type.Static<Routes['listRequests']['query']>): Promise<Page<UnblockRequestView>>;
  decide(id: string, decision: RequestBody<Routes['decideRequest']>, actor: Actor): Promise<UnblockRequestView>;
}

/** `server/filter`: judges a name as a device would. */
export interface NameTests {
  test(question: RequestBody<Routes['testName']>): Promise<NameTest>;
}

/** `server/filter`: what devices recorded, for as long as it may be kept. */
export interface Activity {
  report(from: string, to: string): Promise<FilterReport>;
  ofPerson(personId: string, asked: RequestBody<Routes['readActivity']>, actor: Actor): Promise<Page<ActivityEntry>>;
  deletions(query: { cursor?: string; limit?: number }): Promise<Page<DeletionProof>>;
}

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
  map(query: Query<Routes['readComplianceMap']>): Promise<ComplianceMap>;
  trend(query: Query<Routes['readComplianceTrend']>): Promise<ComplianceTrend>;
  measures(query: Query<Routes['readComplianceMeasures']>): Promise<ComplianceMeasures>;
  checks(): Promise<LibraryCheck[]>;
  checkSubjects(check: string, query: Query<Routes['listCheckSubjects']>): Promise<Page<CheckSubject>>;
  ofDevice(id: string, span: Query<Routes['readDeviceHistory']>): Promise<DeviceHistory>;
  ofPerson(id: string, span: Query<Routes['readPersonHistory']>): Promise<PersonHistory>;
  /** Who would stand differently under a policy that is not saved. Throws `bad-request` once nobody waits for it. */
  preview(policy: CompliancePolicy, gone?: AbortSignal): Promise<PolicyPreview>;
}

/** `server/exports`: files to take away. Who took what is on record before anything is read. */
export interface Exports {
  compliance(query: Query<Routes['exportCompliance']>, actor: Actor): Promise<FileAnswer>;
  personHistory(id: string, query: Query<Routes['exportPersonHistory']>, actor: Actor): Promise<FileAnswer>;
  /** The same instant gives the same bytes, but for `MADE-AT.txt`. */
  evidencePack(query: Query<Routes['exportEvidencePack']>, actor: Actor): Promise<FileAnswer>;
}

/** `server/compliance`: exceptions from checks, for a device or a person, with a reason and an end. */
export interface Waivers {
  list(query: { cursor?: string; limit?: number; inForce?: boolean }): Promise<Page<WaiverView>>;
  create(input: WaiverInput, actor: Actor): Promise<WaiverView>;
  end(id: string, actor: Actor): Promise<WaiverView>;
}

/** `server/compliance`: what narrows devices until they are put right. Staff end a single one by a waiver. */
export interface Restrictions {
  list(query: Query<Routes['listRestrictions']>): Promise<Page<RestrictionView>>;
  hold(): Promise<RestrictionHold>;
  decideHold(decision: RequestBody<Routes['decideRestrictionHold']>, actor: Actor): Promise<RestrictionHold>;
}

/** `server/compliance`: agreements to sign and devices to bring back. */
export interface Obligations {
  list(query: Query<Routes['listObligations']>): Promise<Page<ObligationView>>;
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
    query: Query<Routes['listRecoveryRequests']>,
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

/** Who applies documents, and what they may write beside profiles, groups, lists, calendars and filter settings. */
export interface PolicyAuthor {
  actor: Actor;
  /** Of staff; absent: the command line or an API token. */
  staffId: string | undefined;
  may: { compliance: boolean; publishing: boolean };
}

/** `server/policy-code`: the whole policy as documents. */
export interface PolicyCode {
  export(): Promise<Response<Routes['exportPolicy']>>;
  /** What applying would do; changes nothing. */
  diff(wish: PolicyWish): Promise<PolicyPlan>;
  /** Checked whole before anything is written. `changed-meanwhile` names what somebody changed here, unless `overwrite`. */
  apply(wish: RequestBody<Routes['applyPolicy']>, by: PolicyAuthor): Promise<PolicyPlan>;
}

/** `server/explain`: where each effective setting comes from. `setting` is `capability` or `capability.setting`. */
export interface Explanations {
  ofDevice(id: string, setting: string | undefined): Promise<Explanation>;
  /** Of every device the person has; none for who has none. */
  ofPerson(id: string, setting: string | undefined): Promise<Explanation[]>;
}

/** Parts that act: `start` after everything is wired, `stop` undoes it. */
export interface LifeCycle {
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface Services {
  events: EventLog;
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
}
