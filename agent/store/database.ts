import { chmodSync, existsSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Log } from '../log.ts';
import { moveAside } from './home.ts';

/** Another process holds this home: one agent per home. */
export class HomeBusy extends Error {
  constructor(path: string) {
    super(`Another agent is using ${path}. Stop it first (rollcall-agent status shows it).`);
    this.name = 'HomeBusy';
  }
}

const schema = `
  CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS record (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    batch INTEGER
  ) STRICT;
  CREATE INDEX IF NOT EXISTS record_batch ON record (batch);
  CREATE TABLE IF NOT EXISTS section (name TEXT PRIMARY KEY, reported TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS correction (section TEXT NOT NULL, item TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS finding (code TEXT PRIMARY KEY, detail TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS command (
    id TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    text TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    slot TEXT,
    boot_id TEXT NOT NULL,
    begun_at INTEGER NOT NULL,
    kept TEXT
  ) STRICT, WITHOUT ROWID;
  PRAGMA user_version = 1;
`;
/** A status that is read from disk holds the lock for a moment; an agent that starts then must not give up. */
const waitForLockMs = 1_000;
const busy = 5;
const corrupt = 11;
const notADatabase = 26;

/**
 * Opens the agent's database and keeps it locked for this process until it is closed: the operating system frees the
 * lock when the process dies. Throws `HomeBusy` when another process has it. A damaged one is moved aside and a new
 * one begun: what it held are reports not yet sent; identity, originals and desired state are files of their own.
 */
export function openDatabase(path: string, now: number, log: Log): DatabaseSync {
  try {
    return open(path);
  } catch (error) {
    const code = sqliteCode(error);
    if (code === busy) throw new HomeBusy(path);
    if (code !== corrupt && code !== notADatabase) throw error;
    const aside = moveDatabaseAside(path, now);
    log.error(
      { aside },
      'The database was damaged and has been moved aside; a new one is begun. Unsent reports are lost, the enrolment is not.',
    );
    return open(path);
  }
}

/**
 * Prepares each text once. SQLite's memory of a statement is freed only when V8 collects what stands for it, and V8 does not
 * see it grow: prepared anew for each report, some thousands would wait.
 */
class Database extends DatabaseSync {
  readonly #prepared = new Map<string, StatementSync>();

  override prepare(sql: string): StatementSync {
    const statement = this.#prepared.get(sql) ?? super.prepare(sql);
    this.#prepared.set(sql, statement);
    return statement;
  }
}

function open(path: string): DatabaseSync {
  const database = new Database(path, { timeout: waitForLockMs });
  try {
    // Exclusive before the first access: no shared memory file, and the lock is held from here on.
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    database.exec('PRAGMA cache_size = -512; PRAGMA journal_size_limit = 4194304;');
    database.exec(`BEGIN IMMEDIATE; ${schema} COMMIT;`);
    const check = database.prepare('PRAGMA quick_check(1)').get() as { quick_check: string };
    for (const part of ['', '-wal']) if (existsSync(path + part)) chmodSync(path + part, 0o600);
    if (check.quick_check !== 'ok') throw Object.assign(new Error(check.quick_check), { errcode: corrupt });
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function moveDatabaseAside(path: string, now: number): string {
  for (const part of ['-wal', '-shm', '-journal']) if (existsSync(path + part)) moveAside(path + part, now);
  return moveAside(path, now);
}

/** SQLite's primary result code: https://www.sqlite.org/rescode.html */
function sqliteCode(error: unknown): number | undefined {
  const code = (error as { errcode?: number }).errcode;
  return code === undefined ? undefined : code & 0xff;
}

/** Runs `work` in one transaction: all of it is on disk afterwards, or nothing. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // SQLite undoes some by itself, on a full disk for one: https://sqlite.org/lang_transaction.html
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
