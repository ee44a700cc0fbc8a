import { Worker } from 'node:worker_threads';
import type SqliteDatabase from 'better-sqlite3';

export type CheckpointOrder = 'checkpoint' | 'end';

/** Pages of the log that wait to be written back before the thread is woken: 4 MB, SQLite's own measure. */
const pagesDue = 1_000;
/** From here on, 64 MB, whoever commits writes back what the thread could not: a log must not grow without end. */
const pagesAtMost = 16_384;

/** `PRAGMA wal_checkpoint(NOOP)`, which only tells (https://sqlite.org/pragma.html#pragma_wal_checkpoint). */
interface LogState {
  log: number;
  checkpointed: number;
}

/**
 * Has the log of a database written back by a thread, with a connection of its own and never waiting for anybody
 * (PASSIVE), so that no commit takes as long as that. Should the thread end by itself, SQLite does it at the bound, in
 * the commit that reaches it.
 */
export class Checkpointer {
  readonly #path: string;
  readonly #state: SqliteDatabase.Statement<[], LogState>;
  readonly #pagesDue: number;
  #thread: Worker | undefined;
  #isAtWork = false;
  #hasEnded = false;

  constructor(path: string, db: SqliteDatabase.Database, due = pagesDue) {
    db.pragma(`wal_autocheckpoint = ${pagesAtMost}`);
    this.#path = path;
    this.#state = db.prepare<[], LogState>('pragma wal_checkpoint(noop)');
    this.#pagesDue = due;
  }

  /** Costs a look when there is little to do. */
  afterCommit(): void {
    if (this.#isAtWork || this.#hasEnded) return;
    const { log = 0, checkpointed = 0 } = this.#state.get() ?? {};
    if (log - checkpointed < this.#pagesDue) return;
    this.#isAtWork = true;
    this.#thread ??= this.#start();
    this.#thread.postMessage('checkpoint' satisfies CheckpointOrder);
  }

  /** Resolves when the thread has finished what it is at and closed its connection. */
  async stop(): Promise<void> {
    const hasEnded = this.#hasEnded;
    this.#hasEnded = true;
    if (!this.#thread || hasEnded) return;
    // A thread at rest keeps no process alive; one that is waited for does.
    const thread = this.#thread;
    thread.ref();
    const exited = new Promise((resolve) => thread.once('exit', resolve));
    thread.postMessage('end' satisfies CheckpointOrder);
    await exited;
  }

  #start(): Worker {
    const thread = new Worker(new URL('./checkpoint-thread.ts', import.meta.url), { workerData: this.#path });
    thread.unref();
    thread.on('message', () => {
      this.#isAtWork = false;
    });
    thread.once('error', (error) => process.emitWarning(error));
    thread.once('exit', () => {
      this.#hasEnded = true;
    });
    return thread;
  }
}
