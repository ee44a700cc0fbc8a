import type { Transaction } from 'kysely';
import type { HealthRecord, ObservationRecord } from '../../shared/protocol/messages.ts';
import { type JsonRow, statement } from './json-rows.ts';
import type { ReportingDevice, Said } from './said-records.ts';
import type { Database } from './schema.ts';

const upsertHealth = statement(`
  insert into health (device_id, collector, value, at)
  select value ->> 0, value ->> 1, value ->> 2, value ->> 3 from json_each(?) where true
  on conflict (device_id, collector) do update set value = excluded.value, at = excluded.at`);

const upsertObservations = statement(`
  insert into observation (device_id, name, value, at)
  select value ->> 0, value ->> 1, value ->> 2, value ->> 3 from json_each(?) where true
  on conflict (device_id, name) do update set value = excluded.value, at = excluded.at`);

/** The last value of each collector counts. */
export async function writeHealth(trx: Transaction<Database>, said: readonly Said<'health'>[]): Promise<void> {
  if (said.length === 0) return;
  await upsertHealth(
    trx,
    latest(said, ({ collector }) => collector),
  );
}

/** The last value of each observation counts. */
export async function writeObservations(
  trx: Transaction<Database>,
  said: readonly Said<'observation'>[],
): Promise<void> {
  if (said.length === 0) return;
  await upsertObservations(
    trx,
    latest(said, ({ name }) => name),
  );
}

function latest<R extends HealthRecord | ObservationRecord>(
  said: readonly { device: ReportingDevice; record: R }[],
  nameOf: (record: R) => string,
): JsonRow[] {
  const rows = new Map<string, JsonRow>();
  for (const { device, record } of said) {
    const name = nameOf(record);
    rows.set(`${device.id} ${name}`, [device.id, name, JSON.stringify(record.value), record.at]);
  }
  return [...rows.values()];
}
