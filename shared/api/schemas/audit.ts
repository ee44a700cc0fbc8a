import Type from 'typebox';
import { Difference } from '../../audit/differences.ts';
import { choice, strictObject, text } from '../../schema.ts';
import { Id, Instant, Nullable } from '../contract.ts';
import { EventView } from './summaries.ts';

/** One row of the log, with who acted by what right, and why. Personal fields are empty where they are erased. */
export const AuditRow = strictObject({
  ...EventView.properties,
  /** Of staff, such as `helpdesk`; null: a program, the operator, a device or the server. */
  role: Nullable(text(200)),
  address: Nullable(text(64)),
  reason: Nullable(text(1000)),
  ticketId: Nullable(Id),
  approver: Nullable(text(300)),
  /** True: somebody looked, and nothing was changed. */
  isRead: Type.Boolean(),
  isErased: Type.Boolean(),
  /** How many places differ; `AuditDetail` has them. */
  changed: Type.Integer(),
});
export type AuditRow = Type.Static<typeof AuditRow>;

/** A row with what was changed by it and what proves it. */
export const AuditDetail = strictObject({
  ...AuditRow.properties,
  actorId: Nullable(Id),
  session: Nullable(text(64)),
  changes: Type.Array(Difference),
  /** base64url of SHA-256: of the fields that may be erased, of the row before, and of this row with it. */
  digest: text(64),
  previousHash: text(64),
  hash: text(64),
  isSealed: Type.Boolean(),
  /** The row by which the personal fields of this one were erased. */
  erasedBy: Nullable(Type.Integer()),
});
export type AuditDetail = Type.Static<typeof AuditDetail>;

/** Where the log ended at an instant, signed with the district's audit key: whoever keeps it can tell later whether it was changed. */
export const SignedHead = strictObject({
  format: Type.Literal(1),
  /** SHA-256 of the district's root certificate. */
  district: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  id: Type.Integer({ minimum: 0 }),
  at: Instant,
  hash: text(64),
  /** The first 32 hexadecimal digits of the SHA-256 of the key's SPKI DER. */
  key: Type.String({ pattern: '^[0-9a-f]{32}$' }),
  /** Ed25519 over the text that docs/audit.md names, base64. */
  signature: text(100),
});
export type SignedHead = Type.Static<typeof SignedHead>;

export const auditProblems = [
  'altered',
  'unlinked',
  'gap',
  'unsealed',
  'erased',
  'truncated',
  'rewritten',
  'bad-head',
] as const;

/** What is wrong with the log, and where. */
export const AuditProblem = strictObject({
  kind: choice(auditProblems),
  /** Id of the row it is found at. */
  row: Type.Integer(),
  words: text(400),
});
export type AuditProblem = Type.Static<typeof AuditProblem>;

export const AuditVerification = strictObject({
  isWhole: Type.Boolean(),
  rows: Type.Integer(),
  erasedRows: Type.Integer(),
  /** Signed heads that were compared with the rows: the server's own, and those that were handed in. */
  heads: Type.Integer(),
  milliseconds: Type.Integer(),
  /** The first of them, in the order of the rows. */
  problems: Type.Array(AuditProblem),
  /** How many more there are. */
  moreProblems: Type.Integer(),
  head: SignedHead,
});
export type AuditVerification = Type.Static<typeof AuditVerification>;

/** How long the log names people, and how much anybody may take out of the house on a day. */
export const AuditSettings = strictObject({
  /** Days that personal fields are kept; rows stay for ever. */
  keptDays: Type.Integer({ minimum: 30, maximum: 3650 }),
  exportFilesPerDay: Type.Integer({ minimum: 1, maximum: 1000 }),
  exportRowsPerDay: Type.Integer({ minimum: 100, maximum: 10_000_000 }),
});
export type AuditSettings = Type.Static<typeof AuditSettings>;

/** One look at a person’s records. */
export const LookView = strictObject({
  id: Type.Integer(),
  at: Instant,
  actor: text(300),
  role: Nullable(text(200)),
  words: text(1200),
  reason: Nullable(text(1000)),
  ticketId: Nullable(Id),
  isErased: Type.Boolean(),
});
export type LookView = Type.Static<typeof LookView>;

/** Somebody who has left the roster, and of whom something is still kept. */
export const Leaver = strictObject({
  id: Id,
  name: text(400),
  username: text(255),
  sourcedId: text(255),
  /** When the roster last said something of them. */
  leftAt: Instant,
});
export type Leaver = Type.Static<typeof Leaver>;

/** What was removed with a person. */
export const PersonErasure = strictObject({
  events: Type.Integer(),
  /** Rows deleted or emptied, by kind. */
  records: Type.Array(strictObject({ what: text(100), rows: Type.Integer() })),
});
export type PersonErasure = Type.Static<typeof PersonErasure>;
