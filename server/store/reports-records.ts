import type { Transaction } from 'kysely';
import type { EventRecord, ReportRecord } from '../../shared/protocol/messages.ts';
import { writeActivity } from './activity-records.ts';
import { writeCommandResults } from './command-records.ts';
import type { NewEventRow } from './event-chain.ts';
import { writeFindings } from './finding-records.ts';
import { writeHelpRequests } from './help-requests.ts';
import { writeRecoveryKeys } from './recovery-records.ts';
import { writeRequests } from './request-records.ts';
import type { ReportingDevice, Said, TakenReport } from './said-records.ts';
import type { Database } from './schema.ts';
import { writeSections } from './section-records.ts';
import { writeHealth, writeObservations } from './value-records.ts';

type Kind = ReportRecord['kind'];

/** What is written a device at a time: little of it ever comes. */
const rare: ReadonlySet<Kind> = new Set(['recovery-key', 'help-request', 'unblock-request', 'command-result']);

/** Nothing a device says happened after it was heard. */
export function boundedRecords(records: readonly ReportRecord[], at: number): readonly ReportRecord[] {
  if (records.every((record) => record.at <= at)) return records;
  return records.map((record) => ({ ...record, at: Math.min(record.at, at) }) as ReportRecord);
}

/**
 * Writes the records of several reports, in order, each for its own device, but for events: those of each report it returns.
 * Part of the caller's transaction.
 */
export async function writeRecords(
  trx: Transaction<Database>,
  reports: readonly TakenReport[],
  at: number,
): Promise<NewEventRow[][]> {
  const said = byKind(reports);
  const of = <K extends Kind>(kind: K) => (said.get(kind) ?? []) as unknown as Said<K>[];
  await writeSections(trx, of('reported'));
  await writeHealth(trx, of('health'));
  await writeObservations(trx, of('observation'));
  await writeFindings(trx, of('finding'));
  await writeActivity(trx, of('activity'), at);
  const events: NewEventRow[][] = [];
  for (const report of reports) events.push(await writeAlone(trx, report, at));
  return events;
}

function byKind(reports: readonly TakenReport[]): Map<Kind, Said<Kind>[]> {
  const said = new Map<Kind, Said<Kind>[]>();
  for (const { device, records } of reports)
    for (const record of records) {
      const same = said.get(record.kind);
      if (same) same.push({ device, record });
      else said.set(record.kind, [{ device, record }]);
    }
  return said;
}

/** What is rare of one report; returns what of it goes into the log. */
async function writeAlone(
  trx: Transaction<Database>,
  { device, records }: TakenReport,
  at: number,
): Promise<NewEventRow[]> {
  const of = <K extends Kind>(kind: K) =>
    records.filter((record) => record.kind === kind) as Extract<ReportRecord, { kind: K }>[];
  const events = of('event');
  if (records.some(({ kind }) => rare.has(kind))) {
    await writeRecoveryKeys(trx, device.id, of('recovery-key'), at);
    await writeHelpRequests(trx, device.id, of('help-request'), at);
    const asked = await writeRequests(trx, device.id, of('unblock-request'), at);
    events.push(...(await writeCommandResults(trx, device.id, of('command-result'))));
    events.push(...asked.map((name) => askedEvent(name, at)));
  }
  return events.map((event) => eventRow(device, event));
}

function eventRow(device: ReportingDevice, { at, code, detail }: EventRecord): NewEventRow {
  const words = detail || code;
  return { at, actor: `device:${device.name}`, code, words, subject_kind: 'device', subject_id: device.id };
}

function askedEvent(name: string, at: number): EventRecord {
  return { kind: 'event', at, code: 'unblock-requested', detail: `Somebody asked that ${name} be opened.` };
}
