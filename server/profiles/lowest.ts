/** The first `count` of these in order, without sorting the others. */
export function lowest<T>(all: readonly T[], count: number, compare: (a: T, b: T) => number): T[] {
  const kept: T[] = [];
  if (count <= 0) return kept;
  for (const one of all) {
    const last = kept.at(-1);
    if (kept.length >= count && last !== undefined && compare(one, last) >= 0) continue;
    kept.splice(placeOf(kept, one, compare), 0, one);
    if (kept.length > count) kept.pop();
  }
  return kept;
}

/** Behind its equals, so that these keep the order they came in. */
function placeOf<T>(sorted: readonly T[], one: T, compare: (a: T, b: T) => number): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (compare(sorted[middle] as T, one) <= 0) from = middle + 1;
    else to = middle;
  }
  return from;
}
