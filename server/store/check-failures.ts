import type { Kysely, Transaction } from 'kysely';
import { inChunks } from './chunks.ts';
import type { Database } from './schema.ts';

/** Of devices: check → since when it fails. A device without failures has an empty map. */
export async function readFailures(
  db: Kysely<Database>,
  deviceIds: readonly string[],
): Promise<(deviceId: string) => ReadonlyMap<string, number>> {
  const rows = await inChunks(deviceIds, (chunk) =>
    db.selectFrom('check_failure').selectAll().where('device_id', 'in', chunk).execute(),
  );
  const byDevice = Map.groupBy(rows, (row) => row.device_id);
  return (deviceId) => new Map((byDevice.get(deviceId) ?? []).map((row) => [row.check_name, row.since]));
}

/** Replaces what is stored of these devices, where something differs. */
export async function writeFailures(
  trx: Transaction<Database>,
  judgements: readonly { subjectId: string; failures?: ReadonlyMap<string, number> }[],
): Promise<void> {
  const stored = await readFailures(
    trx,
    judgements.flatMap(({ subjectId, failures }) => (failures ? [subjectId] : [])),
  );
  const changed = judgements.filter(({ subjectId, failures }) => failures && !areEqual(failures, stored(subjectId)));
  const ids = changed.map(({ subjectId }) => subjectId);
  await inChunks(ids, (chunk) =>
    trx.deleteFrom('check_failure').where('device_id', 'in', chunk).returning('device_id').execute(),
  );
  const rows = changed.flatMap(({ subjectId, failures = new Map<string, number>() }) =>
    [...failures].map(([check, since]) => ({ device_id: subjectId, check_name: check, since })),
  );
  await inChunks(rows, (chunk) => trx.insertInto('check_failure').values(chunk).returning('device_id').execute());
}

function areEqual(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): boolean {
  return one.size === other.size && [...one].every(([check, since]) => other.get(check) === since);
}
