import type { Transaction } from 'kysely';
import type { FilterMeasurement } from '../../shared/compliance/facts.ts';
import { checks } from '../../shared/compliance/registry.ts';
import { capabilities } from '../../shared/profile/registry.ts';
import type { FindingRecord, ReportedRecord, ReportRecord } from '../../shared/protocol/messages.ts';
import { inChunks } from './chunks.ts';
import { measurementOf, readFilterMeasured } from './posture.ts';
import { type ReportingDevice, serverFindings } from './reports-records.ts';
import type { Database } from './schema.ts';

/** What a device said of a section, as far as checks read it. */
export interface SectionInput {
  generation: number;
  hash: string | null;
  status: ReportedRecord['status'];
  /** In the device’s words; `null`: it does not fail. */
  failure: string | null;
  /** Of the web filter. */
  measured?: FilterMeasurement | undefined;
}

interface Report {
  deviceId: string;
  records: readonly ReportRecord[];
}

/** Whether a device may change one more time what it says of a fact. */
export type MayChange = (deviceId: string, fact: string) => boolean;

const readFacts: ReadonlySet<string> = new Set([
  ...checks.flatMap(({ reads }) => reads),
  ...Object.keys(capabilities).map((section) => `section:${section}`),
]);
const rowsPerStatement = 500;

/**
 * What a group of reports says that checks read and that was not known: one row each, in the order it was said, to be judged
 * after the commit. Three queries at most however many reports there are, and none where no check reads them.
 */
export class ReportInputs {
  /** `device fact` → its value, as it stands after what was noted. */
  readonly #known: Map<string, string>;
  readonly #rows: { device_id: string; at: number; received_at: number; fact: string; value: string }[] = [];

  readonly #mayChange: MayChange;

  private constructor(known: Map<string, string>, mayChange: MayChange) {
    this.#known = known;
    this.#mayChange = mayChange;
  }

  static async of(trx: Transaction<Database>, reports: readonly Report[], mayChange: MayChange): Promise<ReportInputs> {
    const known = new Map<string, string>();
    const saying = (test: (record: ReportRecord) => boolean) => [
      ...new Set(reports.filter(({ records }) => records.some(test)).map(({ deviceId }) => deviceId)),
    ];
    await readObservations(
      trx,
      saying(({ kind }) => kind === 'observation'),
      known,
    );
    await readHealth(
      trx,
      saying((one) => one.kind === 'health' && readFacts.has(`health:${one.collector}`)),
      known,
    );
    await readSections(
      trx,
      saying(({ kind }) => kind === 'reported'),
      known,
    );
    await readFindings(
      trx,
      saying(({ kind }) => kind === 'finding'),
      known,
    );
    return new ReportInputs(known, mayChange);
  }

  /**
   * Records of a report that is committed; their times lie not after `receivedAt`. False when the device changed more than
   * it may: that part of its history is not kept.
   */
  note(device: ReportingDevice, records: readonly ReportRecord[], receivedAt: number): boolean {
    let isWithin = true;
    for (const record of records) {
      const said = this.#saidBy(device, record);
      if (!said || !readFacts.has(said.fact)) continue;
      const key = keyOf(device.id, said.fact);
      if (this.#known.get(key) === said.value) continue;
      this.#known.set(key, said.value);
      if (this.#mayChange(device.id, said.fact))
        this.#rows.push({ device_id: device.id, at: record.at, received_at: receivedAt, ...said });
      else isWithin = false;
    }
    return isWithin;
  }

  async write(trx: Transaction<Database>): Promise<void> {
    await inChunks(
      this.#rows,
      (chunk) => trx.insertInto('judgement_input').values(chunk).returning('id').execute(),
      rowsPerStatement,
    );
  }

  #saidBy(device: ReportingDevice, record: ReportRecord): { fact: string; value: string } | undefined {
    switch (record.kind) {
      case 'observation':
        return { fact: `observation:${record.name}`, value: JSON.stringify(record.value) };
      case 'health':
        return { fact: `health:${record.collector}`, value: JSON.stringify(record.value) };
      case 'reported':
        return this.#saidOfSection(device, record);
      case 'finding':
        return { fact: 'finding', value: this.#findingsAfter(device, record) };
      default:
        return undefined;
    }
  }

  /** What `writeSections` does not believe is no input either. */
  #saidOfSection(device: ReportingDevice, record: ReportedRecord): { fact: string; value: string } | undefined {
    const { section, generation, hash = null, status, failure, evidence } = record;
    const fact = `section:${section}`;
    const before = this.#known.get(keyOf(device.id, fact));
    const isOlder = before !== undefined && generation < (JSON.parse(before) as SectionInput).generation;
    if (isOlder || (device.generation !== null && generation > device.generation)) return undefined;
    const measured = section === 'webFilter' ? measurementOf(status, evidence) : undefined;
    return { fact, value: sectionText({ generation, hash, status, failure: failure?.message ?? null, measured }) };
  }

  #findingsAfter(device: ReportingDevice, { code, open }: FindingRecord): string {
    const codes = new Set(JSON.parse(this.#known.get(keyOf(device.id, 'finding')) ?? '[]') as string[]);
    if (open && !serverFindings.has(code)) codes.add(code);
    else if (!serverFindings.has(code)) codes.delete(code);
    return JSON.stringify([...codes].sort());
  }
}

const keyOf = (deviceId: string, fact: string) => `${deviceId} ${fact}`;

function sectionText({ generation, hash, status, failure, measured }: SectionInput): string {
  return JSON.stringify({ generation, hash, status, failure, measured });
}

async function readObservations(trx: Transaction<Database>, ids: string[], known: Map<string, string>): Promise<void> {
  if (ids.length === 0) return;
  const rows = await trx.selectFrom('observation').selectAll().where('device_id', 'in', ids).execute();
  for (const row of rows) known.set(keyOf(row.device_id, `observation:${row.name}`), row.value);
}

async function readHealth(trx: Transaction<Database>, ids: string[], known: Map<string, string>): Promise<void> {
  if (ids.length === 0) return;
  const rows = await trx.selectFrom('health').selectAll().where('device_id', 'in', ids).execute();
  for (const row of rows) known.set(keyOf(row.device_id, `health:${row.collector}`), row.value);
}

async function readSections(trx: Transaction<Database>, ids: string[], known: Map<string, string>): Promise<void> {
  if (ids.length === 0) return;
  const measured = await readFilterMeasured(trx, ids);
  const rows = await trx
    .selectFrom('reported_section')
    .select(['device_id', 'section', 'generation', 'hash', 'status', 'failure'])
    .where('device_id', 'in', ids)
    .execute();
  for (const { device_id: id, section, generation, hash, status, failure } of rows) {
    const said = failure === null ? null : (JSON.parse(failure) as { message: string }).message;
    const value = { generation: Number(generation), hash, status: status as SectionInput['status'], failure: said };
    const text = sectionText({ ...value, measured: section === 'webFilter' ? measured.get(id) : undefined });
    known.set(keyOf(id, `section:${section}`), text);
  }
}

async function readFindings(trx: Transaction<Database>, ids: string[], known: Map<string, string>): Promise<void> {
  if (ids.length === 0) return;
  const rows = await trx
    .selectFrom('finding')
    .select(['device_id', 'code'])
    .where('device_id', 'in', ids)
    .where('closed_at', 'is', null)
    .execute();
  for (const [id, own] of Map.groupBy(rows, (row) => row.device_id))
    known.set(keyOf(id, 'finding'), JSON.stringify([...new Set(own.map(({ code }) => code))].sort()));
}
