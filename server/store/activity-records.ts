import type { Transaction } from 'kysely';
import type { FilterSettings } from '../../shared/api/schemas.ts';
import type { ActivityRecord } from '../../shared/protocol/messages.ts';
import { isAdultStaff, presetCap } from '../filter/state-preset.ts';
import { type JsonRow, statement } from './json-rows.ts';
import type { Said } from './said-records.ts';
import type { Database } from './schema.ts';

interface Holder {
  personId: string | null;
  orgId: string;
  role: string | null;
}

const addCounts = statement(`
  insert into activity_count (day, device_id, org_id, place, category, asked, blocked)
  select value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6
  from json_each(?) where true
  on conflict (day, device_id, org_id, place, category) do update
  set asked = activity_count.asked + excluded.asked, blocked = activity_count.blocked + excluded.blocked`);

const addNames = statement(`
  insert into activity_name (at, device_id, person_id, name, outcome, category, place, count)
  select value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7
  from json_each(?)`);

const nobody: Holder = { personId: null, orgId: '', role: null };

/**
 * Adds what devices recorded to the sums of their days and, where they may be kept, to the names. Part of the caller's
 * transaction. The preset is enforced here again: a device with an old section must not get round it.
 */
export async function writeActivity(
  trx: Transaction<Database>,
  said: readonly Said<'activity'>[],
  at: number,
): Promise<void> {
  if (said.length === 0) return;
  const holders = await holdersOf(trx, [...new Set(said.map(({ device }) => device.id))]);
  const isCapped = await capsStudents(trx, at);
  const counts = new Counts();
  const names: JsonRow[] = [];
  for (const { device, record } of said) {
    const holder = holders.get(device.id) ?? nobody;
    counts.add(device.id, holder, record);
    if (!isCapped || isAdultStaff(holder.role)) names.push(...namesOf(device.id, holder, record, at));
  }
  await addCounts(trx, counts.rows());
  if (names.length > 0) await addNames(trx, names);
}

const readHolders = statement<{ device_id: string; person_id: string; org_id: string | null; role: string | null }>(`
  select held.device_id, held.person_id, person.org_id, person.role
  from json_each(?) as asked cross join custody as held on held.device_id = asked.value and held.ended_at is null
  left join person on person.id = held.person_id`);

async function holdersOf(trx: Transaction<Database>, deviceIds: readonly string[]): Promise<Map<string, Holder>> {
  const rows = await readHolders(trx, deviceIds);
  return new Map(
    rows.map((row) => [row.device_id, { personId: row.person_id, orgId: row.org_id ?? '', role: row.role }]),
  );
}

/** Whether the state's preset lets no names be kept but those of adults. */
async function capsStudents(trx: Transaction<Database>, at: number): Promise<boolean> {
  const row = await trx
    .selectFrom('document')
    .select('content')
    .where('name', '=', 'filter-settings')
    .executeTakeFirst();
  return row !== undefined && presetCap(JSON.parse(row.content) as FilterSettings, at) !== undefined;
}

/** Sums by day, device, school, place and category; `''`: of all categories. */
class Counts {
  readonly #sums = new Map<string, { key: readonly string[]; asked: number; blocked: number }>();

  add(deviceId: string, { orgId }: Holder, { at, place, asked, blocked, categories }: ActivityRecord): void {
    const key = [dayOf(at), deviceId, orgId, place];
    this.#add([...key, ''], asked, blocked);
    for (const { category, blocked: count } of categories) this.#add([...key, category], 0, count);
  }

  rows(): JsonRow[] {
    return this.#sums
      .values()
      .map(({ key, asked, blocked }) => [...key, asked, blocked])
      .toArray();
  }

  #add(key: readonly string[], asked: number, blocked: number): void {
    const text = JSON.stringify(key);
    const sum = this.#sums.get(text);
    if (sum) {
      sum.asked += asked;
      sum.blocked += blocked;
    } else this.#sums.set(text, { key, asked, blocked });
  }
}

function namesOf(deviceId: string, { personId }: Holder, record: ActivityRecord, at: number): JsonRow[] {
  const { level, place } = record;
  if (level === 'counts') return [];
  return record.names
    .filter(({ outcome }) => level === 'full' || outcome === 'blocked')
    .map(({ name, outcome, category = null, count, lastAt }) => [
      ...[Math.min(lastAt, at), deviceId, personId, name, outcome, category, place, count],
    ]);
}

/** The UTC date of an instant. */
function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
