import SqliteDatabase from 'better-sqlite3';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { preparePrivateFile } from './private-file.ts';

/**
 * One server per home: an exclusive transaction on a file of its own, which the operating system ends with the process,
 * also after `kill -9`. Returns the function that gives the home free. Throws `conflict` when another server holds it.
 */
export function lockHome(path: string): () => void {
  preparePrivateFile(path);
  const lock = new SqliteDatabase(path, { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    throw new CodedError(
      'conflict',
      `Another server runs on this home (${path}). Stop it first, or choose another --home.`,
      [],
      error,
    );
  }
  return () => lock.close();
}
