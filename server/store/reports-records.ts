import type { Selectable, Transaction } from 'kysely';
import type {
  EventRecord,
  FindingRecord,
  HealthRecord,
  ObservationRecord,
  ReportedRecord,
  ReportRecord,
} from '../../shared/protocol/messages.ts';
import { writeActivity } from './activity-records.ts';
import { writeCommandResults } from './command-records.ts';
import type { NewEventRow } from './event-chain.ts';
import { writeHelpRequests } from './help-requests.ts';
import { writeRecoveryKeys } from './recovery-records.ts';
import { writeRequests } from './request-records.ts';
import type { Database } from './schema.ts';

export interface ReportingDevice {
  id: string;
  name: string;
  /** The latest generation this device was ever given; null when none. */
  generation: number | null;
}

/** Findings only the server opens and closes: a device's word on them does not count. */
export const serverFindings = new Set(['clone']);
/** A device that invents names must not fill the disk. */
const namesPerDevice = 64;

type SectionRow = Selectable<Database['reported_section']>;

/** Nothing a device says happened after it was heard. */
export function boundedRecords(records: readonly ReportRecord[], at: number): ReportRecord[] {
  return records.map((record) => ({ ...record, at: Math.min(record.at, at) }) as ReportRecord);
}

/** Writes a batch's records for their own device, but its events, which it returns. Part of the caller's transaction. */
export async function writeRecords(
  trx: Transaction<Database>,
  device: ReportingDevice,
  records: readonly ReportRecord[],
  at: number,
): Promise<NewEventRow[]> {
  const of = <K extends ReportRecord['kind']>(kind: K) =>
    records.filter((record) => record.kind === kind) as Extract<ReportRecord, { kind: K }>[];
  await writeSections(trx, device, of('reported'));
  await writeHealth(trx, device.id, of('health'));
  await writeObservations(trx, device.id, of('observation'));
  await writeFindings(trx, device.id, of('finding'));
  await writeActivity(trx, device.id, of('activity'), at);
  await writeRecoveryKeys(trx, device.id, of('recovery-key'), at);
  await writeHelpRequests(trx, device.id, of('help-request'), at);
  const asked = await writeRequests(trx, device.id, of('unblock-request'), at);
  const answered = await writeCommandResults(trx, device.id, of('command-result'));
  return [...of('event'), ...answered, ...asked.map((name) => askedEvent(name, at))].map((event) =>
    eventRow(device, event),
  );
}

/** An older generation never replaces a newer; one the device was never given is no report about anything. */
async function writeSections(
  trx: Transaction<Database>,
  device: ReportingDevice,
  records: ReportedRecord[],
): Promise<void> {
  const believable = records.filter(({ generation }) => device.generation === null || generation <= device.generation);
  const newest = newestOfEach(believable);
  if (newest.length === 0) return;
  const known = await trx.selectFrom('reported_section').select('section').where('device_id', '=', device.id).execute();
  const rows = withinLimit(newest, new Set(known.map(({ section }) => section)), (record) => record.section).map(
    (record) => sectionRow(device.id, record),
  );
  if (rows.length === 0) return;
  await trx
    .insertInto('reported_section')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(['device_id', 'section'])
        .doUpdateSet((row) => ({
          generation: row.ref('excluded.generation'),
          hash: row.ref('excluded.hash'),
          status: row.ref('excluded.status'),
          failure: row.ref('excluded.failure'),
          evidence: row.ref('excluded.evidence'),
          at: row.ref('excluded.at'),
        }))
        .whereRef('excluded.generation', '>=', 'reported_section.generation'),
    )
    .execute();
}

function sectionRow(deviceId: string, record: ReportedRecord): SectionRow {
  return {
    device_id: deviceId,
    section: record.section,
    generation: record.generation,
    hash: record.hash ?? null,
    status: record.status,
    failure: record.failure ? JSON.stringify(record.failure) : null,
    evidence: JSON.stringify(record.evidence),
    at: record.at,
  };
}

async function writeHealth(trx: Transaction<Database>, deviceId: string, records: HealthRecord[]): Promise<void> {
  const rows = [...new Map(records.map((record) => [record.collector as string, record])).values()].map((record) => ({
    device_id: deviceId,
    collector: record.collector,
    value: JSON.stringify(record.value),
    at: record.at,
  }));
  if (rows.length === 0) return;
  await trx
    .insertInto('health')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(['device_id', 'collector'])
        .doUpdateSet((row) => ({ value: row.ref('excluded.value'), at: row.ref('excluded.at') })),
    )
    .execute();
}

async function writeObservations(
  trx: Transaction<Database>,
  deviceId: string,
  records: ObservationRecord[],
): Promise<void> {
  const rows = [...new Map(records.map((record) => [record.name as string, record])).values()].map((record) => ({
    device_id: deviceId,
    name: record.name,
    value: JSON.stringify(record.value),
    at: record.at,
  }));
  if (rows.length === 0) return;
  await trx
    .insertInto('observation')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(['device_id', 'name'])
        .doUpdateSet((row) => ({ value: row.ref('excluded.value'), at: row.ref('excluded.at') })),
    )
    .execute();
}

/** Opening what is open, or closing what is not, changes nothing. */
async function writeFindings(trx: Transaction<Database>, deviceId: string, records: FindingRecord[]): Promise<void> {
  const own = records.filter((record) => !serverFindings.has(record.code));
  if (own.length === 0) return;
  const rows = await trx
    .selectFrom('finding')
    .select(['id', 'code'])
    .where('device_id', '=', deviceId)
    .where('closed_at', 'is', null)
    .execute();
  const open = new Map(rows.map(({ code, id }) => [code, id]));
  for (const record of own) {
    if (record.open) await openFinding(trx, deviceId, record, open);
    else await closeFinding(trx, record, open);
  }
}

async function openFinding(
  trx: Transaction<Database>,
  deviceId: string,
  { code, detail, at }: FindingRecord,
  open: Map<string, number>,
): Promise<void> {
  if (open.has(code) || open.size >= namesPerDevice) return;
  const row = { device_id: deviceId, code, detail, opened_at: at, closed_at: null };
  const { id } = await trx.insertInto('finding').values(row).returning('id').executeTakeFirstOrThrow();
  open.set(code, id);
}

async function closeFinding(
  trx: Transaction<Database>,
  { code, at }: FindingRecord,
  open: Map<string, number>,
): Promise<void> {
  const id = open.get(code);
  if (id === undefined) return;
  open.delete(code);
  await trx.updateTable('finding').set({ closed_at: at }).where('id', '=', id).execute();
}

function eventRow(device: ReportingDevice, { at, code, detail }: EventRecord): NewEventRow {
  const words = detail || code;
  return { at, actor: `device:${device.name}`, code, words, subject_kind: 'device', subject_id: device.id };
}

function askedEvent(name: string, at: number): EventRecord {
  return { kind: 'event', at, code: 'unblock-requested', detail: `Somebody asked that ${name} be opened.` };
}

function newestOfEach(records: readonly ReportedRecord[]): ReportedRecord[] {
  const newest = new Map<string, ReportedRecord>();
  for (const record of records) {
    const before = newest.get(record.section);
    if (!before || record.generation >= before.generation) newest.set(record.section, record);
  }
  return [...newest.values()];
}

/** Names already stored, and new ones while there is room. */
function withinLimit<T>(items: readonly T[], known: Set<string>, name: (item: T) => string): T[] {
  return items.filter((item) => {
    if (!known.has(name(item)) && known.size >= namesPerDevice) return false;
    known.add(name(item));
    return true;
  });
}
