import { plainJson, plainLines, plainText } from '../../shared/plain-text.ts';

/** How a command speaks: JSON for programs with --json, sentences and tables for people otherwise. */
export class Output {
  readonly json: boolean;
  readonly #write: (text: string) => void;

  constructor(json: boolean, write: (text: string) => void = (text) => void process.stdout.write(text)) {
    this.json = json;
    this.#write = write;
  }

  /** With --json the value, else the words. */
  result(value: unknown, words: string): void {
    this.#write(`${this.json ? plainJson(value) : plainLines(words)}\n`);
  }
}

/** What strangers named is printed, never obeyed (`shared/plain-text.ts`). Columns padded to their widest cell; cells longer than `widest` are cut. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], widest = 48): string {
  const cut = (cell: string) => (cell.length > widest ? `${cell.slice(0, widest - 1)}…` : cell);
  const cells = [head, ...rows].map((row) => row.map((cell) => cut(plainText(cell, ''))));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return cells.map(line).join('\n');
}
