import { createHash } from 'node:crypto';
import type { Transaction } from 'kysely';
import { type FilterSettings, filterSettingsDefaults } from '../../shared/api/schemas/filter.ts';
import { normaliseName } from '../../shared/filter/name.ts';
import { plainText, plainTextOrNull } from '../../shared/plain-text.ts';
import type { UnblockRequestRecord } from '../../shared/protocol/messages.ts';
import type { Database } from './schema.ts';

/** A device that asks for everything must not fill the queue of staff: what is asked beyond this is dropped. */
const openPerDevice = 20;
const hourMs = 3_600_000;
/** A request that waited longer on the device, or whose clock was wrong, counts as asked this long ago. */
const longestWait = 7 * 24 * hourMs;

interface Asker {
  person_id: string | null;
  org_id: string | null;
}

/**
 * Adds what a device asks, for whoever holds it now. Repeated reports change nothing; a name that is asked for already is
 * joined to the open request. Part of the caller's transaction; returns the names that are newly asked for.
 */
export async function writeRequests(
  trx: Transaction<Database>,
  deviceId: string,
  records: readonly UnblockRequestRecord[],
  at: number,
): Promise<string[]> {
  if (records.length === 0) return [];
  const open = await openRequests(trx, deviceId);
  const asker = await askerOf(trx, deviceId);
  const hours = await hoursToDecide(trx);
  const added: string[] = [];
  for (const record of records) {
    const name = normaliseName(record.name);
    if (name === undefined) continue;
    const asked = open.get(name);
    if (asked !== undefined) await sayMore(trx, asked, record);
    else if (open.size < openPerDevice) {
      const row = { ...rowOf(deviceId, name, record, at, hours), ...asker };
      if (!(await insert(trx, row))) continue;
      open.set(name, row.id);
      added.push(name);
    }
  }
  return added;
}

/** Name → id of the request. */
async function openRequests(trx: Transaction<Database>, deviceId: string): Promise<Map<string, string>> {
  const rows = await trx
    .selectFrom('unblock_request')
    .select(['id', 'name'])
    .where('device_id', '=', deviceId)
    .where('state', '=', 'open')
    .execute();
  return new Map(rows.map(({ id, name }) => [name, id]));
}

async function askerOf(trx: Transaction<Database>, deviceId: string): Promise<Asker> {
  const row = await trx
    .selectFrom('custody')
    .leftJoin('person', 'person.id', 'custody.person_id')
    .select(['custody.person_id', 'person.org_id'])
    .where('custody.device_id', '=', deviceId)
    .where('custody.ended_at', 'is', null)
    .executeTakeFirst();
  return row ?? { person_id: null, org_id: null };
}

async function hoursToDecide(trx: Transaction<Database>): Promise<number> {
  const row = await trx
    .selectFrom('document')
    .select('content')
    .where('name', '=', 'filter-settings')
    .executeTakeFirst();
  return row ? (JSON.parse(row.content) as FilterSettings).requestHours : filterSettingsDefaults.requestHours;
}

function rowOf(deviceId: string, name: string, record: UnblockRequestRecord, at: number, hours: number) {
  const askedAt = Math.max(record.at, at - longestWait);
  return {
    // The device's own ids mean nothing beside those of other devices.
    id: createHash('sha256').update(`${deviceId} ${record.id}`).digest('hex').slice(0, 32),
    device_id: deviceId,
    reported_id: record.id,
    name,
    category: plainTextOrNull(record.category),
    rule: plainTextOrNull(record.rule),
    words: plainText(record.words, ''),
    asked_at: askedAt,
    due_at: askedAt + hours * hourMs,
    state: 'open',
    outcome: '',
    decided_at: null,
    decided_by: null,
    override_id: null,
  };
}

/** False when this very request was stored before. */
async function insert(trx: Transaction<Database>, row: Database['unblock_request']): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('unblock_request')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirstOrThrow();
  return Number(numInsertedOrUpdatedRows) > 0;
}

/** The latest words stand; asking again without any keeps the earlier ones. */
async function sayMore(trx: Transaction<Database>, id: string, { words }: UnblockRequestRecord): Promise<void> {
  const said = plainText(words, '');
  if (said === '') return;
  await trx.updateTable('unblock_request').set({ words: said }).where('id', '=', id).execute();
}
