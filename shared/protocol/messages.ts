import Type from 'typebox';
import { SignedCommand } from '../commands/command.ts';
import { checkSeverities, findingStatuses, verdictStates } from '../compliance/verdict.ts';
import { choice, EpochMs, Sha256, strictObject, text } from '../schema.ts';
import {
  BundleAsk,
  BundleMessage,
  DiagnosisClose,
  DiagnosisOpen,
  DiagnosisState,
  ExaminationMessage,
  Examine,
  StreamChunk,
  StreamClose,
  StreamOpen,
} from './diagnosis-messages.ts';
import { Code, Generation, Id, SectionName, Sequence, Version } from './fields.ts';
import { ReportRecordSchema } from './report-records.ts';
import { maxStatements, Signature, SignedKeyStatement, TrustVersion } from './trust.ts';

export { closeCodes } from './close-codes.ts';
export * from './report-records.ts';

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
