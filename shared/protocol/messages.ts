import Type from 'typebox';
import { SignedCommand } from '../commands/command.ts';
import { checkSeverities, findingStatuses, verdictStates } from '../compliance/verdict.ts';
import { Examination } from '../diagnostics/probe.ts';
import { StreamFilter, StreamSample, streamKinds } from '../diagnostics/streams.ts';
import { places } from '../filter/place.ts';
import { choice, EpochMs, Sha256, strictObject, text } from '../schema.ts';
import { healthSchemas, LiveSample, observationSchemas } from './health.ts';
import { maxStatements, Signature, SignedKeyStatement, TrustVersion } from './trust.ts';

export { closeCodes } from './close-codes.ts';

const Id = Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' });
const Code = Type.String({ pattern: '^[a-z][a-z0-9-]{0,63}$' });
const Generation = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const Sequence = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });
const Version = Type.String({ pattern: '^[0-9A-Za-z.+-]{1,50}$' });
/** Section names may be newer than this reader: unknown ones are answered `unsupported`, not refused. */
const SectionName = Type.String({ pattern: '^[a-z][A-Za-z0-9]{0,39}$' });

export const Hardware = strictObject({
  /** SHA-256 over the machine's own ids; compared, never shown. */
  id: Sha256,
  serial: Type.Optional(text(100)),
  maker: Type.Optional(text(100)),
  model: Type.Optional(text(100)),
});
export type Hardware = Type.Static<typeof Hardware>;

export const OsName = strictObject({ name: text(100), version: text(100) });
export const PlatformName = choice(['linux', 'darwin', 'win32']);

export const Hello = strictObject({
  agentVersion: Version,
  platform: PlatformName,
  os: OsName,
  hostname: text(253),
  hardware: Hardware,
  bootId: text(64),
  /** Generation of the state in force on the device; 0 when it has none. */
  generation: Generation,
  sections: Type.Record(SectionName, Sha256, { maxProperties: 64, additionalProperties: false }),
  spool: strictObject({ epoch: Id, next: Sequence }),
  /** Of the trust the device holds; without it, no `trust` message is sent. */
  trustVersion: Type.Optional(TrustVersion),
});

export const Welcome = strictObject({
  deviceId: Id,
  serverTime: EpochMs,
  /** Seconds between heartbeats (WebSocket pings) of the agent. */
  heartbeatSeconds: Type.Integer({ minimum: 1, maximum: 86_400 }),
  /** The last report of this spool that the server holds; the agent drops it and all before. 0: none. */
  acknowledged: Type.Integer({ minimum: 0 }),
  /** The address the server sees this device at: proof of a place that the person cannot choose. */
  seenFrom: Type.Optional(text(45)),
});

/** The signed text of a desired state; see `server/profiles` (signs) and `agent/reconcile` (verifies). */
export const Manifest = strictObject({
  format: Type.Literal(1),
  /** The district the state is for: the fingerprint of its root certificate. Another district's state is refused. */
  audience: Sha256,
  generation: Generation,
  issuedAt: EpochMs,
  /** Section → SHA-256 of its content. A section that is not named is removed from the device. */
  sections: Type.Record(SectionName, Sha256, { maxProperties: 64, additionalProperties: false }),
});
export type Manifest = Type.Static<typeof Manifest>;

export const SignedManifest = strictObject({
  /** The exact JSON text of a `Manifest` that was signed. */
  manifest: text(16_384),
  /** Over the text's UTF-8 bytes. */
  signature: Signature,
  keyId: Id,
});
export type SignedManifest = Type.Static<typeof SignedManifest>;

/** The statements that lead from the version a device holds to the newest, oldest first. */
export const TrustChange = strictObject({
  statements: Type.Array(SignedKeyStatement, { minItems: 1, maxItems: maxStatements }),
});

export const Want = strictObject({ hashes: Type.Array(Sha256, { minItems: 1, maxItems: 64 }) });
export const Section = strictObject({ hash: Sha256, content: text(1_000_000) });

