import type { Span } from './spans.ts';
import type { CheckSpan, HoldingSpan } from './timeline.ts';
import type { FindingStatus } from './verdict.ts';

/** A status of one check until the next begins, whoever holds the device. */
export interface Run {
  status: FindingStatus;
  seen: string;
  from: number;
}

/** What a check says from an instant on: what was thought to follow is forgotten, the same status goes on in other words. */
export function turned(runs: readonly Run[], { status, seen, from }: Run): Run[] {
  const before = runs.filter((run) => run.from < from);
  const last = before.at(-1);
  if (last?.status !== status) return [...before, { status, seen, from }];
  return last.seen === seen ? before : [...before.slice(0, -1), { ...last, seen }];
}

/** Of the spans of one check, in order. */
export function runsOf(spans: readonly CheckSpan[]): Run[] {
  return spans.reduce<Run[]>((runs, span) => turned(runs, span), []);
}

type Place = Pick<HoldingSpan, 'custodyId' | 'orgId'>;
export type PlacedCheck = CheckSpan &
  Place & {
    /** Begin of the failure that goes on here or ended where this begins, whoever held the device; `null`: there is none. */
    failureFrom: number | null;
  };

/**
 * The spans of one check: cut where the device changes hands or its custodian the unit. A failure goes on while nothing is
 * known, or a device could win time by keeping silent; who gets the device begins anew. `first` is what was stored of the
 * time at which the runs begin, for a failure may be older.
 */
export function placed(
  check: string,
  runs: readonly Run[],
  holdings: readonly (Span & Place)[],
  first?: PlacedCheck,
): PlacedCheck[] {
  const spans: PlacedCheck[] = [];
  let failing = first ? failureBefore(first) : undefined;
  let failureFrom = first ? begunBefore(first) : null;
  for (const piece of pieces(runs, holdings)) {
    const goesOn = piece.status === 'fail' || (piece.status === 'unknown' && failing !== undefined);
    const since = failing?.custodyId === piece.custodyId ? failing.since : piece.from;
    failing = goesOn ? { since, custodyId: piece.custodyId } : undefined;
    if (piece.status === 'fail') failureFrom ??= piece.from;
    spans.push({ check, ...piece, failingSince: failing?.since ?? null, failureFrom });
    if (piece.status === 'pass' || piece.status === 'not-applicable') failureFrom = null;
  }
  return spans;
}

function failureBefore({ failingSince, from, custodyId }: PlacedCheck) {
  return failingSince !== null && failingSince < from ? { since: failingSince, custodyId } : undefined;
}

function begunBefore({ failureFrom, from }: PlacedCheck): number | null {
  return failureFrom !== null && failureFrom < from ? failureFrom : null;
}

function* pieces(runs: readonly Run[], holdings: readonly (Span & Place)[]): Generator<Run & Span & Place> {
  for (const [index, { status, seen, from: begin }] of runs.entries()) {
    const end = runs[index + 1]?.from ?? null;
    for (const { from, to, custodyId, orgId } of holdings) {
      const piece = { from: Math.max(begin, from), to: earlier(end, to) };
      if (piece.to === null || piece.from < piece.to) yield { status, seen, ...piece, custodyId, orgId };
    }
  }
}

function earlier(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.min(one, other);
}
