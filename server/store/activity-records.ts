import type { Transaction } from 'kysely';
import type { FilterSettings } from '../../shared/api/schemas.ts';
import type { ActivityRecord } from '../../shared/protocol/messages.ts';
import { isAdultStaff, presetCap } from '../filter/state-preset.ts';
import type { Database } from './schema.ts';

interface Holder {
  personId: string | null;
  orgId: string;
  role: string | null;
}

/**
 * Adds what a device recorded to the sums of its day and, where they may be kept, to the names. Part of the caller's
 * transaction. The preset is enforced here again: a device with an old section must not get round it.
 */
export async function writeActivity(
  trx: Transaction<Database>,
  deviceId: string,
  records: readonly ActivityRecord[],
  at: number,
): Promise<void> {
  if (records.length === 0) return;
  const holder = await holderOf(trx, deviceId);
  const keepsNames = await mayKeepNames(trx, holder, at);
  for (const record of records) {
    await addCounts(trx, deviceId, holder, record);
    if (keepsNames) await addNames(trx, deviceId, holder, record, at);
  }
}

async function holderOf(trx: Transaction<Database>, deviceId: string): Promise<Holder> {
  const row = await trx
    .selectFrom('custody')
    .leftJoin('person', 'person.id', 'custody.person_id')
    .select(['custody.person_id', 'person.org_id', 'person.role'])
    .where('custody.device_id', '=', deviceId)
    .where('custody.ended_at', 'is', null)
    .executeTakeFirst();
  return { personId: row?.person_id ?? null, orgId: row?.org_id ?? '', role: row?.role ?? null };
}

/** Whether the state's preset lets names of this holder be kept. */
async function mayKeepNames(trx: Transaction<Database>, { role }: Holder, at: number): Promise<boolean> {
  if (isAdultStaff(role)) return true;
  const row = await trx
    .selectFrom('document')
    .select('content')
    .where('name', '=', 'filter-settings')
    .executeTakeFirst();
  return row === undefined || presetCap(JSON.parse(row.content) as FilterSettings, at) === undefined;
}

async function addCounts(
  trx: Transaction<Database>,
  deviceId: string,
  { orgId }: Holder,
  record: ActivityRecord,
): Promise<void> {
  const key = { day: dayOf(record.at), device_id: deviceId, org_id: orgId, place: record.place };
  const blocked = new Map<string, number>();
  for (const { category, blocked: count } of record.categories)
    blocked.set(category, (blocked.get(category) ?? 0) + count);
  const rows = [
    { ...key, category: '', asked: record.asked, blocked: record.blocked },
    ...[...blocked].map(([category, count]) => ({ ...key, category, asked: 0, blocked: count })),
  ];
  await trx
    .insertInto('activity_count')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['day', 'device_id', 'org_id', 'place', 'category']).doUpdateSet((row) => ({
        asked: row('activity_count.asked', '+', row.ref('excluded.asked')),
        blocked: row('activity_count.blocked', '+', row.ref('excluded.blocked')),
      })),
    )
    .execute();
}

async function addNames(
  trx: Transaction<Database>,
  deviceId: string,
  { personId }: Holder,
  record: ActivityRecord,
  at: number,
): Promise<void> {
  if (record.level === 'counts') return;
  const rows = record.names
    .filter(({ outcome }) => record.level === 'full' || outcome === 'blocked')
    .map(({ name, outcome, category, count, lastAt }) => ({
      at: Math.min(lastAt, at),
      device_id: deviceId,
      person_id: personId,
      name,
      outcome,
      category: category ?? null,
      place: record.place,
      count,
    }));
  if (rows.length > 0) await trx.insertInto('activity_name').values(rows).execute();
}

/** The UTC date of an instant. */
function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
