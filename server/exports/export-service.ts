import type { FileAnswer, Query } from '../../shared/api/contract.ts';
import type { Routes } from '../../shared/api/routes.ts';
import type { DeviceSummary, PersonSummary } from '../../shared/api/schemas.ts';
import type { Clock } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { Seen } from '../access/standing.ts';
import type { Actor, ComplianceHistory, EventLog, Exports, NewEvent } from '../services.ts';
import type { ComplianceViews } from '../store/views/compliance.ts';
import type { DevicesView } from '../store/views/devices.ts';
import type { PeopleView } from '../store/views/people.ts';
import { csvBytes } from './csv.ts';
import { type EvidenceParts, evidenceFiles } from './evidence.ts';
import { type PdfTable, pdfBytes } from './pdf.ts';
import { personPaper, personRows, personTitles } from './person-timeline.ts';
import {
  type Column,
  cellsOf,
  coverageColumns,
  coverageOf,
  deviceColumns,
  onPaper,
  personColumns,
  titlesOf,
} from './tables.ts';
import { zipBytes } from './zip.ts';

export interface ExportParts {
  history: ComplianceHistory;
  views: { people: PeopleView; devices: DevicesView; compliance: ComplianceViews };
  events: EventLog;
  clock: Clock;
  district: string;
}

type Asked = Seen<Query<Routes['exportCompliance']>>;
/** `at` absent: as of now, of those who are in the roster now. */
type Selection = Seen<{ at?: number; org?: string; verdict?: NonNullable<Asked['verdict']> }>;
/** People or devices, a slice at a time. */
interface Source<T> {
  count(query: Selection): Promise<number>;
  slice(query: Selection & { cursor?: string; limit: number }): Promise<{ items: T[]; nextCursor: string | null }>;
}

const sliceSize = 1_000;
/** A page takes some 30 rows; more than this nobody reads on paper. */
const mostOnPaper = 2_000;
const mostInCsv = 500_000;
const types = { csv: 'text/csv; charset=utf-8', pdf: 'application/pdf' } as const;

/** Files to take away. Each is on record with who took it and of whom, as it leaves with names. */
export class ExportService implements Exports {
  readonly #parts: ExportParts;

  constructor(parts: ExportParts) {
    this.#parts = parts;
  }

