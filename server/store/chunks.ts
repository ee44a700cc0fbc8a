import { setImmediate } from 'node:timers/promises';

/** SQLite takes 32,766 and PostgreSQL 65,535 parameters in a statement. */
const chunkSize = 5000;

/** Runs one statement per chunk of a long list and joins the answers, in order; the sockets are served between. */
export async function inChunks<T, R>(
  items: readonly T[],
  run: (chunk: T[]) => Promise<R[]>,
  size = chunkSize,
): Promise<R[]> {
  const answers: R[] = [];
  for (let start = 0; start < items.length; start += size) {
    if (start > 0) await setImmediate();
    for (const answer of await run(items.slice(start, start + size))) answers.push(answer);
  }
  return answers;
}

/**
 * Reads what lies since an instant of each subject's own: together for subjects whose instants lie about as far back, so that
 * one that reaches far does not make all the others' past be read. The answers may reach further back than was asked.
 */
export async function inAges<R>(
  which: readonly { id: string; since: number }[],
  read: (ids: string[], since: number) => Promise<R[]>,
): Promise<R[]> {
  const newest = Math.max(...which.map(({ since }) => since));
  const ages = Map.groupBy(which, ({ since }) => Math.floor(Math.log2(1 + newest - since)));
  const answers: R[] = [];
  for (const together of ages.values()) {
    const since = Math.min(...together.map((one) => one.since));
    const rows = await inChunks(
      together.map(({ id }) => id),
      (ids) => read(ids, since),
    );
    for (const row of rows) answers.push(row);
  }
  return answers;
}
