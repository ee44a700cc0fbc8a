import { checkRows } from '../../server/compliance/policy.ts';
import type {
  CheckIntervalView,
  ComplianceMap,
  ComplianceTrend,
  DeviceSummary,
  PersonHistory,
  StatusCounts,
  VerdictCounts,
  VerdictIntervalView,
} from '../../shared/api/schemas.ts';
import type { FindingStatus, VerdictState } from '../../shared/compliance/verdict.ts';
import { SeededRandom } from './clock.ts';
import { ago, devices, orgs, people } from './console-district.ts';

/** A year of the stand-in's district, made up so that map, trend and histories agree with each other. */
const dayMs = 86_400_000;
const now = Date.now();
export const since = now - 300 * dayMs;
const iso = (at: number) => new Date(at).toISOString();

interface Interval<S extends string> {
  state: S;
  from: number;
  to: number | null;
}

const at = <S extends string>(intervals: readonly Interval<S>[], when: number): S | undefined =>
  intervals.find(({ from, to }) => from <= when && (to === null || when < to))?.state;

/** Stretches from the beginning until now; the last one is open. */
function stretches<S extends string>(random: SeededRandom, next: () => S, last: S, lastFrom: number): Interval<S>[] {
  const made: Interval<S>[] = [];
  let from = since + random.unit() * 20 * dayMs;
  while (from < lastFrom) {
    const to = Math.min(lastFrom, from + (8 + random.unit() * 60) * dayMs);
    const state = next();
    const before = made.at(-1);
    if (before?.state === state) before.to = to;
    else made.push({ state, from, to });
    from = to;
  }
  const before = made.at(-1);
  if (before?.state === last) before.to = null;
  else made.push({ state: last, from: lastFrom, to: null });
  return made;
}

function drawn<S extends string>(random: SeededRandom, shares: readonly (readonly [S, number])[]): S {
  const unit = random.unit();
  let sum = 0;
  for (const [state, share] of shares) {
    sum += share;
    if (unit < sum) return state;
  }
  return shares[0]?.[0] as S;
}

const verdictShares = [
  ['compliant', 0.66],
  ['noncompliant', 0.12],
  ['in-grace', 0.1],
  ['waived', 0.04],
  ['silent', 0.08],
] as const satisfies readonly (readonly [VerdictState, number])[];

const verdictsByDevice = new Map(
  devices.map((device, index) => {
    const random = new SeededRandom(500 + index);
    const from = Date.parse(device.verdict.since);
    return [
      device.id,
      stretches<VerdictState>(random, () => drawn(random, verdictShares), device.verdict.state, from),
    ] as const;
  }),
);

/** How often a check fails, so that some columns are worse than others. */
const failing = (place: number) => 0.02 + 0.05 * ((place * 7) % 5);
const checksByDevice = new Map(
  devices.map((device, index) => [
    device.id,
    checkRows.map((row, place) => {
      const random = new SeededRandom(9000 + index * 50 + place);
      const share = failing(place);
      const draw = () =>
        drawn<FindingStatus>(random, [
          ['pass', 0.93 - share],
          ['fail', share],
          ['unknown', 0.05],
          ['not-applicable', 0.02],
        ]);
      return { row, intervals: stretches(random, draw, draw(), now - random.unit() * 30 * dayMs) };
    }),
  ]),
);

const noVerdicts = (): VerdictCounts => ({
  compliant: 0,
  waived: 0,
  'in-grace': 0,
  noncompliant: 0,
  silent: 0,
  unknown: 0,
});
const noStatuses = (): StatusCounts => ({ pass: 0, fail: 0, 'not-applicable': 0, unknown: 0 });

const unitOf = (device: DeviceSummary) => people.find(({ id }) => id === device.custodian?.id)?.orgId ?? '';
const inUnit = (org: string | undefined) =>
  devices.filter((device) => org === undefined || org === 'd1' || unitOf(device) === org);

function verdictsAt(of: readonly DeviceSummary[], when: number): VerdictCounts {
  const counts = noVerdicts();
  for (const { id } of of) counts[at(verdictsByDevice.get(id) ?? [], when) ?? 'unknown'] += 1;
  return counts;
}

function statusesAt(of: readonly DeviceSummary[], check: string, when: number): StatusCounts {
  const counts = noStatuses();
  for (const { id } of of) {
    const found = checksByDevice.get(id)?.find(({ row }) => row.check === check);
    const status = found && at(found.intervals, when);
    if (status) counts[status] += 1;
  }
  return counts;
}

export const failingShare = ({ fail, pass }: StatusCounts) => (fail + pass === 0 ? 0 : fail / (fail + pass));

export function mapAt(when: number, org?: string): ComplianceMap {
  const of = inUnit(org);
  const units = [...Map.groupBy(of, unitOf)].map(([orgId, own]) => ({
    orgId,
    name: orgs.find(({ id }) => id === orgId)?.name ?? '',
    people: verdictsAt(own, when),
    devices: verdictsAt(own, when),
    checks: Object.fromEntries(checkRows.map(({ check }) => [check, statusesAt(own, check, when)])),
  }));
  return {
    at: iso(when),
    since: iso(since),
    people: verdictsAt(
      of.filter(({ custodian }) => custodian !== null),
      when,
    ),
    devices: verdictsAt(of, when),
    checks: checkRows.map(({ check, title, severity, countsByDefault }) => ({
      check,
      title,
      severity,
      counts: countsByDefault,
    })),
    units: units.toSorted((a, b) => b.people.noncompliant - a.people.noncompliant),
  };
}

