import type { ComplianceMap, StatusCounts } from '../../../shared/api/schemas.ts';
import { policyName } from '../../../shared/compliance/policy.ts';
import { count } from './words.ts';

/** How one check stands on a group of devices. What is not known is on neither side of the share. */
export interface Standing {
  fail: number;
  /** Devices that pass or fail. */
  judged: number;
  unknown: number;
  /** Of the judged devices, 0 to 1; undefined where none was judged. */
  share: number | undefined;
}

const nothing: StatusCounts = { pass: 0, fail: 0, 'not-applicable': 0, unknown: 0 };

export function standingOf({ pass, fail, unknown }: StatusCounts = nothing): Standing {
  const judged = pass + fail;
  return { fail, judged, unknown, share: judged === 0 ? undefined : fail / judged };
}

/** `12 %`; never `0 %` while something fails, and `100 %` only when everything does. */
export function shareWords(share: number): string {
  const rounded = Math.round(share * 100);
  if (share > 0 && rounded === 0) return '<1 %';
  return share < 1 && rounded === 100 ? '99 %' : `${rounded} %`;
}

/** Shades of a share that fails, from nothing to most; each is also said as a figure. */
export const heatLevels = [0, 1, 2, 3, 4] as const;
const floors = [0.05, 0.15, 0.35] as const;

export function heatLevel(share: number): (typeof heatLevels)[number] {
  if (share === 0) return 0;
  const [low, middle, high] = floors;
  return share >= high ? 4 : share >= middle ? 3 : share >= low ? 2 : 1;
}

/** `3 of 25 devices fail (12 %), 2 not known`. */
export function standingWords({ fail, judged, unknown, share }: Standing): string {
  const notKnown = unknown > 0 ? `${unknown.toLocaleString('en')} not known` : '';
  if (share === undefined) return notKnown || 'applies to no device';
  const failing = `${fail.toLocaleString('en')} of ${count(judged, 'device')} ${fail === 1 ? 'fails' : 'fail'} (${shareWords(share)})`;
  return notKnown ? `${failing}, ${notKnown}` : failing;
}

type Check = ComplianceMap['checks'][number];
type Unit = ComplianceMap['units'][number];

export function sumStatuses(counts: readonly (StatusCounts | undefined)[]): StatusCounts {
  const sum = { ...nothing };
  for (const one of counts)
    for (const status of Object.keys(sum) as (keyof StatusCounts)[]) sum[status] += one?.[status] ?? 0;
  return sum;
}

/** A check, by the name people read, with how it stands over all units. */
export interface MapColumn extends Check {
  all: StatusCounts;
}

/** The checks as columns: those that turn the verdict, then those that only inform; the worst first among each. */
export function columnsOf(checks: readonly Check[], units: readonly Unit[]): MapColumn[] {
  const columns = checks.map((check) => ({
    ...check,
    title: checkName(check),
    all: sumStatuses(units.map((unit) => unit.checks[check.check])),
  }));
  const rank = ({ all }: MapColumn) => standingOf(all).share ?? -1;
  return columns.toSorted((a, b) => Number(b.counts) - Number(a.counts) || rank(b) - rank(a));
}

/** People without a school, and devices that nobody holds, stand under the empty id. */
export const unitName = ({ orgId, name }: Pick<Unit, 'orgId' | 'name'>) =>
  orgId === '' ? 'Without a school' : name || 'A school without a name';

/** What a check is called. The settings of each area are a check of their own, and bear the name of the area alone. */
export const checkName = ({ check, title }: Pick<Check, 'check' | 'title'>) =>
  policyName(check) === check ? title : `${title} settings`;
