import type { Transaction } from 'kysely';
import type { FilterMeasurement } from '../../shared/compliance/facts.ts';
import { checks } from '../../shared/compliance/registry.ts';
import { capabilities } from '../../shared/profile/registry.ts';
import type { FindingRecord, ReportedRecord, ReportRecord } from '../../shared/protocol/messages.ts';
import { type JsonRow, statement } from './json-rows.ts';
import { measurementOf, readFilterMeasured } from './posture.ts';
import { type ReportingDevice, serverFindings, type TakenReport } from './said-records.ts';
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

/** `changes`: something is otherwise, and kept; `isRestless`: the device changed more than it may, and that part is not kept. */
export interface Noted {
  changes: boolean;
  isRestless: boolean;
}

/** Whether a device may change one more time what it says of a fact. */
export type MayChange = (deviceId: string, fact: string) => boolean;

const readFacts: ReadonlySet<string> = new Set([
  ...checks.flatMap(({ reads }) => reads),
  ...Object.keys(capabilities).map((section) => `section:${section}`),
]);

/**
 * What a group of reports says that checks read and that was not known: one row each, in the order it was said, to be judged
 * after the commit. A handful of queries however many reports there are, and none where no check reads them.
 */
export class ReportInputs {
  /** `device fact` → its value, as it stands after what was noted. */
  readonly #known: Map<string, string>;
  readonly #rows: JsonRow[] = [];
  readonly #mayChange: MayChange;

  private constructor(known: Map<string, string>, mayChange: MayChange) {
    this.#known = known;
    this.#mayChange = mayChange;
  }

  static async of(
    trx: Transaction<Database>,
    reports: readonly TakenReport[],
    mayChange: MayChange,
  ): Promise<ReportInputs> {
    const known = new Map<string, string>();
    const asked = { observation: new Pairs(), health: new Pairs(), reported: new Pairs(), finding: new Pairs() };
    for (const { device, records } of reports)
      for (const record of records) {
        const fact = factOf(record);
        if (fact !== undefined) asked[record.kind as keyof typeof asked].add(device.id, fact);
      }
    await readObservations(trx, asked.observation.rows, known);
    await readHealth(trx, asked.health.rows, known);
    await readSections(trx, asked.reported.rows, known);
    await readFindings(trx, asked.finding.rows, known);
    return new ReportInputs(known, mayChange);
  }

