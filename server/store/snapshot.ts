import SqliteDatabase from 'better-sqlite3';
import { preparePrivateFile } from './private-file.ts';

/** What a database holds, for comparing a copy with what was copied. */
export interface DatabaseContents {
  /** Names of the migrations that made its tables, in order. */
  migrations: string[];
  /** Rows per table. */
  rows: Record<string, number>;
}

/**
 * Copies a database that may be written to meanwhile: the copy is one moment of it, complete in one file
 * (https://sqlite.org/backup.html).
 */
export async function copyDatabase(from: string, to: string): Promise<void> {
  preparePrivateFile(to);
  const source = new SqliteDatabase(from, { readonly: true, fileMustExist: true });
  try {
    await source.backup(to);
  } finally {
    source.close();
  }
  const copy = new SqliteDatabase(to);
  copy.pragma('journal_mode = DELETE');
  copy.close();
}

/** Throws a sentence when the file is damaged, or not a database of this server. */
export function inspectDatabase(path: string): DatabaseContents {
  const database = new SqliteDatabase(path, { readonly: true, fileMustExist: true });
  try {
    const found = database.pragma('integrity_check(1)', { simple: true });
    if (found !== 'ok') throw new Error(`The database is damaged: ${String(found)}`);
    const dangling = database.pragma('foreign_key_check') as unknown[];
    if (dangling.length > 0)
      throw new Error(`${dangling.length} rows of the database point to rows that are not there.`);
    return contentsOf(database);
  } finally {
    database.close();
  }
}

/** Whoever was signed in when the copy was made is not any more. */
export function endSessions(path: string): void {
  const database = new SqliteDatabase(path, { fileMustExist: true });
  try {
    database.exec('DELETE FROM staff_session');
  } finally {
    database.close();
  }
}

function contentsOf(database: SqliteDatabase.Database): DatabaseContents {
  const names = (sql: string) => database.prepare<[], string>(sql).pluck().all();
  const tables = names(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
  );
  const count = (table: string) => database.prepare<[], number>(`SELECT count(*) FROM "${table}"`).pluck().get() ?? 0;
  return {
    migrations: names('SELECT name FROM kysely_migration ORDER BY name'),
    rows: Object.fromEntries(tables.map((table) => [table, count(table)])),
  };
}
