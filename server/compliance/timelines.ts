import type { CheckIntervalView, HistoryMark, VerdictIntervalView } from '../../shared/api/schemas.ts';
import type {
  Span,
  StoredCheck,
  StoredCustody,
  StoredMark,
  StoredVerdict,
} from '../store/views/compliance-histories.ts';
import { iso, isoOrNull } from '../store/views/rows.ts';
import { titleOf } from './map.ts';

export function verdictView({ state, from, to, reasons, until }: StoredVerdict): VerdictIntervalView {
  return { state, from: iso(from), to: isoOrNull(to), reasons, until: isoOrNull(until) };
}

export function checkView({ check, status, seen, from, to }: StoredCheck): CheckIntervalView {
  return { check, title: titleOf(check), status, seen, from: iso(from), to: isoOrNull(to) };
}

/** When a person held a device within a span. */
export function heldIn({ from, to }: StoredCustody, span: Span): Span {
  return { from: Math.max(from, span.from), to: Math.min(to ?? span.to, span.to) };
}

/** Of an interval what lies within a custody: the rest is no business of who held the device then. */
export function within<T extends { from: number; to: number | null }>(
  intervals: readonly T[],
  custody: StoredCustody,
): T[] {
  return intervals.flatMap((one) => {
    const from = Math.max(one.from, custody.from);
    const to = custody.to === null ? one.to : Math.min(one.to ?? custody.to, custody.to);
    return to === null || from < to ? [{ ...one, from, to }] : [];
  });
}

/** Newest first, each once though it may have been found under the device and the person. */
export function marksOf(all: readonly StoredMark[]): HistoryMark[] {
  const once = new Map(all.map((mark) => [`${mark.at} ${mark.code} ${mark.words}`, mark]));
  return [...once.values()].toSorted((a, b) => b.at - a.at).map(({ at, ...rest }) => ({ at: iso(at), ...rest }));
}

/** What `StoredMark`s say of new revisions of the policy. */
export function policyMarks(
  revisions: readonly { version: number; from_at: number; by_actor: string }[],
): StoredMark[] {
  return revisions.map(({ version, from_at, by_actor }) => ({
    at: from_at,
    code: 'compliance-policy-saved',
    words: `Revision ${version} of the compliance policy came into force.`,
    by: by_actor,
  }));
}
