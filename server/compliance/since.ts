import { contactCheck } from '../../shared/compliance/described.ts';
import type { WaiverSpan } from '../../shared/compliance/timeline.ts';
import type { StoredCheck } from '../store/check-intervals.ts';
import type { JudgementInput } from '../store/judgements.ts';
import type { StoredVerdict } from '../store/verdicts.ts';
import type { District } from './cases.ts';

/**
 * When inputs are taken for: when the device says, but not after it was heard, and not before what it said last. What speaks
 * of a time that is judged comes from a clock that was set back: it is taken for when it was heard, and rewrites nothing. A
 * device that was never judged has no past to speak of.
 */
export function timed(
  inputs: readonly JudgementInput[],
  judgedUpTo: number | undefined,
  now: number,
): JudgementInput[] {
  const floor = Math.min(judgedUpTo ?? now, now);
  let last = floor;
  return inputs.map((input) => {
    const said = input.at < floor ? input.receivedAt : Math.min(input.at, input.receivedAt);
    last = Math.max(last, Math.min(said, now));
    return { ...input, at: last };
  });
}

export interface Known {
  now: number;
  open: StoredVerdict | undefined;
  checks: readonly StoredCheck[];
  inputs: readonly JudgementInput[];
  waivers: readonly WaiverSpan[];
  district: Pick<District, 'policies' | 'allJudgedAt' | 'calendarsMovedFrom'>;
}

/** From when on a device’s verdicts may differ from what is stored: now where nothing speaks of earlier. */
export function sinceOf({ now, open, checks, inputs, waivers, district }: Known): number {
  const { policies, allJudgedAt, calendarsMovedFrom } = district;
  const isNew = (at: number) => at > allJudgedAt && at < now;
  const edges = [...policies.map(({ from }) => from), ...waivers.flatMap(({ from, to }) => [from, to ?? now])];
  const ends = open?.state === 'in-grace' || open?.state === 'waived' ? [open.from] : [];
  const moved =
    calendarsMovedFrom === null
      ? []
      : [Number.isFinite(calendarsMovedFrom) ? calendarsMovedFrom : openSince(checks, now)];
  return Math.min(now, ...inputs.slice(0, 1).map(({ at }) => at), ...edges.filter(isNew), ...ends, ...moved);
}

/** Since when what is wrong now has been wrong: a calendar of which nothing earlier is known moves no more than that. */
function openSince(checks: readonly StoredCheck[], now: number): number {
  const begins = checks.flatMap(({ check, status, from, failingSince }) =>
    check === contactCheck && status === 'fail' ? [from] : failingSince === null ? [] : [failingSince],
  );
  return Math.min(now, ...begins);
}
