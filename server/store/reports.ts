import type { Kysely, Transaction } from 'kysely';
import type { ReportRecord } from '../../shared/protocol/messages.ts';
import { EventChain, type NewEventRow } from './event-chain.ts';
import { type MayChange, ReportInputs } from './report-inputs.ts';
import { boundedRecords, type ReportingDevice, writeRecords } from './reports-records.ts';
import type { Database } from './schema.ts';

/** One batch of a device's spool, from the certificate's device. */
export interface DeviceReport {
  deviceId: string;
  epoch: string;
  sequence: number;
  records: readonly ReportRecord[];
}

/**
 * `committed`: on disk now; `isRestless`: it changed more than was allowed, and what it said last counts from when it is
 * judged; `missing` counts the batches between it and the last one held (a device that ran out of disk
 * drops its oldest; a server restored from a backup lacks those acknowledged since). `duplicate`: it was held already.
 * `refused`: the device is not active.
 */
export type ReportOutcome =
  | { kind: 'committed'; missing: number; eventIds: number[]; isRestless?: true }
  | { kind: 'duplicate' }
  | { kind: 'refused' };

/** Before its events have their ids. */
type Written =
  | Exclude<ReportOutcome, { kind: 'committed' }>
  | (Omit<Extract<ReportOutcome, { kind: 'committed' }>, 'eventIds'> & { events: NewEventRow[] });

interface Device extends ReportingDevice {
  status: string;
  spool_epoch: string | null;
  spool_sequence: number;
}

/** What devices report. */
export class ReportStore {
  readonly #db: Kysely<Database>;
  readonly #chain: EventChain;

  constructor(db: Kysely<Database>, chain = new EventChain()) {
    this.#db = db;
    this.#chain = chain;
  }

  /**
   * Commits batches of several devices in one transaction, in order, together with the spool position of each device:
   * when the promise resolves, every batch is on disk and a resend will be a `duplicate`. Another epoch than the one
   * held is a new spool and is taken from wherever it begins. Rows are only ever written for the report's own device.
   * `mayChange`: whether a device may say once more that something is otherwise than it said before.
   */
  async commit(
    reports: readonly DeviceReport[],
    at: number,
    mayChange: MayChange = () => true,
  ): Promise<ReportOutcome[]> {
    return await this.#db.transaction().execute(async (trx) => {
      const devices = await devicesOf(trx, [...new Set(reports.map((report) => report.deviceId))]);
      const written: Written[] = [];
      const inputs = await ReportInputs.of(trx, reports, mayChange);
      for (const report of reports)
        written.push(await commitOne(trx, devices.get(report.deviceId), report, at, inputs));
      await inputs.write(trx);
      const events = written.flatMap((one) => (one.kind === 'committed' ? one.events : []));
      return outcomesOf(written, await this.#chain.append(trx, events));
    });
  }
}

async function devicesOf(trx: Transaction<Database>, ids: readonly string[]): Promise<Map<string, Device>> {
  const rows = await trx
    .selectFrom('device')
    .leftJoin('device_desired', 'device_desired.device_id', 'device.id')
    .select([
      'device.id',
      'device.name',
      'device.status',
      'device.spool_epoch',
      'device.spool_sequence',
      'device_desired.generation',
    ])
    .where('device.id', 'in', ids)
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}

async function commitOne(
  trx: Transaction<Database>,
  device: Device | undefined,
  report: DeviceReport,
  at: number,
  inputs: ReportInputs,
): Promise<Written> {
  if (device?.status !== 'active') return { kind: 'refused' };
  const isSameSpool = device.spool_epoch === report.epoch;
  if (isSameSpool && report.sequence <= device.spool_sequence) return { kind: 'duplicate' };
  const missing = isSameSpool ? report.sequence - device.spool_sequence - 1 : 0;
  device.spool_epoch = report.epoch;
  device.spool_sequence = report.sequence;
  await trx
    .updateTable('device')
    .set({ spool_epoch: report.epoch, spool_sequence: report.sequence })
    .where('id', '=', device.id)
    .execute();
  const records = boundedRecords(report.records, at);
  const isRestless = !inputs.note(device, records, at);
  const events = await writeRecords(trx, device, records, at);
  return { kind: 'committed', missing, events, ...(isRestless && { isRestless }) };
}

function outcomesOf(written: readonly Written[], ids: readonly number[]): ReportOutcome[] {
  let taken = 0;
  return written.map((one) => {
    if (one.kind !== 'committed') return one;
    const { events, ...outcome } = one;
    const eventIds = ids.slice(taken, taken + events.length);
    taken += events.length;
    return { ...outcome, eventIds };
  });
}
