import type { RowProblem } from '../api/schemas.ts';
import { CodedError } from '../errors/catalogue.ts';
import { type RowFormat, readRow } from './row.ts';

export interface ParseOptions {
  /** Distinct names a list may have; more is refused. */
  maxNames?: number;
  /** Shown with each problem. */
  file?: string;
}

export interface ParsedList {
  /** Distinct names in comparable form (lower case, punycode), in the order first seen. */
  names: string[];
  /** The first 100 problems by row, then one line counting the rest. */
  problems: RowProblem[];
  /** Rows that gave no name although they are no comment. */
  skipped: number;
  /** How most rows are written: `hosts`, `domains`, `wildcard` or `adblock`. */
  format: RowFormat;
}

const defaultMaxNames = 5_000_000;
const maxRows = 5_000_000;
const maxRowLength = 16_777_216;
const problemLimit = 100;

/**
 * Reads a list of names in any of the usual forms. A bad row is reported with its number and left out; throws `bad-list`
 * for what is no list at all, so that the earlier list stays in force.
 */
export function parseList(content: Uint8Array | string, options: ParseOptions = {}): ParsedList {
  const text = typeof content === 'string' ? content : decode(content);
  refuseWhatIsNoList(text);
  const reading = new Reading(options.file ?? 'list', options.maxNames ?? defaultMaxNames);
  let row = 0;
  for (let start = text.startsWith('\ufeff') ? 1 : 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    row += 1;
    if (row > maxRows) throw refused(`it has more than ${maxRows} rows. Split it into several categories`);
    if (end - start > maxRowLength) throw refused(`row ${row} is longer than 16 MiB; this is not a list of names`);
    reading.add(row, text.slice(start, end).trim());
    start = end + 1;
  }
  return reading.finish();
}

class Reading {
  readonly #file: string;
  readonly #maxNames: number;
  readonly #names = new Set<string>();
  readonly #formats: Record<RowFormat, number> = { hosts: 0, domains: 0, wildcard: 0, adblock: 0 };
  readonly #problems: RowProblem[] = [];
  #problemCount = 0;
  #skipped = 0;

  constructor(file: string, maxNames: number) {
    this.#file = file.slice(0, 255);
    this.#maxNames = maxNames;
  }

  add(row: number, text: string): void {
    const read = readRow(text);
    if (!read) return;
    if (read.kind === 'names') {
      this.#formats[read.format] += 1;
      for (const name of read.names) this.#names.add(name);
      if (this.#names.size > this.#maxNames) throw refused(`it has more than ${this.#maxNames} names`);
      if (read.problem !== undefined) this.#report(row, 'error', read.problem);
      return;
    }
    this.#skipped += 1;
    this.#report(row, read.kind === 'bad' ? 'error' : 'warning', read.words);
  }

  finish(): ParsedList {
    if (this.#names.size === 0) {
      throw refused(
        `it holds no names${this.#skipped > 0 ? `, and ${this.#skipped} rows that are none` : ''}`,
        this.#problems,
      );
    }
    const rest = this.#problemCount - this.#problems.length;
    if (rest > 0) {
      const words = `${rest} more rows have problems.`;
      this.#problems.push({ severity: 'warning', file: this.#file, row: null, column: null, words });
    }
    return {
      names: [...this.#names],
      problems: this.#problems,
      skipped: this.#skipped,
      format: mostFrequent(this.#formats),
    };
  }

  #report(row: number, severity: RowProblem['severity'], words: string): void {
    this.#problemCount += 1;
    if (this.#problems.length < problemLimit) {
      this.#problems.push({ severity, file: this.#file, row, column: null, words });
    }
  }
}

/** Old lists carry comments in Latin-1, so a wrong byte spoils its row only. */
function decode(bytes: Uint8Array): string {
  if ((bytes[0] === 0x1f && bytes[1] === 0x8b) || (bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 0x03)) {
    throw refused('it is compressed. Unpack it first');
  }
  if (bytes.includes(0)) throw refused('it holds NUL bytes, so it is no text in UTF-8. Save it as UTF-8');
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

function refuseWhatIsNoList(text: string): void {
  if (text.includes('\0')) throw refused('it holds NUL bytes, so it is no text. Save it as plain text');
  if (/^\s*<(!doctype|html|\?xml)/i.test(text.slice(0, 200))) {
    throw refused('it is a web page. Download the list itself (often the "raw" link)');
  }
}

function refused(why: string, problems: readonly RowProblem[] = []): CodedError {
  const details = problems.slice(0, 5).map((problem) => `row ${problem.row}: ${problem.words}`);
  return new CodedError('bad-list', `The list cannot be used: ${why}. The earlier one stays in force.`, details);
}

function mostFrequent(formats: Record<RowFormat, number>): RowFormat {
  const [first] = (Object.entries(formats) as [RowFormat, number][]).sort((a, b) => b[1] - a[1]);
  return first?.[0] ?? 'domains';
}
