import type { Kysely, Selectable, Transaction } from 'kysely';
import type { PlacedCheck } from '../../shared/compliance/runs.ts';
import type { FindingStatus } from '../../shared/compliance/verdict.ts';
import { inAges, inChunks } from './chunks.ts';
import type { IntervalChanges } from './interval-changes.ts';
import type { Database } from './schema.ts';

export type StoredCheck = PlacedCheck & { id: number };

export interface CheckChanges {
  deviceId: string;
  changes: IntervalChanges<PlacedCheck>;
}

const rowsPerStatement = 500;

/** Check × device as intervals. They are written with the verdicts that follow from them (`JudgementStore`). */
export class CheckIntervalStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** The open intervals, by device id. */
  async open(deviceIds: readonly string[]): Promise<Map<string, StoredCheck[]>> {
    const rows = await inChunks(deviceIds, (chunk) =>
      this.#db
        .selectFrom('check_interval')
        .selectAll()
        .where('device_id', 'in', chunk)
        .where('to_at', 'is', null)
        .execute(),
    );
    return byDevice(rows);
  }

  /** Those that ended at an instant of each device's own or later, by device id. Oldest first. */
  async endedSince(which: readonly { id: string; since: number }[]): Promise<Map<string, StoredCheck[]>> {
    const sinceOf = new Map(which.map(({ id, since }) => [id, since]));
    const rows = await inAges(which, (ids, since) =>
      this.#db
        .selectFrom('check_interval')
        .selectAll()
        .where('device_id', 'in', ids)
        .where('to_at', '>=', since)
        .orderBy('from_at')
        .execute(),
    );
    return byDevice(rows.filter((row) => (row.to_at ?? 0) >= (sinceOf.get(row.device_id) ?? 0)));
  }
}

/** Part of the caller’s transaction. */
export async function writeChecks(trx: Transaction<Database>, all: readonly CheckChanges[]): Promise<void> {
  const removed = all.flatMap(({ changes }) => changes.removed.map(({ id }) => id));
  await inChunks(removed, (chunk) =>
    trx.deleteFrom('check_interval').where('id', 'in', chunk).returning('id').execute(),
  );
  const changed = all.flatMap(({ deviceId, changes }) =>
    changes.changed.map(({ before, after }) => ({ id: before.id, ...rowOf(deviceId, after) })),
  );
  await inChunks(
    changed,
    (chunk) =>
      trx
        .insertInto('check_interval')
        .values(chunk)
        .onConflict((conflict) =>
          conflict.column('id').doUpdateSet((row) => ({
            seen: row.ref('excluded.seen'),
            to_at: row.ref('excluded.to_at'),
            failing_since: row.ref('excluded.failing_since'),
            failure_from: row.ref('excluded.failure_from'),
          })),
        )
        .returning('id')
        .execute(),
    rowsPerStatement,
  );
  const added = all.flatMap(({ deviceId, changes }) => changes.added.map((row) => rowOf(deviceId, row)));
  await inChunks(
    added,
    (chunk) => trx.insertInto('check_interval').values(chunk).returning('id').execute(),
    rowsPerStatement,
  );
}

function byDevice(rows: readonly Selectable<Database['check_interval']>[]): Map<string, StoredCheck[]> {
  const found = new Map<string, StoredCheck[]>();
  for (const row of rows) {
    const own = found.get(row.device_id);
    if (own) own.push(storedOf(row));
    else found.set(row.device_id, [storedOf(row)]);
  }
  return found;
}

function storedOf(row: Selectable<Database['check_interval']>): StoredCheck {
  return {
    id: row.id,
    check: row.check_name,
    status: row.status as FindingStatus,
    seen: row.seen,
    from: row.from_at,
    to: row.to_at,
    failingSince: row.failing_since,
    failureFrom: row.failure_from,
    custodyId: row.custody_id,
    orgId: row.org_id,
  };
}

function rowOf(deviceId: string, { check, ...span }: PlacedCheck) {
  const { status, seen, from, to, failingSince, failureFrom, custodyId, orgId } = span;
  return {
    device_id: deviceId,
    check_name: check,
    status,
    seen,
    from_at: from,
    to_at: to,
    failing_since: failingSince,
    failure_from: failureFrom,
    custody_id: custodyId,
    org_id: orgId,
  };
}
