/** SQLite takes 32,766 and PostgreSQL 65,535 parameters in a statement. */
const chunkSize = 5000;

/** Runs one statement per chunk of a long list and joins the answers, in order. */
export async function inChunks<T, R>(
  items: readonly T[],
  run: (chunk: T[]) => Promise<R[]>,
  size = chunkSize,
): Promise<R[]> {
  const answers: R[] = [];
  for (let start = 0; start < items.length; start += size) {
    for (const answer of await run(items.slice(start, start + size))) answers.push(answer);
  }
  return answers;
}
