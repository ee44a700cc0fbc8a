import type { ComplianceMeasures } from '../../shared/api/schemas.ts';
import type { VerdictState } from '../../shared/compliance/verdict.ts';
import type { Span, StoredCheck, StoredVerdict } from '../store/views/compliance-histories.ts';

const hourMs = 3_600_000;
const good: ReadonlySet<VerdictState> = new Set(['compliant', 'waived', 'in-grace']);

/** Failures of checks that began in a span: those that ended with a pass, and those still open at its end. */
export interface Fixes {
  fixed: number;
  open: number;
  /** Of all that were fixed. */
  hours: number;
}

/** Time in each state within a span, in ms. */
export type TimeInStates = Partial<Record<VerdictState, number>>;

/** The measures as people read them. Silence and what is not known count for neither side. */
export function measuresOf(span: Span, time: TimeInStates, { fixed, open, hours }: Fixes): ComplianceMeasures {
  const stood = [...good].reduce((sum, state) => sum + (time[state] ?? 0), 0);
  const judged = stood + (time.noncompliant ?? 0);
  return {
    from: new Date(span.from).toISOString(),
    to: new Date(span.to).toISOString(),
    timeInCompliance: judged === 0 ? null : stood / judged,
    fixed,
    open,
    meanHoursToFix: fixed === 0 ? null : hours / fixed,
  };
}

export function timeInStates(verdicts: readonly StoredVerdict[], span: Span): TimeInStates {
  const time: TimeInStates = {};
  for (const { state, from, to } of verdicts) {
    const length = Math.min(to ?? span.to, span.to) - Math.max(from, span.from);
    if (length > 0) time[state] = (time[state] ?? 0) + length;
  }
  return time;
}

/**
 * Of one device. A failure goes on while nothing is known and when the device changes hands; where nothing follows, for the
 * device went out of service or out of these hands, it is neither fixed nor open.
 */
export function fixesIn(intervals: readonly StoredCheck[], span: Span): Fixes {
  const byCheck = Map.groupBy(intervals, ({ check }) => check);
  return sumOfFixes([...byCheck.values()].map((own) => fixesOfCheck(own, span)));
}

function fixesOfCheck(intervals: readonly StoredCheck[], span: Span): Fixes {
  const all: Fixes = { fixed: 0, open: 0, hours: 0 };
  let failingSince: number | undefined;
  let end: number | null = null;
  for (const { status, from, to } of intervals.toSorted((a, b) => a.from - b.from)) {
    if (from >= span.to) break;
    if (end !== from) failingSince = undefined;
    end = to;
    if (status === 'fail') failingSince ??= from;
    if (status !== 'pass' && status !== 'not-applicable') continue;
    if (status === 'pass' && failingSince !== undefined && failingSince >= span.from) {
      all.fixed += 1;
      all.hours += (from - failingSince) / hourMs;
    }
    failingSince = undefined;
  }
  const goesOn = end === null || end >= span.to;
  if (goesOn && failingSince !== undefined && failingSince >= span.from) all.open += 1;
  return all;
}

export function sumOfFixes(some: readonly Fixes[]): Fixes {
  return some.reduce(
    (sum, { fixed, open, hours }) => ({ fixed: sum.fixed + fixed, open: sum.open + open, hours: sum.hours + hours }),
    { fixed: 0, open: 0, hours: 0 },
  );
}