export function trendOf(of: string, from: number, to: number, org?: string): ComplianceTrend {
  const days: ComplianceTrend['days'] = [];
  const own = inUnit(org);
  for (let day = Math.max(from, since); day <= to; day += dayMs) {
    const end = Math.min(Math.ceil((day + 1) / dayMs) * dayMs - 1, now);
    const counts = of === 'people' || of === 'devices' ? verdictsAt(own, end) : statusesAt(own, of, end);
    days.push({ day: iso(day).slice(0, 10), counts });
  }
  return { of, days };
}

export function subjectsOf(check: string, when: number, org?: string) {
  const order = ['fail', 'unknown', 'pass', 'not-applicable'];
  return inUnit(org)
    .flatMap((device) => {
      const intervals = checksByDevice.get(device.id)?.find(({ row }) => row.check === check)?.intervals ?? [];
      const found = intervals.find(({ from, to }) => from <= when && (to === null || when < to));
      if (!found) return [];
      return [
        {
          device: { id: device.id, name: device.name },
          person: device.custodian && { id: device.custodian.id, name: device.custodian.name },
          orgName: device.custodian?.orgName ?? null,
          status: found.state,
          seen: seenWords[found.state],
          since: iso(found.from),
        },
      ];
    })
    .toSorted((a, b) => order.indexOf(a.status) - order.indexOf(b.status) || a.since.localeCompare(b.since));
}

const seenWords: Record<FindingStatus, string> = {
  pass: 'as asked',
  fail: 'off',
  unknown: 'not reported yet',
  'not-applicable': 'does not apply to this system',
};
const reasonWords: Record<VerdictState, string[]> = {
  compliant: [],
  waived: ['Disk encryption: off (waived until Mon 7 Dec 2026 by Ada Byrne)'],
  'in-grace': ['Firewall: off (in grace until Mon 7 Dec 2026)'],
  noncompliant: ['Disk encryption: off', 'Web filter: port 53 is in use'],
  silent: ['No report for more than 14 days.'],
  unknown: ['The device has not reported whether its firewall is on.'],
};

const clip = <S extends string>(intervals: readonly Interval<S>[], from: number, to: number): Interval<S>[] =>
  intervals.filter((one) => one.from < to && (one.to === null || one.to > from)).toReversed();

function verdictViews(id: string, from: number, to: number): VerdictIntervalView[] {
  return clip(verdictsByDevice.get(id) ?? [], from, to).map((one) => ({
    state: one.state,
    from: iso(one.from),
    to: one.to === null ? null : iso(one.to),
    reasons: reasonWords[one.state],
    until: one.state === 'in-grace' || one.state === 'waived' ? iso((one.to ?? now) + 9 * dayMs) : null,
  }));
}

function checkViews(id: string, from: number, to: number): CheckIntervalView[] {
  return (checksByDevice.get(id) ?? []).flatMap(({ row: { check, title }, intervals }) =>
    clip(intervals, from, to).map((one) => ({
      check,
      title,
      status: one.state,
      seen: seenWords[one.state],
      from: iso(one.from),
      to: one.to === null ? null : iso(one.to),
    })),
  );
}

const marks = (from: number, to: number) =>
  [
    {
      at: ago(6 * dayMs),
      code: 'waiver-created',
      words: 'Disk encryption was waived for 30 days.',
      by: 'staff:Ada Byrne',
    },
    {
      at: ago(40 * dayMs),
      code: 'compliance-policy-saved',
      words: 'The compliance policy was saved.',
      by: 'staff:Ada Byrne',
    },
    { at: ago(80 * dayMs), code: 'custody-opened', words: 'The device was handed over.', by: 'staff:Ada Byrne' },
  ].filter((mark) => Date.parse(mark.at) >= from && Date.parse(mark.at) <= to);

export const measuresOf = (from: number, to: number) => ({
  from: iso(from),
  to: iso(to),
  timeInCompliance: 0.914,
  fixed: 31,
  open: 7,
  meanHoursToFix: 52.4,
});

export function deviceHistory(device: DeviceSummary, from: number, to: number) {
  return {
    device: { id: device.id, name: device.name },
    measures: measuresOf(from, to),
    verdicts: verdictViews(device.id, from, to),
    checks: checkViews(device.id, from, to),
    custody: device.custodian
      ? [
          {
            person: { id: device.custodian.id, name: device.custodian.name },
            from: ago(80 * dayMs),
            to: null,
          },
        ]
      : [],
    marks: marks(from, to),
  };
}

export function personHistory(person: { id: string; name: string }, from: number, to: number): PersonHistory {
  const held = devices.filter(({ custodian }) => custodian?.id === person.id);
  return {
    person: { id: person.id, name: person.name },
    measures: held.length > 0 ? measuresOf(from, to) : { ...measuresOf(from, to), timeInCompliance: null },
    verdicts: held[0] ? verdictViews(held[0].id, from, to) : [],
    devices: held.map((device) => ({
      device: { id: device.id, name: device.name },
      from: ago(80 * dayMs),
      to: null,
      verdicts: verdictViews(device.id, Math.max(from, now - 80 * dayMs), to),
      checks: checkViews(device.id, Math.max(from, now - 80 * dayMs), to),
    })),
    marks: marks(from, to),
  };
}
