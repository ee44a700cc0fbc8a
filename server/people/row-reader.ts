import { readDate } from './dates.ts';
import { type Place, type ProblemLog, quoted } from './problems.ts';
import type { TableRow } from './table.ts';

/**
 * Reads the cells of one row and collects their problems. `failed` is true once a cell cannot be used: then the row is
 * left out. Cells that hold names of people are never quoted in a problem.
 */
export class RowReader {
  readonly #file: string;
  readonly #row: TableRow;
  readonly #log: ProblemLog;
  /** Cells that were read, so that each is complained about once. */
  readonly #read = new Map<string, string>();
  failed = false;

  constructor(file: string, row: TableRow, log: ProblemLog) {
    this.#file = file;
    this.#row = row;
    this.#log = log;
  }

  get number(): number {
    return this.#row.number;
  }

  /** Whether the file has the column at all. */
  has(column: string): boolean {
    return this.#row.cell(column) !== undefined;
  }

  /** The cell without spaces around it; blank when the column is missing. */
  text(column: string, longest = 255): string {
    const value = this.#read.get(column) ?? this.#clean(column, longest);
    this.#read.set(column, value);
    return value;
  }

  #clean(column: string, longest: number): string {
    const written = this.#row.cell(column) ?? '';
    let value = written.trim();
    if (value !== written) this.forgive(column, 'There are spaces around the value; they were ignored.');
    if (/\p{Cc}/u.test(value)) {
      this.forgive(column, 'The value holds a line break or control character; it counts as a space.');
      value = value.replaceAll(/\p{Cc}+/gu, ' ');
    }
    if (value.length > longest) this.error(column, `The value is longer than ${longest} characters. Shorten it.`);
    return value;
  }

  /** A cell that must not be blank. */
  demanded(column: string, longest = 255): string {
    const value = this.text(column, longest);
    if (value === '' && !this.failed) this.error(column, `${column} is blank. Fill it in.`);
    return value;
  }

  /** A cell the standard demands but that can be missed. */
  expected(column: string, longest = 255): string {
    const value = this.text(column, longest);
    if (value === '' && this.has(column)) this.forgive(column, `${column} is blank. Fill it in.`);
    return value;
  }

  /** Blank is `null`; no such column is `undefined`. */
  optional(column: string, longest = 255): string | null | undefined {
    return this.has(column) ? this.text(column, longest) || null : undefined;
  }

  /** A word of a vocabulary, in its spelling; undefined when the word is not in it. */
  word<T extends string>(column: string, vocabulary: readonly T[]): T | undefined {
    const written = this.text(column);
    const exact = vocabulary.find((word) => word === written);
    if (exact !== undefined) return exact;
    const folded = vocabulary.find((word) => word.toLowerCase() === written.toLowerCase());
    if (folded !== undefined) this.forgive(column, `${quoted(written)} should be written ${folded}.`);
    return folded;
  }

  /** Values separated by commas. */
  list(column: string, longest = 255): string[] {
    const items = this.text(column, 4000)
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
    if (items.some((item) => item.length > longest)) {
      this.error(column, `A value in the list is longer than ${longest} characters. Shorten it.`);
    }
    return [...new Set(items)];
  }

  /** Checks a cell of `true` or `false`; its value decides nothing here. */
  checkFlag(column: string): void {
    const written = this.text(column);
    if (written === 'true' || written === 'false' || written === '') return;
    if (/^(true|false|yes|no|[01tfyn])$/i.test(written)) {
      this.forgive(column, `${quoted(written)} should be written true or false.`);
    } else this.forgive(column, `${quoted(written)} is neither true nor false; it was ignored.`);
  }

  /** `YYYY-MM-DD`, or `null` when blank or not to be understood. */
  date(column: string): string | null {
    const written = this.text(column);
    if (written === '') return null;
    const { date, words } = readDate(written);
    if (words !== undefined) this.forgive(column, words);
    return date;
  }

  error(column: string | null, words: string): void {
    this.failed = true;
    this.#log.error(this.place(column), words);
  }

  /** In strict mode the whole import fails by it, but the row is read on, so that all its problems are listed. */
  forgive(column: string | null, words: string): void {
    this.#log.forgive(this.place(column), words);
  }

  warn(column: string | null, words: string): void {
    this.#log.warn(this.place(column), words);
  }

  place(column: string | null): Place {
    return { file: this.#file, row: this.#row.number, column };
  }
}
