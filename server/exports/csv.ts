import { setImmediate } from 'node:timers/promises';
import { stringify } from 'csv-stringify/sync';

export type Cell = string | number | null;

/** Says so to spreadsheets that would else take UTF-8 for something older. */
const byteOrderMark = '\uFEFF';

/**
 * A CSV file after RFC 4180, for people who open it in a spreadsheet: a cell that would be taken for a formula begins with
 * an apostrophe (https://owasp.org/www-community/attacks/CSV_Injection). Rows come in chunks, and sockets have their turn
 * between two of them.
 */
export async function csvBytes(
  header: readonly string[],
  chunks: AsyncIterable<readonly (readonly Cell[])[]> | Iterable<readonly (readonly Cell[])[]>,
): Promise<Uint8Array> {
  const parts = [Buffer.from(byteOrderMark + lines([header]))];
  for await (const rows of chunks) {
    parts.push(Buffer.from(lines(rows)));
    await setImmediate();
  }
  return Buffer.concat(parts);
}

function lines(rows: readonly (readonly Cell[])[]): string {
  return stringify(
    rows.map((row) => [...row]),
    { record_delimiter: 'windows', escape_formulas: true, quoted_match: /[\r\n]/ },
  );
}