  async compliance(asked: Asked, actor: Actor): Promise<FileAnswer> {
    const { people, devices } = this.#parts.views;
    if (asked.what === 'checks') return await this.#coverage(asked, actor);
    const selection = {
      sight: asked.sight,
      ...(asked.at !== undefined && { at: await this.#parts.history.instant(asked.at) }),
      ...(asked.org !== undefined && { org: asked.org }),
      ...(asked.verdict && { verdict: asked.verdict }),
    };
    // Refuses a unit there is not, before the export is on record.
    if (asked.org !== undefined) await this.#parts.history.map({ org: asked.org });
    return asked.what === 'people'
      ? await this.#list<PersonSummary>(asked, selection, people, personColumns, actor)
      : await this.#list<DeviceSummary>(asked, selection, devices, deviceColumns, actor);
  }

  async personHistory(
    id: string,
    { format, ...span }: Query<Routes['exportPersonHistory']>,
    actor: Actor,
  ): Promise<FileAnswer> {
    const { history, district } = this.#parts;
    const found = await history.ofPerson(id, span);
    const words = `The compliance of this person from ${found.measures.from} to ${found.measures.to} was exported as ${format.toUpperCase()}.`;
    await this.#tell({ actor, code: 'compliance-exported', words, subject: { kind: 'person', id } });
    const bytes =
      format === 'csv'
        ? await csvBytes(personTitles, [personRows(found)])
        : await pdfBytes(bounded(personPaper(found, district)));
    return fileOf(`compliance-of-a-person-${found.measures.to.slice(0, 10)}`, format, bytes, 1);
  }

  async evidencePack({ at: asked }: Query<Routes['exportEvidencePack']>, actor: Actor): Promise<FileAnswer> {
    const { clock, history, views, district } = this.#parts;
    const at = asked === undefined ? clock.now() : await history.instant(asked);
    const words = `An evidence pack of compliance as of ${iso(at)} was made, without names of people and devices.`;
    await this.#tell({ actor, code: 'evidence-pack-made', words });
    const parts: EvidenceParts = { history, views: views.compliance, district };
    const files = await evidenceFiles(parts, at, clock.now());
    const name = `evidence-${iso(at).slice(0, 10)}.zip`;
    return { name, type: 'application/zip', bytes: await zipBytes(files, at) };
  }

  async #list<T>(
    { what, format }: Asked,
    selection: Selection,
    source: Source<T>,
    columns: readonly Column<T>[],
    actor: Actor,
  ): Promise<FileAnswer> {
    const total = await source.count(selection);
    demandFits(total, format);
    const asOf = selection.at ?? this.#parts.clock.now();
    await this.#tellList(what, format, { ...selection, at: asOf }, actor, `${total}`);
    const name = `compliance-${what}-${iso(asOf).slice(0, 10)}`;
    if (format === 'csv') {
      const rows = mapped(slices(source, selection), (items) => items.map((item) => cellsOf(columns, item)));
      return fileOf(name, format, await csvBytes(titlesOf(columns), rows), total);
    }
    const items = (await Array.fromAsync(slices(source, selection))).flat();
    const table = { title: `${total} ${what}`, ...onPaper(columns, items) };
    return fileOf(name, format, await this.#paper(`Compliance: ${what}`, asOf, [table]), total);
  }

  async #coverage({ format, org, at: asked, verdict, sight }: Asked, actor: Actor): Promise<FileAnswer> {
    if (verdict)
      throw new CodedError('bad-request', 'Checks have no verdict. Leave it out, or export people or devices.');
    const map = await this.#parts.history.map({ sight, ...(asked && { at: asked }), ...(org && { org }) });
    const at = Date.parse(map.at);
    const coverage = coverageOf(map);
    demandFits(coverage.length, format);
    await this.#tellList('checks', format, { at, ...(org && { org }) }, actor, 'counts of');
    const name = `compliance-checks-${iso(at).slice(0, 10)}`;
    if (format === 'csv') {
      const rows = coverage.map((one) => cellsOf(coverageColumns, one));
      return fileOf(name, format, await csvBytes(titlesOf(coverageColumns), [rows]));
    }
    const table = { title: 'Units and checks', ...onPaper(coverageColumns, coverage) };
    return fileOf(name, format, await this.#paper('Compliance: checks', at, [table]));
  }

  async #paper(title: string, at: number, tables: PdfTable[]): Promise<Uint8Array> {
    return await pdfBytes({ title, lines: [this.#parts.district, `As of ${iso(at)}`], tables, at });
  }

  async #tellList(
    what: string,
    format: string,
    { at, org, verdict }: Selection & { at: number },
    actor: Actor,
    many: string,
  ) {
    const filters = [org ? ` of unit ${org}` : '', verdict ? ` with the verdict ${verdict}` : ''].join('');
    const words = `The compliance of ${many} ${what}${filters} as of ${iso(at)} was exported as ${format.toUpperCase()}.`;
    await this.#tell({ actor, code: 'compliance-exported', words });
  }

  async #tell(event: NewEvent): Promise<void> {
    await this.#parts.events.add(event);
  }
}

async function* slices<T>(source: Source<T>, selection: Selection): AsyncGenerator<T[]> {
  let cursor: string | null | undefined;
  do {
    const found = await source.slice({ ...selection, limit: sliceSize, ...(cursor && { cursor }) });
    yield found.items;
    cursor = found.nextCursor;
  } while (cursor !== null);
}

async function* mapped<T, R>(items: AsyncIterable<T>, change: (item: T) => R): AsyncGenerator<R> {
  for await (const item of items) yield change(item);
}

function demandFits(rows: number, format: 'csv' | 'pdf'): void {
  if (format === 'pdf' && rows > mostOnPaper)
    throw new CodedError(
      'too-large',
      `A PDF holds ${mostOnPaper} rows at most, and these are ${rows}. Choose a unit or a verdict, or take the CSV.`,
    );
  if (rows > mostInCsv)
    throw new CodedError(
      'too-large',
      `A CSV holds ${mostInCsv} rows at most, and these are ${rows}. Choose a unit or a verdict.`,
    );
}

function bounded<P extends { tables: readonly PdfTable[] }>(paper: P): P {
  demandFits(Math.max(...paper.tables.map(({ rows }) => rows.length)), 'pdf');
  return paper;
}

function fileOf(name: string, format: 'csv' | 'pdf', bytes: Uint8Array, rows = 0): FileAnswer {
  return { name: `${name}.${format}`, type: types[format], bytes, rows };
}

const iso = (at: number) => new Date(at).toISOString();