  /** Records of a report that is committed; their times lie not after `receivedAt`. */
  note(device: ReportingDevice, records: readonly ReportRecord[], receivedAt: number): Noted {
    const before = this.#rows.length;
    let isRestless = false;
    for (const record of records) {
      const fact = factOf(record);
      const value = fact === undefined ? undefined : this.#valueOf(device, record);
      if (fact === undefined || value === undefined) continue;
      const key = keyOf(device.id, fact);
      if (this.#known.get(key) === value) continue;
      this.#known.set(key, value);
      if (this.#mayChange(device.id, fact)) this.#rows.push([device.id, record.at, receivedAt, fact, value]);
      else isRestless = true;
    }
    return { changes: this.#rows.length > before, isRestless };
  }

  async write(trx: Transaction<Database>): Promise<void> {
    if (this.#rows.length === 0) return;
    await insertInputs(trx, this.#rows);
  }

  #valueOf(device: ReportingDevice, record: ReportRecord): string | undefined {
    switch (record.kind) {
      case 'observation':
      case 'health':
        return JSON.stringify(record.value);
      case 'reported':
        return this.#valueOfSection(device, record);
      case 'finding':
        return this.#findingsAfter(device, record);
      default:
        return undefined;
    }
  }

  /** What `writeSections` does not believe is no input either. */
  #valueOfSection(device: ReportingDevice, record: ReportedRecord): string | undefined {
    const { section, generation, hash = null, status, failure, evidence } = record;
    const before = this.#known.get(keyOf(device.id, `section:${section}`));
    const isOlder = before !== undefined && generation < (JSON.parse(before) as SectionInput).generation;
    if (isOlder || (device.generation !== null && generation > device.generation)) return undefined;
    const measured = section === 'webFilter' ? measurementOf(status, evidence) : undefined;
    return sectionText({ generation, hash, status, failure: failure?.message ?? null, measured });
  }

  #findingsAfter(device: ReportingDevice, { code, open }: FindingRecord): string {
    const codes = new Set(JSON.parse(this.#known.get(keyOf(device.id, 'finding')) ?? '[]') as string[]);
    if (open && !serverFindings.has(code)) codes.add(code);
    else if (!serverFindings.has(code)) codes.delete(code);
    return JSON.stringify([...codes].sort());
  }
}

/** Devices and what they speak of, each pair once. */
class Pairs {
  readonly #seen = new Set<string>();
  readonly rows: [deviceId: string, name: string][] = [];

  add(deviceId: string, fact: string): void {
    const key = keyOf(deviceId, fact);
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.rows.push([deviceId, fact.slice(fact.indexOf(':') + 1)]);
  }
}

const keyOf = (deviceId: string, fact: string) => `${deviceId} ${fact}`;

/** What a record speaks of, where a check reads it. */
function factOf(record: ReportRecord): string | undefined {
  const fact = nameOfFact(record);
  return fact !== undefined && readFacts.has(fact) ? fact : undefined;
}

function nameOfFact(record: ReportRecord): string | undefined {
  switch (record.kind) {
    case 'observation':
      return `observation:${record.name}`;
    case 'health':
      return `health:${record.collector}`;
    case 'reported':
      return `section:${record.section}`;
    default:
      return record.kind === 'finding' ? 'finding' : undefined;
  }
}

function sectionText({ generation, hash, status, failure, measured }: SectionInput): string {
  return JSON.stringify({ generation, hash, status, failure, measured });
}

type Known = Map<string, string>;
type Asked = Pairs['rows'];

const insertInputs = statement(`
  insert into judgement_input (device_id, at, received_at, fact, value)
  select value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 from json_each(?)`);

const selectObservations = statement<Database['observation']>(`
  select held.device_id, held.name, held.value from json_each(?) as asked
  cross join observation as held on held.device_id = asked.value ->> 0 and held.name = asked.value ->> 1`);

const selectHealth = statement<Database['health']>(`
  select held.device_id, held.collector, held.value from json_each(?) as asked
  cross join health as held on held.device_id = asked.value ->> 0 and held.collector = asked.value ->> 1`);

const selectSections = statement<Database['reported_section']>(`
  select held.device_id, held.section, held.generation, held.hash, held.status, held.failure from json_each(?) as asked
  cross join reported_section as held on held.device_id = asked.value ->> 0 and held.section = asked.value ->> 1`);

const selectFindings = statement<{ device_id: string; code: string }>(`
  select held.device_id, held.code from json_each(?) as asked
  cross join finding as held on held.device_id = asked.value ->> 0 and held.closed_at is null`);

async function readObservations(trx: Transaction<Database>, asked: Asked, known: Known): Promise<void> {
  if (asked.length === 0) return;
  for (const row of await selectObservations(trx, asked))
    known.set(keyOf(row.device_id, `observation:${row.name}`), row.value);
}

async function readHealth(trx: Transaction<Database>, asked: Asked, known: Known): Promise<void> {
  if (asked.length === 0) return;
  for (const row of await selectHealth(trx, asked))
    known.set(keyOf(row.device_id, `health:${row.collector}`), row.value);
}

async function readSections(trx: Transaction<Database>, asked: Asked, known: Known): Promise<void> {
  if (asked.length === 0) return;
  const filtered = asked.filter(([, section]) => section === 'webFilter').map(([id]) => id);
  const measured = await readFilterMeasured(trx, filtered);
  for (const { device_id: id, section, generation, hash, status, failure } of await selectSections(trx, asked)) {
    const said = failure === null ? null : (JSON.parse(failure) as { message: string }).message;
    const value = { generation: Number(generation), hash, status: status as SectionInput['status'], failure: said };
    const text = sectionText({ ...value, measured: section === 'webFilter' ? measured.get(id) : undefined });
    known.set(keyOf(id, `section:${section}`), text);
  }
}

async function readFindings(trx: Transaction<Database>, asked: Asked, known: Known): Promise<void> {
  if (asked.length === 0) return;
  for (const [id, own] of Map.groupBy(await selectFindings(trx, asked), (row) => row.device_id))
    known.set(keyOf(id, 'finding'), JSON.stringify([...new Set(own.map(({ code }) => code))].sort()));
}
