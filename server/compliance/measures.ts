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

/** Of one device. A failure goes on while nothing is known and when the device changes hands. */
export function fixesIn(intervals: readonly StoredCheck[], span: Span): Fixes {
  const all: Fixes = { fixed: 0, open: 0, hours: 0 };
  for (const own of Map.groupBy(intervals, ({ check }) => check).values()) {
    let failingSince: number | undefined;
    for (const { status, from } of own.toSorted((a, b) => a.from - b.from)) {
      if (from >= span.to) break;
      if (status === 'fail') failingSince ??= from;
      if (status !== 'pass' && status !== 'not-applicable') continue;
      if (status === 'pass' && failingSince !== undefined && failingSince >= span.from) {
        all.fixed += 1;
        all.hours += (from - failingSince) / hourMs;
      }
      failingSince = undefined;
    }
    if (failingSince !== undefined && failingSince >= span.from) all.open += 1;
  }
  return all;
}

/**
 * What the failing intervals of one check of one device say each by itself: as if every failure were one interval that ends
 * with a pass or is open. Those that end otherwise are left out.
 */
export function plainFixesIn(intervals: readonly StoredCheck[], span: Span): Fixes {
  const begun = intervals.filter(({ status, from }) => status === 'fail' && from >= span.from && from < span.to);
  const isOpen = ({ to }: StoredCheck) => to === null || to >= span.to;
  const passes = new Set(intervals.filter(({ status }) => status === 'pass').map(({ from }) => from));
  const fixed = begun.filter((one) => !isOpen(one) && one.to !== null && passes.has(one.to));
  return {
    fixed: fixed.length,
    open: begun.filter(isOpen).length,
    hours: fixed.reduce((sum, { from, to }) => sum + ((to ?? from) - from), 0) / hourMs,
  };
}

/** `all` with what `plain` says replaced by what is right. */
export function corrected(all: Fixes, plain: readonly Fixes[], right: readonly Fixes[]): Fixes {
  const [less, more] = [sumOfFixes(plain), sumOfFixes(right)];
  return {
    fixed: all.fixed - less.fixed + more.fixed,
    open: all.open - less.open + more.open,
    hours: all.hours - less.hours + more.hours,
  };
}

export function sumOfFixes(some: readonly Fixes[]): Fixes {
  return some.reduce(
    (sum, { fixed, open, hours }) => ({ fixed: sum.fixed + fixed, open: sum.open + open, hours: sum.hours + hours }),
    { fixed: 0, open: 0, hours: 0 },
  );
}
