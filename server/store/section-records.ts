import type { Transaction } from 'kysely';
import type { ReportedRecord } from '../../shared/protocol/messages.ts';
import { type JsonRow, statement } from './json-rows.ts';
import { namesPerDevice, type Said } from './said-records.ts';
import type { Database } from './schema.ts';

const upsertSections = statement(`
  insert into reported_section (device_id, section, generation, hash, status, failure, evidence, at)
  select value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7
  from json_each(?) where true
  on conflict (device_id, section) do update set generation = excluded.generation, hash = excluded.hash,
    status = excluded.status, failure = excluded.failure, evidence = excluded.evidence, at = excluded.at
  where excluded.generation >= reported_section.generation`);

const readNames = statement<{ device_id: string; section: string }>(`
  select said.device_id, said.section
  from json_each(?) as asked cross join reported_section as said on said.device_id = asked.value`);

/** An older generation never replaces a newer; one the device was never given is no report about anything. */
export async function writeSections(trx: Transaction<Database>, said: readonly Said<'reported'>[]): Promise<void> {
  const believable = said.filter(
    ({ device, record }) => device.generation === null || record.generation <= device.generation,
  );
  if (believable.length === 0) return;
  const named = await namesOf(trx, [...new Set(believable.map(({ device }) => device.id))]);
  const rows = newestOfEach(believable, named).map(({ device, record }) => sectionRow(device.id, record));
  await upsertSections(trx, rows);
}

/** Device → the sections it spoke of before. */
async function namesOf(trx: Transaction<Database>, ids: readonly string[]): Promise<Map<string, Set<string>>> {
  const rows = await readNames(trx, ids);
  const named = new Map(ids.map((id) => [id, new Set<string>()]));
  for (const { device_id, section } of rows) named.get(device_id)?.add(section);
  return named;
}

/** Of each device and section the last of the highest generation; names that are new only while there is room. */
function newestOfEach(said: readonly Said<'reported'>[], named: Map<string, Set<string>>): Said<'reported'>[] {
  const newest = new Map<string, Said<'reported'>>();
  for (const one of said) {
    const { device, record } = one;
    const names = named.get(device.id) ?? new Set();
    const key = `${device.id} ${record.section}`;
    const before = newest.get(key);
    if (before && record.generation < before.record.generation) continue;
    if (!names.has(record.section) && names.size >= namesPerDevice) continue;
    names.add(record.section);
    newest.set(key, one);
  }
  return [...newest.values()];
}

function sectionRow(deviceId: string, record: ReportedRecord): JsonRow {
  const { section, generation, hash = null, status, failure, evidence, at } = record;
  const failed = failure ? JSON.stringify(failure) : null;
  return [deviceId, section, generation, hash, status, failed, JSON.stringify(evidence), at];
}
