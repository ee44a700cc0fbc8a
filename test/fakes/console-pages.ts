/** One page of a list by the stand-in's cursors, which are places in it. */
export function pageOf<T>(items: readonly T[], { cursor = '0', limit = 50 }: { cursor?: string; limit?: number }) {
  const next = Number(cursor) + limit;
  const shown = items.slice(Number(cursor), next);
  return { items: shown, total: items.length, nextCursor: next < items.length ? String(next) : null };
}
