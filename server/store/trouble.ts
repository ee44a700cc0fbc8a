/** What keeps the store from working. */
export type Trouble = 'full' | 'busy' | 'unwritable' | 'damaged';

/** Primary result codes of SQLite: https://www.sqlite.org/rescode.html */
const troubles: readonly [RegExp, Trouble][] = [
  [/^SQLITE_FULL/, 'full'],
  [/^SQLITE_(BUSY|LOCKED)/, 'busy'],
  [/^SQLITE_(CORRUPT|NOTADB)/, 'damaged'],
  [/^SQLITE_(IOERR|READONLY|CANTOPEN)/, 'unwritable'],
];

/** What to tell people of each, with the remedy. */
export const troubleWords: Record<Trouble, string> = {
  full: 'The disk of the server is full: nothing can be saved. Free some space; the server goes on by itself.',
  busy: 'Another program holds the database of the server: nothing can be saved. End it; the server goes on by itself.',
  unwritable:
    'The database of the server cannot be written. See its log for the reason (disk, rights); the server goes on by itself.',
  damaged:
    'The database of the server is damaged. Stop the server and bring back a backup: rollcall restore FILE --key-file FILE --replace.',
};

/** Undefined for an error that is not about the state of the store: a bug, or a rule of a table. */
export function troubleOf(error: unknown): Trouble | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code } = error as { code?: unknown };
  const known = typeof code === 'string' ? troubles.find(([pattern]) => pattern.test(code)) : undefined;
  return known?.[1] ?? troubleOf(error.cause);
}
