import type { Span } from '../../shared/compliance/spans.ts';

/** What is stored and what should be, apart. Rows are told by when they begin. */
export interface IntervalChanges<R extends Span> {
  removed: (R & { id: number })[];
  added: R[];
  changed: { before: R & { id: number }; after: R }[];
}

/**
 * What makes the stored intervals of one subject those derived from an instant on. The stored row that reaches this instant
 * is cut there, or becomes one with the first derived where `isSame` says that they are one interval.
 */
export function changesFrom<R extends Span>(
  from: number,
  stored: readonly (R & { id: number })[],
  derived: readonly R[],
  isSame: (one: R, other: R) => boolean,
): IntervalChanges<R> {
  const reaching = stored.filter(({ to }) => to === null || to >= from);
  const wanted = joined(
    from,
    reaching.find((row) => row.from < from),
    derived,
    isSame,
  );
  const byBegin = new Map(wanted.map((row) => [row.from, row]));
  const changes: IntervalChanges<R> = { removed: [], added: [], changed: [] };
  for (const before of reaching) {
    const after = byBegin.get(before.from);
    if (!after || !isSame(before, after)) changes.removed.push(before);
    else {
      byBegin.delete(before.from);
      if (!areEqual(before, after)) changes.changed.push({ before, after });
    }
  }
  changes.added.push(...byBegin.values());
  return changes;
}

/** The earliest instant from which something else is true; `null`: nothing changed. What only reads otherwise is so now. */
export function movedFrom({ removed, added, changed }: IntervalChanges<Span>, now: number): number | null {
  const moments = [...removed, ...added].map(({ from }) => from);
  for (const { before, after } of changed) {
    const ends = [before.to, after.to].filter((end) => end !== null);
    moments.push(before.to !== after.to ? Math.min(...ends) : after.to === null ? now : after.from);
  }
  return moments.length === 0 ? null : Math.min(...moments);
}

function joined<R extends Span>(
  from: number,
  before: R | undefined,
  derived: readonly R[],
  isSame: (one: R, other: R) => boolean,
): R[] {
  const [first, ...rest] = derived;
  if (!before) return [...derived];
  if (first?.from === from && isSame(before, first)) return [{ ...first, from: before.from }, ...rest];
  return [{ ...before, to: from }, ...derived];
}

function areEqual<R extends Span>(stored: R, derived: R): boolean {
  return (Object.keys(derived) as (keyof R)[]).every((key) => isEqual(stored[key], derived[key]));
}

function isEqual(one: unknown, other: unknown): boolean {
  return one === other || (Array.isArray(one) && JSON.stringify(one) === JSON.stringify(other));
}
