import type { Transaction } from 'kysely';
import { statement } from './json-rows.ts';
import { namesPerDevice, type Said, serverFindings } from './said-records.ts';
import type { Database } from './schema.ts';

/** A row that is there, or is going to be. */
interface Finding {
  id?: number;
  deviceId: string;
  code: string;
  detail: string;
  openedAt: number;
  closedAt: number | null;
}

/** Opening what is open, or closing what is not, changes nothing. */
export async function writeFindings(trx: Transaction<Database>, said: readonly Said<'finding'>[]): Promise<void> {
  const own = said.filter(({ record }) => !serverFindings.has(record.code));
  if (own.length === 0) return;
  const open = await openOf(trx, [...new Set(own.map(({ device }) => device.id))]);
  const opened: Finding[] = [];
  const closed: Finding[] = [];
  for (const { device, record } of own) {
    const ofDevice = open.get(device.id) ?? new Map<string, Finding>();
    const before = ofDevice.get(record.code);
    if (record.open && !before && ofDevice.size < namesPerDevice) {
      const { code, detail, at } = record;
      const finding = { deviceId: device.id, code, detail, openedAt: at, closedAt: null };
      ofDevice.set(code, finding);
      opened.push(finding);
    } else if (!record.open && before) {
      before.closedAt = record.at;
      ofDevice.delete(record.code);
      if (before.id !== undefined) closed.push(before);
    }
  }
  // What ends goes first: of each code one at most is open at a time.
  await close(trx, closed);
  await insert(trx, opened);
}

const readOpen = statement<{ id: number; device_id: string; code: string }>(`
  select held.id, held.device_id, held.code
  from json_each(?) as asked cross join finding as held on held.device_id = asked.value and held.closed_at is null`);

/** Device → code → what is open. */
async function openOf(trx: Transaction<Database>, ids: readonly string[]): Promise<Map<string, Map<string, Finding>>> {
  const rows = await readOpen(trx, ids);
  const open = new Map(ids.map((id) => [id, new Map<string, Finding>()]));
  for (const { id, device_id: deviceId, code } of rows)
    open.get(deviceId)?.set(code, { id, deviceId, code, detail: '', openedAt: 0, closedAt: null });
  return open;
}

const endFindings = statement(`
  update finding set closed_at = ended.value ->> 1 from json_each(?) as ended where finding.id = ended.value ->> 0`);

async function close(trx: Transaction<Database>, findings: readonly Finding[]): Promise<void> {
  if (findings.length === 0) return;
  const rows = findings.map(({ id, closedAt }) => [id ?? null, closedAt]);
  await endFindings(trx, rows);
}

const insertFindings = statement(`
  insert into finding (device_id, code, detail, opened_at, closed_at)
  select value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 from json_each(?)`);

async function insert(trx: Transaction<Database>, findings: readonly Finding[]): Promise<void> {
  if (findings.length === 0) return;
  const rows = findings.map(({ deviceId, code, detail, openedAt, closedAt }) => [
    ...[deviceId, code, detail, openedAt, closedAt],
  ]);
  await insertFindings(trx, rows);
}
