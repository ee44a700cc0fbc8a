import type SqliteDatabase from 'better-sqlite3';
import type { SqliteDatabase as KyselyDatabase, SqliteStatement } from 'kysely';

/** Enough for every statement of constant text; lists of ids make others, which come and go. */
const mostStatements = 500;
/** Longer ones are lists of values or ids, hardly the same twice. */
const longestText = 4_000;
/** These act while they are prepared (https://sqlite.org/pragma.html), or change what others were prepared for. */
const uncached = /^\s*(pragma|create|alter|drop|attach|detach|vacuum|reindex)\b/i;

/** Of these one comes with each group of reports: `exec` takes a tenth of what a statement of its own does. */
const acting = /^pragma synchronous = \w+$/;

const nothing: SqliteStatement = {
  reader: false,
  all: () => [],
  run: () => ({ changes: 0, lastInsertRowid: 0 }),
  iterate: () => [].values(),
};

/**
 * What Kysely asks of a database, with statements kept for the next time: preparing one takes longer than running it. Kysely runs
 * each to its end before it prepares another, so one that is kept is never busy; those that are walked through row by row
 * may overlap and are always their own.
 */
export class StatementCache implements KyselyDatabase {
  readonly #db: SqliteDatabase.Database;
  /** The longest unused first. */
  readonly #kept = new Map<string, SqliteStatement>();

  constructor(db: SqliteDatabase.Database) {
    this.#db = db;
  }

  /** Throws what SQLite says of a wrong text. */
  prepare(text: string): SqliteStatement {
    if (acting.test(text)) return this.#done(text);
    if (text === 'rollback' && !this.#db.inTransaction) return nothing; // SQLite has undone it by itself, as it does when the disk is full: the error is told, and not that.
    if (text.length > longestText || uncached.test(text)) return this.#fresh(text);
    const kept = this.#kept.get(text) ?? this.#reusable(text);
    this.#kept.delete(text);
    this.#kept.set(text, kept);
    if (this.#kept.size > mostStatements) this.#forgetOldest();
    return kept;
  }

  close(): void {
    this.#kept.clear();
    this.#db.close();
  }

  /** It acted while it was prepared, and has nothing to say. */
  #done(text: string): SqliteStatement {
    this.#db.exec(text);
    return nothing;
  }

  #reusable(text: string): SqliteStatement {
    const statement = this.#fresh(text);
    return {
      reader: statement.reader,
      all: (parameters) => statement.all(parameters),
      run: (parameters) => statement.run(parameters),
      iterate: (parameters) => this.#fresh(text).iterate(parameters),
    };
  }

  #fresh(text: string): SqliteStatement {
    return this.#db.prepare(text) as unknown as SqliteStatement;
  }

  #forgetOldest(): void {
    const oldest = this.#kept.keys().next().value;
    if (oldest !== undefined) this.#kept.delete(oldest);
  }
}
