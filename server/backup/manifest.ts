import Type from 'typebox';
import { Instant } from '../../shared/api/contract.ts';
import { Sha256, strictObject, text } from '../../shared/schema.ts';

/** A path inside a home: no step upwards, nothing absolute. */
const InsidePath = Type.String({
  pattern: '^[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*$',
  maxLength: 200,
});

/** The first entry of a backup: what is in it. */
export const Manifest = strictObject({
  format: Type.Literal(1),
  madeAt: Instant,
  /** Of the server that made it. */
  version: text(50),
  files: Type.Array(strictObject({ path: InsidePath, bytes: Type.Integer({ minimum: 0 }), sha256: Sha256 }), {
    maxItems: 100_000,
  }),
  database: strictObject({
    migrations: Type.Array(text(100), { maxItems: 1000 }),
    rows: Type.Record(text(100), Type.Integer({ minimum: 0 })),
  }),
});
export type Manifest = Type.Static<typeof Manifest>;
export const manifestName = 'manifest.json';
