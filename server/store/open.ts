import SqliteDatabase from 'better-sqlite3';
import {
  type DatabaseConnection,
  Kysely,
  SqliteAdapter,
  SqliteDialect,
  type SqliteDialectConfig,
  SqliteDriver,
} from 'kysely';
import { Migrator } from 'kysely/migration';
import { Checkpointer } from './checkpointer.ts';
import * as foundation from './migrations/0001-foundation.ts';
import * as webFilter from './migrations/0002-web-filter.ts';
import * as graceAndWaivers from './migrations/0003-grace-and-waivers.ts';
import * as history from './migrations/0004-history.ts';
import * as policy from './migrations/0005-policy.ts';
import * as access from './migrations/0006-access.ts';
import * as audit from './migrations/0007-audit.ts';
import * as helpdesk from './migrations/0008-helpdesk.ts';
import * as diagnosis from './migrations/0009-diagnosis.ts';
import * as commands from './migrations/0010-commands.ts';
import * as lists from './migrations/0011-lists.ts';
import * as unreadIndex from './migrations/0012-unread-index.ts';
import { preparePrivateFile } from './private-file.ts';
import type { Database } from './schema.ts';
import { StatementCache } from './statement-cache.ts';

const migrations = {
  '0001-foundation': foundation,
  '0002-web-filter': webFilter,
  '0003-grace-and-waivers': graceAndWaivers,
  '0004-history': history,
  '0005-policy': policy,
  '0006-access': access,
  '0007-audit': audit,
  '0008-helpdesk': helpdesk,
  '0009-diagnosis': diagnosis,
  '0010-commands': commands,
  '0011-lists': lists,
  '0012-unread-index': unreadIndex,
};

/** SQLite changes tables in transactions (https://www.sqlite.org/lang_transaction.html), which Kysely does not count on. */
class Adapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/** Has the log of a database in a file written back aside. */
class Driver extends SqliteDriver {
  readonly #checkpointer: Checkpointer | undefined;

  constructor(config: SqliteDialectConfig, checkpointer: Checkpointer | undefined) {
    super(config);
    this.#checkpointer = checkpointer;
  }

  override async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await super.commitTransaction(connection);
    this.#checkpointer?.afterCommit();
  }

  override async destroy(): Promise<void> {
    await this.#checkpointer?.stop();
    await super.destroy();
  }
}

/** One whose migrations are one transaction: a server killed while it brings its tables up to date finds the old ones. */
class Dialect extends SqliteDialect {
  readonly #config: SqliteDialectConfig;
  readonly #checkpointer: Checkpointer | undefined;

  constructor(config: SqliteDialectConfig, checkpointer: Checkpointer | undefined) {
    super(config);
    this.#config = config;
    this.#checkpointer = checkpointer;
  }

  override createDriver(): SqliteDriver {
    return new Driver(this.#config, this.#checkpointer);
  }

  override createAdapter(): SqliteAdapter {
    return new Adapter();
  }
}

/**
 * Opens the embedded store and brings its tables up to date. `path` is a file, or `:memory:`.
 * Every commit is on disk before it is acknowledged (WAL, synchronous FULL); foreign readers never block writers.
 */
export async function openStore(path: string): Promise<Kysely<Database>> {
  if (path !== ':memory:') preparePrivateFile(path);
  const sqlite = new SqliteDatabase(path);
  sqlite.pragma('journal_mode = WAL');
  sqlite.pragma('synchronous = FULL');
  sqlite.pragma('busy_timeout = 5000');
  sqlite.pragma('foreign_keys = ON');
  // 64 MiB: halves the transaction of a 100,000-person roster (33 s to 17 s, measured once).
  sqlite.pragma('cache_size = -65536');
  const checkpointer = path === ':memory:' ? undefined : new Checkpointer(path, sqlite);
  const dialect = new Dialect({ database: new StatementCache(sqlite) }, checkpointer);
  const db = new Kysely<Database>({ dialect });
  await migrate(db);
  // Not sooner: an index of a whole table is made in a file. Statements of a group of reports keep aside what they may have to undo, and
  // in a file that took up to twice as long as all else of them (https://sqlite.org/tempfiles.html#statement_journal_files).
  sqlite.pragma('temp_store = MEMORY');
  return db;
}

async function migrate(db: Kysely<Database>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const { error } = await migrator.migrateToLatest();
  if (error) throw new Error('The store could not be brought up to date; nothing was changed.', { cause: error });
}
