import type { Kysely, Transaction } from 'kysely';
import type { ReportRecord } from '../../shared/protocol/messages.ts';
import { EventChain } from './event-chain.ts';
import { statement } from './json-rows.ts';
import { plainTransactions, type Transactions } from './late-sync.ts';
import { type MayChange, ReportInputs } from './report-inputs.ts';
import { boundedRecords, writeRecords } from './reports-records.ts';
import type { ReportingDevice, TakenReport } from './said-records.ts';
import type { Database } from './schema.ts';

/** One batch of a device's spool, from the certificate's device. */
export interface DeviceReport {
  deviceId: string;
  epoch: string;
  sequence: number;
  records: readonly ReportRecord[];
}

/**
 * `committed`: on disk now. `changes`: something that checks read is otherwise than it was; `isRestless`: it changed more
 * than was allowed, and what it said last counts from when it is judged; `missing` counts the batches between it and the
 * last one held (a device that ran out of disk drops its oldest; a server restored from a backup lacks those acknowledged
 * since). `duplicate`: it was held already. `refused`: the device is not active.
 */
export type ReportOutcome =
  | { kind: 'committed'; missing: number; eventIds: number[]; changes?: true; isRestless?: true }
  | { kind: 'duplicate' }
  | { kind: 'refused' };

type Committed = Extract<ReportOutcome, { kind: 'committed' }>;

/** What becomes of a report, before anything of it is written. */
type Placed = Exclude<ReportOutcome, Committed> | Taken;
interface Taken extends TakenReport {
  kind: 'taken';
  missing: number;
}

interface Device extends ReportingDevice {
  status: string;
  spool_epoch: string | null;
  spool_sequence: number;
}

/** What devices report. */
export class ReportStore {
  readonly #chain: EventChain;
  readonly #transactions: Transactions;

  constructor(db: Kysely<Database>, chain = new EventChain(), transactions: Transactions = plainTransactions(db)) {
    this.#chain = chain;
    this.#transactions = transactions;
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
    return await this.#transactions.run(async (trx) => {
      const devices = await devicesOf(trx, [...new Set(reports.map((report) => report.deviceId))]);
      const placed = reports.map((report) => place(devices.get(report.deviceId), report, at));
      const taken = placed.filter((one) => one.kind === 'taken');
      await readGenerations(trx, taken);
      await writePositions(trx, new Set(taken.map(({ device }) => device as Device)));
      const inputs = await ReportInputs.of(trx, taken, mayChange);
      const noted = new Map(taken.map((one) => [one, inputs.note(one.device, one.records, at)]));
      await inputs.write(trx);
      const events = await writeRecords(trx, taken, at);
      const ids = (await this.#chain.append(trx, events.flat())).values();
      const eventIds = new Map(taken.map((one, index) => [one, ids.take(events[index]?.length ?? 0).toArray()]));
      return placed.map((one) => {
        if (one.kind !== 'taken') return one;
        const { changes, isRestless } = noted.get(one) ?? {};
        return {
          ...{ kind: 'committed', missing: one.missing, eventIds: eventIds.get(one) ?? [] },
          ...(changes && { changes }),
          ...(isRestless && { isRestless }),
        };
      });
    });
  }
}

const readDevices = statement<Omit<Device, 'generation'>>(`
  select device.id, device.name, device.status, device.spool_epoch, device.spool_sequence
  from json_each(?) as asked cross join device on device.id = asked.value`);

async function devicesOf(trx: Transaction<Database>, ids: readonly string[]): Promise<Map<string, Device>> {
  const rows = await readDevices(trx, ids);
  return new Map(rows.map((row) => [row.id, { ...row, generation: null }]));
}

const readDesired = statement<{ id: string; generation: number }>(`
  select desired.device_id as id, desired.generation
  from json_each(?) as asked cross join device_desired as desired on desired.device_id = asked.value`);

/** Only what is said of sections is held against them. */
async function readGenerations(trx: Transaction<Database>, taken: readonly TakenReport[]): Promise<void> {
  const saying = taken.filter(({ records }) => records.some(({ kind }) => kind === 'reported'));
  if (saying.length === 0) return;
  const devices = new Map(saying.map(({ device }) => [device.id, device]));
  for (const { id, generation } of await readDesired(trx, [...devices.keys()])) {
    const device = devices.get(id);
    if (device) device.generation = generation;
  }
}

/** Moves the position of the device's spool when the report is new. */
function place(device: Device | undefined, { epoch, sequence, records }: DeviceReport, at: number): Placed {
  if (device?.status !== 'active') return { kind: 'refused' };
  const isSameSpool = device.spool_epoch === epoch;
  if (isSameSpool && sequence <= device.spool_sequence) return { kind: 'duplicate' };
  const missing = isSameSpool ? sequence - device.spool_sequence - 1 : 0;
  device.spool_epoch = epoch;
  device.spool_sequence = sequence;
  return { kind: 'taken', device, missing, records: boundedRecords(records, at) };
}

const movePositions = statement(`
  update device set spool_epoch = moved.value ->> 1, spool_sequence = moved.value ->> 2
  from json_each(?) as moved where device.id = moved.value ->> 0`);

async function writePositions(trx: Transaction<Database>, devices: ReadonlySet<Device>): Promise<void> {
  if (devices.size === 0) return;
  const rows = [...devices].map(({ id, spool_epoch, spool_sequence }) => [id, spool_epoch, spool_sequence]);
  await movePositions(trx, rows);
}