export const sectionStatuses = ['pending', 'applied', 'verified', 'failed', 'unsupported'] as const;
export const SectionStatus = choice(sectionStatuses);
export type SectionStatus = (typeof sectionStatuses)[number];

export const Failure = strictObject({ code: Code, message: text(1000) });

/** One line of evidence a person can read: what was looked at, and what was seen. */
export const Evidence = strictObject({
  item: text(300),
  expected: text(500),
  seen: text(500),
  ok: Type.Boolean(),
});
export type Evidence = Type.Static<typeof Evidence>;

export const ReportedRecord = strictObject({
  kind: Type.Literal('reported'),
  at: EpochMs,
  section: SectionName,
  generation: Generation,
  hash: Type.Optional(Sha256),
  status: SectionStatus,
  failure: Type.Optional(Failure),
  /** From a fresh observation made after applying; `verified` never comes without. */
  evidence: Type.Array(Evidence, { maxItems: 200 }),
});
export type ReportedRecord = Type.Static<typeof ReportedRecord>;

const healthRecords = Object.entries(healthSchemas).map(([name, value]) =>
  strictObject({ kind: Type.Literal('health'), at: EpochMs, collector: Type.Literal(name), value }),
);
const observationRecords = Object.entries(observationSchemas).map(([name, value]) =>
  strictObject({ kind: Type.Literal('observation'), at: EpochMs, name: Type.Literal(name), value }),
);

/** A condition that opens and closes: reported when it changes. */
export const FindingRecord = strictObject({
  kind: Type.Literal('finding'),
  at: EpochMs,
  code: Code,
  open: Type.Boolean(),
  detail: text(1000),
});
export type FindingRecord = Type.Static<typeof FindingRecord>;

/** Something that happened once, such as drift put right. */
export const EventRecord = strictObject({
  kind: Type.Literal('event'),
  at: EpochMs,
  code: Code,
  detail: text(1000),
});
export type EventRecord = Type.Static<typeof EventRecord>;

/** A person asks on the block page that a name be opened. */
export const UnblockRequestRecord = strictObject({
  kind: Type.Literal('unblock-request'),
  at: EpochMs,
  /** Made by the device, so that a repeated report is one request. */
  id: Id,
  name: text(253, { minLength: 1 }),
  category: Type.Optional(text(63)),
  rule: Type.Optional(text(300)),
  /** Why the person needs it, in their own words. */
  words: text(500),
});
export type UnblockRequestRecord = Type.Static<typeof UnblockRequestRecord>;

/** A recovery key of an encrypted disk, sealed for the district's escrow key; nobody can read it on the way. */
export const RecoveryKeyRecord = strictObject({
  kind: Type.Literal('recovery-key'),
  at: EpochMs,
  /** Mount point or drive letter. */
  volume: text(300, { minLength: 1 }),
  /** What the system calls the key: BitLocker's protector id, a LUKS key slot. */
  protector: text(100, { minLength: 1 }),
  escrowKeyId: Id,
  /** Base64url; see `shared/escrow`. */
  sealed: Type.String({ pattern: '^[A-Za-z0-9_-]{1,4096}$' }),
});
export type RecoveryKeyRecord = Type.Static<typeof RecoveryKeyRecord>;

/** What became of a command here; said once, and again only when it turned out otherwise. */
export const CommandResultRecord = strictObject({
  kind: Type.Literal('command-result'),
  at: EpochMs,
  /** Its id; of one whose text has none, what the device calls it. */
  command: Id,
  /** `postponed`: the person asked for time. `refused`: this device may not do it, `code` says why. */
  status: choice(['done', 'failed', 'refused', 'postponed']),
  code: Type.Optional(Code),
  words: text(1000),
  /** What a script wrote, cut at its limit. */
  output: Type.Optional(text(65_536)),
});
export type CommandResultRecord = Type.Static<typeof CommandResultRecord>;

