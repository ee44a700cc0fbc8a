/** From `from` (epoch ms, included) to `to` (not included); `null`: it goes on. */
export interface Span {
  from: number;
  to: number | null;
}

export function covers({ from, to }: Span, at: number): boolean {
  return from <= at && (to === null || at < to);
}

/** The next of some moments after an instant; `null` when there is none. */
export function nextAfter(moments: Iterable<number | null>, at: number): number | null {
  let next = Number.POSITIVE_INFINITY;
  for (const moment of moments) if (moment !== null && moment > at && moment < next) next = moment;
  return Number.isFinite(next) ? next : null;
}

/** Where spans begin and end. */
export function* edgesOf(spans: Iterable<Span>): Generator<number> {
  for (const { from, to } of spans) {
    yield from;
    if (to !== null) yield to;
  }
}

/** A timeline, and when it may go on otherwise although nothing happens; `null`: never. */
export interface Timeline<V> {
  spans: (V & Span)[];
  deadline: number | null;
}

/**
 * Walks from one moment to the next at which something may be otherwise, up to now. Equal neighbours become one, which keeps
 * what `judge` said of it last; an instant of which it says nothing ends what was before.
 */
export function walk<V>(
  from: number,
  now: number,
  judge: (at: number) => { value: V | undefined; next: number | null },
  isEqual: (one: V, other: V) => boolean,
): Timeline<V> {
  const spans: (V & Span)[] = [];
  for (let at = from; ; ) {
    const { value, next } = judge(at);
    const last = spans.at(-1);
    const goesOn = last?.to === null;
    if (goesOn && value !== undefined && isEqual(last, value))
      spans[spans.length - 1] = { ...value, from: last.from, to: null };
    else {
      if (goesOn) last.to = at;
      if (value !== undefined) spans.push({ ...value, from: at, to: null });
    }
    if (next === null || next > now) return { spans, deadline: next };
    at = next;
  }
}
