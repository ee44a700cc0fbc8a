import { type FileHandle, open } from 'node:fs/promises';
import { CompiledQuery, type Kysely, sql, type Transaction } from 'kysely';
import type { Database } from './schema.ts';

export interface Transactions {
  /** Runs a transaction; resolves when what it wrote is on disk, rejects when it is not. */
  run<T>(work: (trx: Transaction<Database>) => Promise<T>): Promise<T>;
}

/** Every commit waits for the disk itself, and the loop with it. */
export function plainTransactions(db: Kysely<Database>): Transactions {
  return { run: (work) => db.transaction().execute(work) };
}

const normal = CompiledQuery.raw('pragma synchronous = normal');
const full = CompiledQuery.raw('pragma synchronous = full');

/**
 * Transactions whose wait for the disk is not the loop's: the commit only writes to the log (`synchronous` NORMAL), then the log
 * is brought to disk by a thread of Node's pool. The promise is that of FULL, which is nothing but the same call in the
 * commit itself (https://sqlite.org/pragma.html#pragma_synchronous); other commits stay FULL.
 */
export class LateSync implements Transactions {
  readonly #db: Kysely<Database>;
  readonly #log: Pick<FileHandle, 'datasync' | 'close'>;
  readonly #underWay = new Set<Promise<unknown>>();
  #failure: unknown;
  #mending: Promise<void> | undefined;

  constructor(db: Kysely<Database>, log: Pick<FileHandle, 'datasync' | 'close'>) {
    this.#db = db;
    this.#log = log;
  }

  /** `path`: of the database, which is open and keeps a write-ahead log. */
  static async open(db: Kysely<Database>, path: string): Promise<LateSync> {
    return new LateSync(db, await open(`${path}-wal`, 'r+'));
  }

  async run<T>(work: (trx: Transaction<Database>) => Promise<T>): Promise<T> {
    await this.#mended();
    const running = this.#run(work);
    this.#underWay.add(running);
    try {
      return await running;
    } finally {
      this.#underWay.delete(running);
    }
  }

  /**
   * Resolves when all that was committed before is on disk; rejects when it is not. Others read what is committed sooner
   * than it is held, and must not tell a device so before.
   */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#underWay);
    await this.#mended();
  }

  async #run<T>(work: (trx: Transaction<Database>) => Promise<T>): Promise<T> {
    const result = await this.#db.connection().execute(async (connection) => {
      await connection.executeQuery(normal);
      try {
        return await connection.transaction().execute(work);
      } finally {
        await connection.executeQuery(full);
      }
    });
    await this.#sync();
    return result;
  }

  async close(): Promise<void> {
    await this.#log.close();
  }

  async #sync(): Promise<void> {
    try {
      await this.#log.datasync();
    } catch (error) {
      this.#failure = error;
      throw notOnDisk(error);
    }
  }

  /** One for all that ask at once: it keeps the loop while up to 64 MB are written. */
  async #mended(): Promise<void> {
    if (this.#failure === undefined) return;
    this.#mending ??= this.#mend(this.#failure).finally(() => {
      this.#mending = undefined;
    });
    await this.#mending;
  }

  /**
   * A system that could not write what it held may forget it, and say yes the next time it is asked (fsync(2)). So all of the
   * log goes into the database itself before anything of it counts as held. While somebody reads what was before, it does not:
   * nobody waits for that, least of all the loop.
   */
  async #mend(failure: unknown): Promise<void> {
    const busy = await this.#db.connection().execute(async (connection) => {
      const { rows } = await sql<{ timeout: number }>`pragma busy_timeout`.execute(connection);
      await sql`pragma busy_timeout = 0`.execute(connection);
      try {
        const outcome = await sql<{ busy: number }>`pragma wal_checkpoint(truncate)`.execute(connection);
        return outcome.rows[0]?.busy;
      } finally {
        await sql`pragma busy_timeout = ${sql.lit(rows[0]?.timeout ?? 0)}`.execute(connection);
      }
    });
    if (busy !== 0) throw notOnDisk(failure);
    this.#failure = undefined;
  }
}

/** With the code that SQLite has for it. */
function notOnDisk(cause: unknown): Error {
  return Object.assign(new Error('The disk did not take the log of the database.', { cause }), {
    code: 'SQLITE_IOERR_FSYNC',
  });
}