/** A person asks the helpdesk on the device's own page, or answers what it wrote there. */
export const HelpRequestRecord = strictObject({
  kind: Type.Literal('help-request'),
  at: EpochMs,
  /** Made by the device, so that a repeated report is one request. */
  id: Id,
  /** A category of tickets; one the server does not know counts as `other`. */
  category: Code,
  words: text(1000, { minLength: 1 }),
  /** The ticket that is answered, as the server named it to this device; absent: a new request. */
  ticket: Type.Optional(Id),
});
export type HelpRequestRecord = Type.Static<typeof HelpRequestRecord>;

const Count = Type.Integer({ minimum: 0, maximum: 1_000_000_000 });

/**
 * What was asked of the filter since `from`, at one place, as much as the recording level allows: numbers only at
 * `counts`; names with `blocked` and `full`. Level `none` sends nothing.
 */
export const ActivityRecord = strictObject({
  kind: Type.Literal('activity'),
  at: EpochMs,
  from: EpochMs,
  place: choice(places),
  level: choice(['full', 'blocked', 'counts']),
  asked: Count,
  blocked: Count,
  /** Blocked names by category; `blocked-domains`, `schedule` and the like stand for what is no category. */
  categories: Type.Array(strictObject({ category: text(63, { minLength: 1 }), blocked: Count }), { maxItems: 120 }),
  names: Type.Array(
    strictObject({
      name: text(253, { minLength: 1 }),
      outcome: choice(['blocked', 'passed']),
      category: Type.Optional(text(63)),
      count: Count,
      lastAt: EpochMs,
    }),
    { maxItems: 300 },
  ),
});
export type ActivityRecord = Type.Static<typeof ActivityRecord>;

export interface HealthRecord {
  kind: 'health';
  at: number;
  collector: keyof typeof healthSchemas;
  value: unknown;
}
export interface ObservationRecord {
  kind: 'observation';
  at: number;
  name: keyof typeof observationSchemas;
  value: unknown;
}
export type ReportRecord =
  | ReportedRecord
  | HealthRecord
  | ObservationRecord
  | FindingRecord
  | EventRecord
  | UnblockRequestRecord
  | RecoveryKeyRecord
  | ActivityRecord
  | CommandResultRecord
  | HelpRequestRecord;

const RecordUnion = Type.Union([
  ReportedRecord,
  FindingRecord,
  EventRecord,
  UnblockRequestRecord,
  RecoveryKeyRecord,
  HelpRequestRecord,
  ActivityRecord,
  CommandResultRecord,
  ...healthRecords,
  ...observationRecords,
]);
export const ReportRecordSchema = Type.Unsafe<ReportRecord>(RecordUnion);

/**
 * A batch from the device's spool. `epoch` names the spool (a new one after a re-installation), `sequence` counts its
 * batches from 1 without gaps; the server commits each once, then acknowledges; a resend is acknowledged, not counted.
 */
export const Report = strictObject({
  epoch: Id,
  sequence: Sequence,
  records: Type.Array(ReportRecordSchema, { minItems: 1, maxItems: 200 }),
});
export const Ack = strictObject({ epoch: Id, sequence: Sequence });

/**
 * How the server judges this device and the person who has it, for the device's own page: sent after the welcome and
 * when it changes, and kept by the device for when it is offline. Names of checks only; the device has the words.
 */
export const VerdictMessage = strictObject({
  at: EpochMs,
  state: choice(verdictStates),
  /** What is asked of the device, and how it stands. */
  checks: Type.Array(
    strictObject({
      check: text(60),
      status: choice(findingStatuses),
      severity: choice(checkSeverities),
      /** `CheckFinding.actual`. */
      seen: text(500),
      failingSince: Type.Optional(EpochMs),
      /** Until when a failure turns nothing; `null`: the calendar does not tell when. */
      graceUntil: Type.Optional(Type.Union([EpochMs, Type.Null()])),
      waivedUntil: Type.Optional(EpochMs),
    }),
    { maxItems: 60 },
  ),
  /** The step the worst failure has reached. */
  step: choice(['none', 'warn', 'remind', 'restrict']),
  /** Set while a restriction is in force: since when, and when it would have begun otherwise. */
  restrictedSince: Type.Optional(EpochMs),
  /** What the restriction is called: the name of its profile. */
  restriction: Type.Optional(text(200)),
  /** When the next step comes, if nothing changes. */
  nextStepAt: Type.Optional(EpochMs),
  /** What the person owes besides. */
  obligations: Type.Array(
    strictObject({ kind: choice(['agreement', 'device-return']), title: text(200), dueAt: EpochMs }),
    { maxItems: 20 },
  ),
  /** Of the calendar whose days were counted; absent: there is none. */
  zone: Type.Optional(text(64)),
  /** Whom the district says to ask for help. */
  contact: Type.Optional(text(500)),
});
export type VerdictMessage = Type.Static<typeof VerdictMessage>;

