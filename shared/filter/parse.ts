import type { RowProblem } from '../api/schemas.ts';
import { CodedError } from '../errors/catalogue.ts';
import { bad, isComment, type NamesRow, type Row, type RowFormat, readRow } from './row.ts';
import { ZoneReader } from './zone.ts';

export interface ParseOptions {
  /** Distinct names a list may have; more is refused. */
  maxNames?: number;
  /** Shown with each problem. */
  file?: string;
}

export interface ParsedList {
  /** Distinct names in comparable form (lower case, punycode), in the order first seen. */
  names: string[];
  /** Names the list itself takes out, each with everything below it; only those that are below one of `names`. */
  exceptions: string[];
  /** The first 100 problems by row, then one line counting the rest. */
  problems: RowProblem[];
  /** Rows that gave no name although they are no comment. */
  skipped: number;
  /** How most rows are written. */
  format: RowFormat;
}

const defaultMaxNames = 5_000_000;
const maxRows = 5_000_000;
const maxRowLength = 16_777_216;
/** A row of a list holds a name or a few. */
const rowLimit = 4096;
const problemLimit = 100;
const pieceBytes = 1_048_576;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * Reads a list of names in any of the usual forms. A bad row is reported with its number and left out; throws `bad-list`
 * for what is no list at all, so that the earlier list stays in force.
 */
export function parseList(content: Uint8Array | string, options: ParseOptions = {}): ParsedList {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  refuseWhatIsNoList(bytes);
  const reading = new Reading(options.file ?? 'list', options.maxNames ?? defaultMaxNames);
  for (const text of piecesOf(bytes)) reading.addRows(text);
  return reading.finish();
}

class Reading {
  readonly #file: string;
  readonly #maxNames: number;
  readonly #names = new Set<string>();
  readonly #exceptions = new Set<string>();
  readonly #important = new Set<string>();
  readonly #zone = new ZoneReader();
  readonly #formats: Record<RowFormat, number> = { hosts: 0, domains: 0, wildcard: 0, adblock: 0, rpz: 0 };
  readonly #problems: RowProblem[] = [];
  #row = 0;
  #problemCount = 0;
  #skipped = 0;

  constructor(file: string, maxNames: number) {
    this.#file = file.slice(0, 255);
    this.#maxNames = maxNames;
  }

