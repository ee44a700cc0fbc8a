import Type from 'typebox';
import { choice, strictObject, text } from '../../schema.ts';
import { FileAnswer, Id, IdParams, Instant, PageQuery, page, route } from '../contract.ts';
import {
  AuditDetail,
  AuditRow,
  AuditSettings,
  AuditVerification,
  Leaver,
  LookView,
  PersonErasure,
  SignedHead,
} from '../schemas.ts';

const Filters = {
  /** As it stands in the rows: `staff:NAME`, `token:NAME`, `command line`, `device:NAME`, `server`. */
  actor: Type.Optional(text(300)),
  code: Type.Optional(text(64)),
  /** What the row is about. */
  kind: Type.Optional(text(40)),
  object: Type.Optional(Id),
  /** Rows about this person, and about devices while they held them. */
  person: Type.Optional(Id),
  from: Type.Optional(Instant),
  to: Type.Optional(Instant),
  reads: Type.Optional(choice(['only', 'without'])),
};

/** What happened and who looked: a log that is only added to, and whose rows prove each other. */
export const auditRoutes = {
  listAudit: route('GET', '/api/audit', {
    summary: 'The audit, newest first',
    query: strictObject({ ...PageQuery, ...Filters }),
    response: page(AuditRow),
  }),
  listAuditFilters: route('GET', '/api/audit/filters', {
    summary: 'Who acted and what happened, to choose from',
    response: strictObject({ actors: Type.Array(text(300)), codes: Type.Array(text(64)) }),
  }),
  readAuditHead: route('GET', '/api/audit/head', {
    summary: 'Where the audit ends now, signed; and the heads that were sent elsewhere',
    response: strictObject({ head: SignedHead, publicKey: text(200), daily: Type.Array(SignedHead) }),
  }),
  verifyAudit: route('POST', '/api/audit/verify', {
    summary: 'Checks every row of the audit against the one before and against signed heads',
    body: strictObject({ heads: Type.Optional(Type.Array(SignedHead, { maxItems: 500 })) }),
    response: AuditVerification,
    limitBytes: 524_288,
  }),
  exportAudit: route('GET', '/api/audit/export', {
    summary: 'The audit as a file: CSV, or JSON a line with what proves each row',
    query: strictObject({ format: choice(['csv', 'jsonl']), ...Filters }),
    response: FileAnswer,
    download: { types: ['text/csv; charset=utf-8', 'application/x-ndjson'] },
  }),
  readAuditSettings: route('GET', '/api/audit/settings', {
    summary: 'How long the audit names people, and the limits of exports',
    response: strictObject({ settings: AuditSettings, version: Type.Integer() }),
  }),
  saveAuditSettings: route('PUT', '/api/audit/settings', {
    summary: 'Saves how long the audit names people, and the limits of exports',
    body: strictObject({ settings: AuditSettings, version: Type.Integer() }),
    response: strictObject({ settings: AuditSettings, version: Type.Integer() }),
  }),
  readAuditEvent: route('GET', '/api/audit/:id', {
    summary: 'One row of the audit: before and after, and what proves it',
    params: strictObject({ id: Type.Integer({ minimum: 1 }) }),
    response: AuditDetail,
  }),
  listLooks: route('GET', '/api/people/:id/looks', {
    summary: 'Who looked at one person’s records, newest first',
    params: IdParams,
    query: strictObject(PageQuery),
    response: page(LookView),
  }),
  listLeavers: route('GET', '/api/leavers', {
    summary: 'People who have left the roster, and of whom something is still kept',
    query: strictObject({ ...PageQuery, search: Type.Optional(text(100)) }),
    response: page(Leaver),
  }),
  erasePerson: route('POST', '/api/people/:id/erase', {
    summary: 'Removes what is kept of a person who has left; the chain of the audit stays whole',
    params: IdParams,
    body: strictObject({
      reason: text(500),
      /** The person’s user name, written out: what is gone cannot be brought back. */
      username: text(255),
    }),
    response: PersonErasure,
  }),
} as const;