/**
 * What became of the requests for help of whoever holds this device, for its own page: sent when it changes, newest
 * first, and kept by the device for when it is offline.
 */
export const TicketsMessage = strictObject({
  at: EpochMs,
  tickets: Type.Array(
    strictObject({
      id: Id,
      number: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
      /** Of the report it came by, where it came from this device. */
      request: Type.Optional(Id),
      subject: text(200),
      status: choice(['new', 'open', 'waiting', 'resolved', 'closed']),
      openedAt: EpochMs,
      /** What staff wrote to the person, newest first. */
      answers: Type.Array(strictObject({ at: EpochMs, words: text(2000) }), { maxItems: 3 }),
    }),
    { maxItems: 5 },
  ),
});
export type TicketsMessage = Type.Static<typeof TicketsMessage>;

/**
 * Who looked lately at records of whoever holds this device, for its own page: sent after the welcome, when it changes and
 * when the device changes hands, newest first, and kept by the device for when it is offline. Empty: nobody did, or nobody
 * holds it.
 */
export const RecordReadsMessage = strictObject({
  at: EpochMs,
  reads: Type.Array(
    strictObject({
      at: EpochMs,
      /** What the person who looked is called. */
      by: text(200, { minLength: 1 }),
      /** Roles the district knows, which the device may not. */
      roles: Type.Array(Code, { maxItems: 8 }),
      /** At what. */
      words: text(500),
      /** What for, where they said. */
      reason: Type.Optional(text(500)),
    }),
    { maxItems: 20 },
  ),
});
export type RecordReadsMessage = Type.Static<typeof RecordReadsMessage>;

/** The longest look at a device. The agent ends every look after this by its monotonic clock, whatever the server says. */
export const longestDiagnosisSeconds = 3_600;

/** Somebody wants to look at the device for a ticket. The device tells its person, and asks them where its own rules say so. */
export const DiagnosisOpen = strictObject({
  /** Of the look; never used twice. */
  id: Id,
  /** Number of the ticket, as people know it. */
  ticket: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  reason: text(500, { minLength: 1 }),
  /** Who looks, as the person reads it. */
  by: text(200, { minLength: 1 }),
  /** When it ends, by the server's clock; the device itself counts `seconds`, for its clock may be what is wrong. */
  until: EpochMs,
  seconds: Type.Integer({ minimum: 1, maximum: longestDiagnosisSeconds }),
  /** What the person who holds the device is; absent: nobody knows. */
  role: Type.Optional(choice(['student', 'staff'])),
});
export type DiagnosisOpen = Type.Static<typeof DiagnosisOpen>;
/** `reason`: for the person, in words. */
export const DiagnosisClose = strictObject({ id: Id, reason: text(200) });
/** Of a running look: “what is wrong?”. */
export const Examine = strictObject({ id: Id });
/** Of a running look: a support bundle, which the person reads before it leaves the device. */
export const BundleAsk = strictObject({ id: Id });

/** How a look stands on the device. After `refused` and `ended` nothing of it runs there any more. */
export const DiagnosisState = strictObject({
  id: Id,
  state: choice(['asking', 'running', 'refused', 'ended']),
  /** Why. */
  words: text(300),
  /** How the person was told: the page, the notification. */
  shown: Type.Array(text(300), { maxItems: 10 }),
});
export type DiagnosisState = Type.Static<typeof DiagnosisState>;
/** Absent `examination`: it could not be made; `words` say why. */
export const ExaminationMessage = strictObject({
  id: Id,
  examination: Type.Optional(Examination),
  words: Type.Optional(text(300)),
});

