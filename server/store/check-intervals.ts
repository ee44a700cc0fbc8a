import type { Kysely, Selectable, Transaction } from 'kysely';
import type { PlacedCheck } from '../../shared/compliance/runs.ts';
import type { FindingStatus } from '../../shared/compliance/verdict.ts';
import { inAges, inChunks } from './chunks.ts';
import type { IntervalChanges } from './interval-changes.ts';
import { type JsonRow, statement } from './json-rows.ts';
import type { Database } from './schema.ts';

export type StoredCheck = PlacedCheck & { id: number };

export interface CheckChanges {
  deviceId: string;
  changes: IntervalChanges<PlacedCheck>;
}

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

const deleteChecks = statement('delete from check_interval where id in (select value from json_each(?))');

const updateChecks = statement(`
  update check_interval set seen = changed.value ->> 1, to_at = changed.value ->> 2,
    failing_since = changed.value ->> 3, failure_from = changed.value ->> 4
  from json_each(?) as changed where check_interval.id = changed.value ->> 0`);

const insertChecks = statement(`
  insert into check_interval (device_id, check_name, status, seen, from_at, to_at, failing_since, failure_from, custody_id, org_id)
  select value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8, value ->> 9
  from json_each(?)`);

/** Part of the caller’s transaction. */
export async function writeChecks(trx: Transaction<Database>, all: readonly CheckChanges[]): Promise<void> {
  const removed = all.flatMap(({ changes }) => changes.removed.map(({ id }) => id));
  const changed = all.flatMap(({ changes }) =>
    changes.changed.map(({ before, after }) => changedRow(before.id, after)),
  );
  const added = all.flatMap(({ deviceId, changes }) => changes.added.map((row) => addedRow(deviceId, row)));
  await inChunks(removed, (chunk) => deleteChecks(trx, chunk));
  await inChunks(changed, (chunk) => updateChecks(trx, chunk));
  await inChunks(added, (chunk) => insertChecks(trx, chunk));
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

function changedRow(id: number, { seen, to, failingSince, failureFrom }: PlacedCheck): JsonRow {
  return [id, seen, to, failingSince, failureFrom];
}

function addedRow(deviceId: string, { check, status, seen, from, ...span }: PlacedCheck): JsonRow {
  const { to, failingSince, failureFrom, custodyId, orgId } = span;
  return [deviceId, check, status, seen, from, to, failingSince, failureFrom, custodyId, orgId];
}
