import { hash as digest } from 'node:crypto';

/** What a row of the log keeps for ever: it names things by their ids and says nothing personal. */
export interface ChainedFields {
  id: number;
  /** Epoch ms. */
  at: number;
  code: string;
  subject_kind: string | null;
  subject_id: string | null;
  /** JSON list of `[first, last]` ids whose erasable fields this very row removed; null: it removed none. */
  erases: string | null;
}

/** What may be erased when its time is over, or with the person it is about. */
export interface ErasableFields {
  actor: string;
  /** Account of staff or API token; null: the operator, a device or the server. */
  actor_id: string | null;
  role: string | null;
  address: string | null;
  session: string | null;
  words: string;
  reason: string | null;
  ticket_id: string | null;
  /** JSON list of `Difference`: before → after. */
  changes: string | null;
  approver: string | null;
}

/** Before the first row. */
export const genesis = '';

/** Of what may be erased; without the salt, which is erased with it, nobody can try words against it. */
export function digestOf(salt: string, row: ErasableFields): string {
  return sha256([
    ...[salt, row.actor, row.actor_id, row.role, row.address, row.session],
    ...[row.words, row.reason, row.ticket_id, row.changes, row.approver],
  ]);
}

/** Binds a row to all before it. */
export function hashOf(previous: string, row: ChainedFields & { digest: string }): string {
  const { id, at, code, subject_kind, subject_id, erases, digest } = row;
  return sha256([previous, id, at, code, subject_kind, subject_id, erases, digest]);
}

/** base64url of the SHA-256 (FIPS 180-4) of the list as JSON: no two lists are the same text. */
function sha256(list: readonly (string | number | null)[]): string {
  return digest('sha256', JSON.stringify(list), 'base64url');
}
