import type { Selectable } from 'kysely';
import type { ObligationKind, ObligationView } from '../../shared/api/schemas.ts';
import type { Database } from './schema.ts';
import { iso, isoOrNull } from './views/rows.ts';

/** What a person owes, before it ends. Times in epoch ms. */
export interface ObligationRecord {
  id: string;
  personId: string;
  kind: ObligationKind;
  title: string;
  /** The device to be brought back. */
  deviceId: string | null;
  from: number;
  dueAt: number;
  by: string;
}

/** Somebody in the roster, as far as obligations ask. */
export interface ObligedPerson {
  id: string;
  sourcedId: string;
  username: string;
  name: string;
  active: boolean;
}

interface ViewRow extends Selectable<Database['obligation']> {
  given_name: string;
  family_name: string;
  device_name: string | null;
}

export function viewOf(row: ViewRow, now: number): ObligationView {
  const device = row.device_id;
  return {
    id: row.id,
    kind: row.kind as ObligationKind,
    title: row.title,
    person: { id: row.person_id, name: `${row.given_name} ${row.family_name}`.trim() },
    device: device === null ? null : { id: device, name: row.device_name ?? device },
    from: iso(row.from_at),
    dueAt: iso(row.due_at),
    by: row.by_actor,
    overdue: row.ended_at === null && row.due_at <= now,
    endedAt: isoOrNull(row.ended_at),
    outcome: row.outcome as ObligationView['outcome'],
    endedBy: row.ended_by,
  };
}

export function recordOf(row: Selectable<Database['obligation']>): ObligationRecord {
  return {
    id: row.id,
    personId: row.person_id,
    kind: row.kind as ObligationKind,
    title: row.title,
    deviceId: row.device_id,
    from: row.from_at,
    dueAt: row.due_at,
    by: row.by_actor,
  };
}

export function rowOf({
  id,
  personId,
  kind,
  title,
  deviceId,
  from,
  dueAt,
  by,
}: ObligationRecord): Selectable<Database['obligation']> {
  return {
    id,
    person_id: personId,
    kind,
    title,
    device_id: deviceId,
    from_at: from,
    due_at: dueAt,
    by_actor: by,
    ended_at: null,
    outcome: null,
    ended_by: null,
  };
}

type PersonRow = Pick<
  Selectable<Database['person']>,
  'id' | 'sourced_id' | 'username' | 'given_name' | 'family_name' | 'active'
>;

export function personOf(row: PersonRow): ObligedPerson {
  const { id, sourced_id: sourcedId, username } = row;
  return { id, sourcedId, username, name: `${row.given_name} ${row.family_name}`.trim(), active: row.active === 1 };
}