/** A support bundle is no larger than this many bytes. */
export const largestBundle = 700_000;
/** `preview`: the person reads it. The zip comes with `ready`, in base64 (RFC 4648 section 4). */
export const BundleMessage = strictObject({
  id: Id,
  state: choice(['preview', 'refused', 'ready']),
  zip: Type.Optional(Type.String({ maxLength: Math.ceil(largestBundle / 3) * 4, pattern: '^[A-Za-z0-9+/]+={0,2}$' })),
});

export const StreamOpen = strictObject({
  stream: Id,
  kind: choice(streamKinds),
  intervalMs: Type.Integer({ minimum: 500, maximum: 60_000 }),
  /** The running look it belongs to: without one the agent refuses it. */
  diagnosis: Type.Optional(Id),
  filter: Type.Optional(StreamFilter),
});
export const StreamChunk = strictObject({ stream: Id, sample: Type.Union([LiveSample, StreamSample]) });
export const StreamClose = strictObject({ stream: Id, reason: text(200) });

/** A planned restart: come back at a random time within the window. */
export const Restarting = strictObject({ spreadSeconds: Type.Integer({ minimum: 0, maximum: 3600 }) });

export const ErrorMessage = strictObject({ code: Code, message: text(500), about: Type.Optional(Id) });

/** Message → schema of its body, largest frame in bytes, and who may send it. */
export const messages = {
  hello: { body: Hello, limit: 16_384, from: ['agent'] },
  welcome: { body: Welcome, limit: 4_096, from: ['server'] },
  trust: { body: TrustChange, limit: 65_536, from: ['server'] },
  desired: { body: SignedManifest, limit: 32_768, from: ['server'] },
  want: { body: Want, limit: 8_192, from: ['agent'] },
  section: { body: Section, limit: 2_097_152, from: ['server'] },
  report: { body: Report, limit: 524_288, from: ['agent'] },
  ack: { body: Ack, limit: 1_024, from: ['server'] },
  verdict: { body: VerdictMessage, limit: 65_536, from: ['server'] },
  tickets: { body: TicketsMessage, limit: 131_072, from: ['server'] },
  'record-reads': { body: RecordReadsMessage, limit: 65_536, from: ['server'] },
  command: { body: SignedCommand, limit: 1_048_576, from: ['server'] },
  'diagnosis-open': { body: DiagnosisOpen, limit: 8_192, from: ['server'] },
  'diagnosis-close': { body: DiagnosisClose, limit: 2_048, from: ['server'] },
  'diagnosis-state': { body: DiagnosisState, limit: 16_384, from: ['agent'] },
  examine: { body: Examine, limit: 1_024, from: ['server'] },
  examination: { body: ExaminationMessage, limit: 524_288, from: ['agent'] },
  'bundle-ask': { body: BundleAsk, limit: 1_024, from: ['server'] },
  bundle: { body: BundleMessage, limit: 940_000, from: ['agent'] },
  'stream-open': { body: StreamOpen, limit: 4_096, from: ['server'] },
  'stream-chunk': { body: StreamChunk, limit: 131_072, from: ['agent'] },
  'stream-close': { body: StreamClose, limit: 1_024, from: ['agent', 'server'] },
  restarting: { body: Restarting, limit: 1_024, from: ['server'] },
  error: { body: ErrorMessage, limit: 4_096, from: ['agent', 'server'] },
} as const satisfies Record<string, { body: Type.TSchema; limit: number; from: readonly ('agent' | 'server')[] }>;

export type MessageType = keyof typeof messages;
export type Body<T extends MessageType> = Type.Static<(typeof messages)[T]['body']>;

/** A frame: version, type, id (echoed in `error.about`), body. */
export type Message = { [T in MessageType]: { v: number; type: T; id: string; body: Body<T> } }[MessageType];
