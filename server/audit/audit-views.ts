import Type from 'typebox';
import type { AuditDetail, AuditRow, EventView, LookView } from '../../shared/api/schemas.ts';
import { Difference } from '../../shared/audit/differences.ts';
import { readCodes } from '../../shared/audit/reads.ts';
import { validator } from '../../shared/schema.ts';
import type { EventRow } from '../store/event-chain.ts';

const lists = validator(Type.Array(Difference));

/** Names by `kind id`. */
export type Names = ReadonlyMap<string, string>;

export function eventView(row: EventRow, names: Names): EventView {
  const { subject_kind: kind, subject_id: id } = row;
  const subject =
    kind === null || id === null
      ? null
      : { kind: kind as NonNullable<EventView['subject']>['kind'], id, name: names.get(`${kind} ${id}`) ?? id };
  return { id: row.id, at: iso(row.at), actor: row.actor, code: row.code, words: row.words, subject };
}

export function auditRow(row: EventRow, names: Names): AuditRow {
  return {
    ...eventView(row, names),
    role: row.role,
    address: row.address,
    reason: row.reason,
    ticketId: row.ticket_id,
    approver: row.approver,
    isRead: readCodes.includes(row.code),
    isErased: row.salt === null,
    changed: changesOf(row).length,
  };
}

export function auditDetail(
  { row, previousHash, erasedBy }: { row: EventRow; previousHash: string; erasedBy: number | null },
  names: Names,
): AuditDetail {
  return {
    ...auditRow(row, names),
    actorId: row.actor_id,
    session: row.session,
    changes: changesOf(row),
    digest: row.digest,
    previousHash,
    hash: row.hash,
    isSealed: row.seal !== null,
    erasedBy,
  };
}

export function lookView(row: EventRow): LookView {
  const { id, at, actor, role, words, reason, ticket_id: ticketId, salt } = row;
  return { id, at: iso(at), actor, role, words, reason, ticketId, isErased: salt === null };
}

/** None where somebody wrote something else into the row, which verification tells. */
function changesOf({ changes }: EventRow): Difference[] {
  if (changes === null) return [];
  try {
    const parsed: unknown = JSON.parse(changes);
    return lists.check(parsed) ? parsed : [];
  } catch {
    return [];
  }
}

const iso = (at: number) => new Date(at).toISOString();
