import Type from 'typebox';
import { places } from '../filter/place.ts';
import { choice, EpochMs, Sha256, strictObject, text } from '../schema.ts';
import { Code, Generation, Id, SectionName } from './fields.ts';
import { healthSchemas, observationSchemas } from './health.ts';

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
