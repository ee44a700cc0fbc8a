import { chmodSync, closeSync, existsSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';

/**
 * Makes a database file that only its owner may read (0600), or closes one that is there; SQLite gives the files it puts
 * beside it the same mode (https://sqlite.org/wal.html).
 */
export function preparePrivateFile(path: string): void {
  closeSync(openSync(path, 'a', 0o600));
  for (const file of [path, `${path}-wal`, `${path}-shm`]) if (existsSync(file)) chmodSync(file, 0o600);
}

/** Writes a file that only its owner may read, whole or not at all, and on disk when it returns. */
export function replacePrivateFile(path: string, content: string): void {
  const half = `${path}.half`;
  const file = openSync(half, 'w', 0o600);
  try {
    writeSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(half, path);
}
