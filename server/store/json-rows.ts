import { type RawBuilder, sql } from 'kysely';

/** One row for a statement, by position. */
export type JsonRow = readonly (string | number | null)[];

/**
 * Rows as a table whose column `value` holds each as a JSON array (`value ->> 0` is its first field): one parameter however
 * many there are, so that the text of the statement never differs and is prepared once (https://sqlite.org/json1.html).
 */
export function jsonRows(rows: readonly JsonRow[]): RawBuilder<unknown> {
  return sql`json_each(${JSON.stringify(rows)})`;
}

/** The same for a list of single values: `value` is each. For `in (select value from …)`. */
export function jsonValues(values: readonly string[]): RawBuilder<string> {
  return sql<string>`(select value from json_each(${JSON.stringify(values)}))`;
}