  /** Whole rows; the last one may lack its end. */
  addRows(text: string): void {
    for (let start = 0; start < text.length; ) {
      const newline = text.indexOf('\n', start);
      const end = newline < 0 ? text.length : newline;
      this.#row += 1;
      if (this.#row > maxRows) throw refused(`it has more than ${maxRows} rows. Split it into several categories`);
      this.#add(this.#read(text.slice(start, end).trim()));
      start = end + 1;
    }
  }

  finish(): ParsedList {
    if (this.#names.size === 0) {
      const words = `it holds no names${this.#skipped > 0 ? `, and ${this.#skipped} rows that are none` : ''}`;
      throw refused(words, this.#problems);
    }
    const exceptions = this.#takeOut();
    const rest = this.#problemCount - this.#problems.length;
    if (rest > 0) {
      const words = `${rest} more rows have problems.`;
      this.#problems.push({ severity: 'warning', file: this.#file, row: null, column: null, words });
    }
    return {
      names: [...this.#names],
      exceptions,
      problems: this.#problems,
      skipped: this.#skipped,
      format: mostFrequent(this.#formats),
    };
  }

  #read(text: string): Row {
    if (text.length > rowLimit)
      return isComment(text) ? undefined : bad(`The row is longer than ${rowLimit} characters.`);
    const row = this.#zone.read(text);
    return row === 'other' ? readRow(text) : row;
  }

  #add(read: Row): void {
    if (!read) return;
    if (read.kind === 'names' || read.kind === 'exceptions') {
      this.#keep(read);
      return;
    }
    this.#skipped += 1;
    this.#report(read.kind === 'bad' ? 'error' : 'warning', read.words);
  }

  #keep({ kind, format, names, important, problem }: NamesRow): void {
    const kept = kind === 'names' ? this.#names : this.#exceptions;
    this.#formats[format] += 1;
    for (const name of names) {
      kept.add(name);
      if (important) this.#important.add(name);
    }
    if (kept.size > this.#maxNames) throw refused(`it has more than ${this.#maxNames} names`);
    if (problem !== undefined) this.#report('error', problem);
  }

  /** Applies the exceptions to the names; returns those that are still needed, because a listed name is above them. */
  #takeOut(): string[] {
    const exceptions = [...this.#exceptions].filter((name) => !reaches(this.#important, name));
    const lifted = new Set(exceptions);
    if (lifted.size > 0) {
      for (const name of this.#names) if (reaches(lifted, name) && !this.#important.has(name)) this.#names.delete(name);
    }
    return exceptions.filter((name) => reaches(this.#names, name));
  }

  #report(severity: RowProblem['severity'], words: string): void {
    this.#problemCount += 1;
    if (this.#problems.length < problemLimit) {
      this.#problems.push({ severity, file: this.#file, row: this.#row, column: null, words });
    }
  }
}

/** Does one of `names` cover the name: itself, or a domain above it? */
function reaches(names: ReadonlySet<string>, name: string): boolean {
  for (let domain = name; ; ) {
    if (names.has(domain)) return true;
    const dot = domain.indexOf('.');
    if (dot < 0) return false;
    domain = domain.slice(dot + 1);
  }
}

/**
 * The text in pieces that end with a row, so that a large list is not held twice. Old lists carry comments in Latin-1, so
 * a wrong byte spoils its row only. Rows end with LF, CR LF, or in a file without any LF with CR.
 */
function* piecesOf(bytes: Uint8Array): Generator<string> {
  const end = bytes.includes(lineFeed) ? lineFeed : carriageReturn;
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  for (let start = hasByteOrderMark(bytes) ? 3 : 0; start < bytes.length; ) {
    const stop = endOfPiece(bytes, start, end);
    const text = decoder.decode(bytes.subarray(start, stop));
    yield end === lineFeed ? text : text.replaceAll('\r', '\n');
    start = stop;
  }
}

function endOfPiece(bytes: Uint8Array, start: number, end: number): number {
  if (start + pieceBytes >= bytes.length) return bytes.length;
  const back = bytes.lastIndexOf(end, start + pieceBytes);
  const at = back >= start ? back : bytes.indexOf(end, start + pieceBytes);
  const stop = at < 0 ? bytes.length : at + 1;
  if (stop - start > maxRowLength) throw refused('it has a row longer than 16 MiB; this is not a list of names');
  return stop;
}

const hasByteOrderMark = (bytes: Uint8Array) => bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;

const archives: readonly (readonly number[])[] = [
  [0x1f, 0x8b],
  [0x50, 0x4b, 0x03],
  [0x42, 0x5a, 0x68],
  [0xfd, 0x37, 0x7a, 0x58],
  [0x28, 0xb5, 0x2f, 0xfd],
  [0x37, 0x7a, 0xbc, 0xaf],
];

function refuseWhatIsNoList(bytes: Uint8Array): void {
  if (archives.some((magic) => magic.every((byte, at) => bytes[at] === byte))) {
    throw refused('it is compressed. Unpack it first');
  }
  if (bytes.includes(0)) throw refused('it holds NUL bytes, so it is no text in UTF-8. Save it as UTF-8');
  const begin = new TextDecoder().decode(bytes.subarray(0, 500)).trimStart();
  if (/^<(!doctype|html|\?xml|head|body)/i.test(begin)) {
    throw refused('it is a web page. Download the list itself (often the "raw" link)');
  }
  if (/^(\{|\[\s*["{[\]])/.test(begin)) throw refused('it is JSON, not a list with a name in each row');
}

function refused(why: string, problems: readonly RowProblem[] = []): CodedError {
  const details = problems.slice(0, 5).map((problem) => `row ${problem.row}: ${problem.words}`);
  return new CodedError('bad-list', `The list cannot be used: ${why}. The earlier one stays in force.`, details);
}

function mostFrequent(formats: Record<RowFormat, number>): RowFormat {
  const [first] = (Object.entries(formats) as [RowFormat, number][]).sort((a, b) => b[1] - a[1]);
  return first?.[0] ?? 'domains';
}
