import Type from 'typebox';
import { PlatformName } from '../../protocol/messages.ts';
import { choice, strictObject, text } from '../../schema.ts';
import { Id, Instant, Nullable } from '../contract.ts';

export const ListView = strictObject({
  category: text(63),
  title: text(100),
  source: text(500),
  licence: text(200),
  names: Type.Integer(),
  hash: text(64),
  updatedAt: Instant,
  /** Rows that were left out when the list was read. */
  skipped: Type.Integer(),
  /** How most rows are written: `hosts`, `domains`, `wildcard`, `adblock`, `rpz`. */
  format: text(20),
  /** Where it is fetched from every `refreshHours`; null: it was uploaded. */
  url: Nullable(text(500)),
  refreshHours: Nullable(Type.Integer()),
  /** When the source was last asked, with or without a change; null: never. */
  refreshedAt: Nullable(Instant),
  /** Why the last refresh brought nothing; null: it went well. */
  refreshProblem: Nullable(text(600)),
  /** Names taken out of it by the district. */
  exceptions: Type.Array(text(253)),
  /** A version on its way to the devices; null: all have the same. */
  rollout: Nullable(
    strictObject({
      state: choice(['running', 'halted']),
      /** Share of the devices that are given the new version, in percent. */
      percent: Type.Number(),
      names: Type.Integer(),
      added: Type.Integer(),
      removed: Type.Integer(),
      since: Instant,
      /** Why it was halted, with the evidence. */
      reason: Nullable(text(600)),
    }),
  ),
});
export type ListView = Type.Static<typeof ListView>;

/** A problem of an uploaded file, with its place. */
export const RowProblem = strictObject({
  severity: choice(['error', 'warning']),
  file: text(255),
  /** 1-based, the header being row 1; null when the file as a whole is meant. */
  row: Nullable(Type.Integer()),
  column: Nullable(text(255)),
  words: text(600),
});
export type RowProblem = Type.Static<typeof RowProblem>;

export const ImportResult = strictObject({
  applied: Type.Boolean(),
  dryRun: Type.Boolean(),
  mode: choice(['strict', 'lenient']),
  format: text(40),
  problems: Type.Array(RowProblem),
  /** Per kind of thing (orgs, people, classes, enrollments, academicSessions): what changes. */
  changes: Type.Array(
    strictObject({
      kind: text(40),
      added: Type.Integer(),
      changed: Type.Integer(),
      removed: Type.Integer(),
      unchanged: Type.Integer(),
    }),
  ),
  /** People who would be removed or moved to another unit, and their share of all; the brake works on this. */
  moved: Type.Integer(),
  movedShare: Type.Number(),
  /** The first differences in words: `+ student s-104 (grade 06)`. */
  sample: Type.Array(text(300)),
});
export type ImportResult = Type.Static<typeof ImportResult>;

export const TokenView = strictObject({
  id: Id,
  label: text(120),
  maxUses: Type.Integer(),
  uses: Type.Integer(),
  expiresAt: Instant,
  orgName: Nullable(text(255)),
  platform: Nullable(PlatformName),
  approval: choice(['automatic', 'hold']),
  person: Nullable(strictObject({ id: Id, name: text(400) })),
  status: choice(['open', 'used', 'expired', 'revoked']),
  createdAt: Instant,
  createdBy: text(300),
});
export type TokenView = Type.Static<typeof TokenView>;
