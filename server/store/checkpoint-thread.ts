// A thread of its own that writes the log of a database back into it whenever it is told to (see `checkpointer.ts`). A round that
// fails, for want of disk space or of files perhaps, is made up for by the next.
import { parentPort, workerData } from 'node:worker_threads';
import SqliteDatabase from 'better-sqlite3';
import type { CheckpointOrder } from './checkpointer.ts';

let db: SqliteDatabase.Database | undefined;

function opened(): SqliteDatabase.Database {
  const fresh = new SqliteDatabase(workerData as string, { fileMustExist: true });
  fresh.pragma('synchronous = FULL');
  return fresh;
}

parentPort?.on('message', (order: CheckpointOrder) => {
  if (order === 'end') {
    db?.close();
    parentPort?.close();
    return;
  }
  try {
    db ??= opened();
    db.pragma('wal_checkpoint(PASSIVE)');
    parentPort?.postMessage(undefined);
  } catch (error) {
    if (!(error instanceof SqliteDatabase.SqliteError)) throw error;
    parentPort?.postMessage(error.code);
  }
});
