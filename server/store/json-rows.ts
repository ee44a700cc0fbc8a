import { CompiledQuery, type Kysely } from 'kysely';
import type { Database } from './schema.ts';

/** One row for a statement, by position. */
export type JsonRow = readonly (string | number | null)[];

/**
 * A statement whose text never differs, so that it is put together and prepared once: Kysely takes longer to make one of what a
 * builder says than SQLite to run it. Rows or values, however many, are one parameter: `json_each(?)` has each as a JSON
 * array in `value`, so that `value ->> 0` is its first field (https://sqlite.org/json1.html). Call it with a transaction to be
 * part of that.
 */
export function statement<R = unknown>(
  text: string,
): (db: Kysely<Database>, rows: readonly (JsonRow | JsonRow[number])[]) => Promise<R[]> {
  return async (db, rows) => (await db.executeQuery<R>(CompiledQuery.raw(text, [JSON.stringify(rows)]))).rows;
}
