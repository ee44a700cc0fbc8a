import { pipeline } from 'node:stream/promises';
import { CsvError, parse } from 'csv-parse';
import { matchHeader } from './header.ts';
import type { Place, ProblemLog } from './problems.ts';

/** What is known of a CSV file before it is read. */
export interface TableSpec {
  /** Every column the standard names, as it spells them. */
  columns: readonly string[];
  /** Columns whose cells are read. All others are dropped here, in the parser: nothing above ever sees them. */
  kept: readonly string[];
  /** Columns that must be there by the standard. */
  required: readonly string[];
  /** Columns without which rows mean nothing, so that lenient mode cannot do without them either. */
  essential: readonly string[];
  /** Other names, exactly as written, that are right in both modes. */
  aliases?: Readonly<Record<string, string>>;
  /** Names lenient mode understands, in small letters without spaces and signs. */
  misspellings?: Readonly<Record<string, string>>;
}

/** One row, holding the kept cells only. */
export interface TableRow {
  /** The header is row 1. */
  number: number;
  /** The cell as written; undefined when the file has no such column. */
  cell(column: string): string | undefined;
}

export interface TableEnd {
  /** Rows below the header that were not empty. */
  rows: number;
  /** False when reading stopped early or a row could not be attributed: then absence proves nothing. */
  complete: boolean;
}

/** Longest row, in bytes: a longer one comes from a quote that is never closed. */
const longestRow = 131_072;
const mostRows = 3_000_000;

/** The file as a whole cannot be read on; the words are for people. */
class UnreadableTable extends Error {}

/**
 * Reads a CSV row by row, holding one row at a time. What stops it is a problem of the file, never an exception:
 * rows before it were given to `onRow`, and `complete` is false.
 */
export async function readTable(
  name: string,
  bytes: AsyncIterable<Uint8Array>,
  spec: TableSpec,
  log: ProblemLog,
  onRow: (row: TableRow) => void,
): Promise<TableEnd> {
  const reader = new RowSplitter(name, spec, log, onRow);
  try {
    await pipeline(
      decoded(bytes, () => noteMark(name, log)),
      parser(log, (cells) => reader.take(cells)).resume(),
    );
  } catch (error) {
    const words = wordsOf(error);
    if (words === undefined) throw error;
    log.error({ file: name, row: reader.row + 1, column: null }, words);
    return { rows: reader.rows, complete: false };
  }
  if (reader.row === 0) log.error({ file: name, row: null, column: null }, 'The file is empty. Export it again.');
  return { rows: reader.rows, complete: reader.complete };
}

/** Rows are taken as they are parsed, so that none before a fault is lost; the stream itself carries nothing. */
function parser(log: ProblemLog, take: (cells: string[]) => void) {
  return parse({
    relax_column_count: true,
    relax_quotes: log.mode === 'lenient',
    max_record_size: longestRow,
    on_record: (cells: string[]) => {
      take(cells);
      return null;
    },
  });
}

class RowSplitter {
  readonly #file: string;
  readonly #spec: TableSpec;
  readonly #log: ProblemLog;
  readonly #onRow: (row: TableRow) => void;
  #columns: ReadonlyMap<string, number> | undefined;
  #width = 0;
  row = 0;
  rows = 0;
  complete = true;

  constructor(file: string, spec: TableSpec, log: ProblemLog, onRow: (row: TableRow) => void) {
    this.#file = file;
    this.#spec = spec;
    this.#log = log;
    this.#onRow = onRow;
  }

  take(cells: string[]): void {
    this.row += 1;
    if (this.row === 1) this.#takeHeader(cells);
    else this.#takeRow(cells);
  }

  #takeRow(cells: string[]): void {
    if (cells.every((cell) => cell === '')) return;
    this.rows += 1;
    if (this.rows > mostRows) throw new UnreadableTable(`The file has more than ${mostRows} rows. Split it.`);
    const columns = this.#columns;
    if (!columns || !this.#fits(cells)) {
      this.complete = false;
      return;
    }
    const kept = new Map<string, string>();
    for (const [column, index] of columns) kept.set(column, cells[index] ?? '');
    this.#onRow({ number: this.row, cell: (column) => kept.get(column) });
  }

  #takeHeader(cells: string[]): void {
    this.#width = cells.length;
    this.#columns = matchHeader(this.#file, cells, this.#spec, this.#log);
    if (!this.#columns) this.complete = false;
  }

  /** A row with too many cells has probably slipped sideways, so that nothing in it can be trusted. */
  #fits(cells: string[]): boolean {
    if (cells.length === this.#width) return true;
    const place: Place = { file: this.#file, row: this.row, column: null };
    const counts = `The row has ${quotedCount(cells.length)} cells, the header ${quotedCount(this.#width)}`;
    if (cells.length < this.#width) {
      this.#log.forgive(place, `${counts}; the missing ones count as blank. Check for a comma that is missing.`);
      return true;
    }
    if (cells.slice(this.#width).every((cell) => cell.trim() === '')) {
      this.#log.forgive(place, `${counts}; the blank ones at the end were ignored.`);
      return true;
    }
    this.#log.error(place, `${counts}. Put quotes around values that hold a comma.`);
    return false;
  }
}

const quotedCount = (count: number) => `“${count}”`;

/** UTF-8 text, or words about what the bytes are instead. */
async function* decoded(bytes: AsyncIterable<Uint8Array>, onMark: () => void): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let atStart = true;
  for await (const chunk of bytes) {
    if (atStart && isUtf16(chunk))
      throw new UnreadableTable('The file is UTF-16 text. Save it as “CSV UTF-8” and retry.');
    if (chunk.includes(0)) {
      throw new UnreadableTable('The file holds NUL bytes, so it is not a CSV. Save it as “CSV UTF-8” and retry.');
    }
    const text = decode(decoder, chunk);
    yield atStart ? withoutMark(text, onMark) : text;
    atStart &&= text === '';
  }
  yield decode(decoder, undefined);
}

function decode(decoder: InstanceType<typeof TextDecoder>, chunk: Uint8Array | undefined): string {
  try {
    return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
  } catch (cause) {
    throw new UnreadableTable('The file is not UTF-8 text. Save it as “CSV UTF-8” and retry.', { cause });
  }
}

function withoutMark(text: string, onMark: () => void): string {
  if (!text.startsWith('\ufeff')) return text;
  onMark();
  return text.slice(1);
}

function noteMark(file: string, log: ProblemLog): void {
  log.forgive({ file, row: 1, column: null }, 'The file begins with a byte-order mark. Save it as UTF-8 without one.');
}

const isUtf16 = (chunk: Uint8Array) =>
  (chunk[0] === 0xff && chunk[1] === 0xfe) || (chunk[0] === 0xfe && chunk[1] === 0xff);

function wordsOf(error: unknown): string | undefined {
  if (error instanceof UnreadableTable) return error.message;
  if (!(error instanceof CsvError)) return damaged(error);
  switch (error.code) {
    case 'CSV_MAX_RECORD_SIZE':
      return `This row is longer than ${longestRow / 1024} KB. Look for a quote that is never closed.`;
    case 'CSV_QUOTE_NOT_CLOSED':
      return 'A quote is opened and never closed. Close it, or double it where it is part of the text.';
    default:
      return 'A quote stands in the middle of a value. Put quotes around the value and double those inside.';
  }
}

/** Failures of the unpacking that yauzl and zlib report while a file is read. */
function damaged(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const isZip =
    code.startsWith('Z_') || (error instanceof Error && /bytes in the stream|byte count/i.test(error.message));
  return isZip ? 'The zip is damaged in this file. Export or pack it again.' : undefined;
}
