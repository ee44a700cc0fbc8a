import { CsvError } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import { CodedError } from '../../shared/errors/catalogue.ts';

/** What a cell may be, by the header of its column; a file of one column needs none. */
export const columns = ['sourcedId', 'username', 'email', 'serial', 'name', 'asset'] as const;
export type Column = (typeof columns)[number];

/** One row that names somebody or something. */
export interface ListRow {
  /** In the file, the first being 1. */
  line: number;
  /** Cells that are not empty, by their columns; without a header `any`. */
  cells: { column: Column | 'any'; value: string }[];
}

export interface ListFile {
  rows: ListRow[];
  /** Columns of the header that say nothing here. */
  ignored: string[];
}

const longestRow = 8_192;
export const mostRows = 40_000;

const spellings: Readonly<Record<string, Column>> = {
  ...{ sourcedid: 'sourcedId', id: 'sourcedId', personid: 'sourcedId', studentid: 'sourcedId', staffid: 'sourcedId' },
  ...{ username: 'username', user: 'username', login: 'username', loginid: 'username' },
  ...{ email: 'email', mail: 'email', emailaddress: 'email' },
  ...{ serial: 'serial', serialnumber: 'serial', serialno: 'serial' },
  ...{ name: 'name', devicename: 'name', hostname: 'name', computername: 'name' },
  ...{ asset: 'asset', assettag: 'asset', assetnumber: 'asset' },
};

/**
 * Reads a CSV of people and devices: comma, semicolon or tab, with or without quotes, byte-order mark and header. `bad-file`
 * when it cannot be read as a whole.
 */
export function readListFile(bytes: Uint8Array): ListFile {
  const text = decoded(bytes);
  const records = parsed(text, delimiterOf(text));
  const [first] = records;
  if (!first) throw new CodedError('bad-file', 'The file is empty. Nothing was changed.');
  const header = first.cells.map((cell) => spellings[cell.toLowerCase().replaceAll(/[^a-z]/g, '')]);
  const isHeader = header.some((column) => column !== undefined);
  if (!isHeader && records.some(({ cells }) => cells.filter((cell) => cell !== '').length > 1)) {
    const words = `The first line names none of the columns ${columns.join(', ')}. Add a header, or leave one column.`;
    throw new CodedError('bad-file', words);
  }
  const columnAt = (index: number): Column | 'any' | undefined => (isHeader ? header[index] : 'any');
  const rows = (isHeader ? records.slice(1) : records).map(({ line, cells }) => ({
    line,
    cells: cells.flatMap((value, index) => {
      const column = columnAt(index);
      return column === undefined || value === '' ? [] : [{ column, value }];
    }),
  }));
  const ignored = isHeader ? first.cells.filter((cell, index) => cell !== '' && header[index] === undefined) : [];
  return { rows, ignored };
}

function decoded(bytes: Uint8Array): string {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff) || bytes.includes(0))
    throw new CodedError('bad-file', 'The file is not UTF-8 text. Save it as “CSV UTF-8” and retry.');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new CodedError('bad-file', 'The file is not UTF-8 text. Save it as “CSV UTF-8” and retry.');
  }
}

/** Spreadsheets of many countries write semicolons. */
function delimiterOf(text: string): string {
  const [first = ''] = text.split(/\r\n|\r|\n/, 1);
  const count = (sign: string) => first.split(sign).length;
  return [',', ';', '\t'].reduce((best, sign) => (count(sign) > count(best) ? sign : best));
}

function parsed(text: string, delimiter: string): { line: number; cells: string[] }[] {
  try {
    const records = parse(text, {
      ...{ delimiter, info: true, trim: true, relax_column_count: true, max_record_size: longestRow, to: mostRows + 2 },
    }) as unknown as { record: string[]; info: { lines: number } }[];
    if (records.length > mostRows + 1) {
      throw new CodedError('bad-file', `The file has more than ${mostRows.toLocaleString('en')} rows. Split it.`);
    }
    return records.map(({ record, info }) => ({ line: info.lines, cells: record })).filter(isFilled);
  } catch (error) {
    if (error instanceof CsvError) throw new CodedError('bad-file', wordsOf(error));
    throw error;
  }
}

const isFilled = ({ cells }: { cells: string[] }) => cells.some((cell) => cell !== '');

function wordsOf({ code, lines }: CsvError & { lines?: number }): string {
  const where = lines === undefined ? '' : ` near line ${lines}`;
  if (code === 'CSV_MAX_RECORD_SIZE') return `A row${where} is too long. Look for a quote that is never closed.`;
  return `The quotes${where} do not match. Close each quote, and double those inside a value.`;
}
