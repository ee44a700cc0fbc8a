import { checkRows } from '../../server/compliance/policy.ts';
import type { exportRoutes } from '../../shared/api/routes/exports.ts';
import type { historyRoutes } from '../../shared/api/routes/history.ts';
import type { LibraryCheck, PolicyPreview } from '../../shared/api/schemas.ts';
import { compliancePolicyDefaults, demandOf } from '../../shared/compliance/policy.ts';
import { checks } from '../../shared/compliance/registry.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { Answers } from './console-api.ts';
import { ago, devices, people } from './console-district.ts';
import { deviceHistory, mapAt, measuresOf, personHistory, subjectsOf, trendOf } from './console-history.ts';

const dayMs = 86_400_000;

const instant = (at: string | undefined) => (at === undefined ? Date.now() : Date.parse(at));
const span = ({ from, to }: { from?: string; to?: string }): [number, number] => [
  from === undefined ? Date.now() - 90 * dayMs : Date.parse(from),
  instant(to),
];
const found = <T>(item: T | undefined): T => {
  if (item === undefined) throw new CodedError('not-found');
  return item;
};

/** Compliance at any instant and over time, of the console's stand-in. */
export const historyAnswers = {
  readComplianceMap: ({ query }) => mapAt(instant(query.at), query.org),
  readComplianceTrend: ({ query }) => trendOf(query.of ?? 'people', ...span(query), query.org),
  readComplianceMeasures: ({ query }) => measuresOf(...span(query)),
  listChecks: () => ({ items: library() }),
  listCheckSubjects: ({ params, query }) => {
    const { cursor = '0', limit = 50 } = query;
    const items = subjectsOf(params.check, instant(query.at), query.org).filter(
      ({ status }) => query.status === undefined || status === query.status,
    );
    const next = Number(cursor) + limit;
    return {
      items: items.slice(Number(cursor), next),
      total: items.length,
      nextCursor: next < items.length ? String(next) : null,
    };
  },
  readDeviceHistory: ({ params, query }) =>
    deviceHistory(found(devices.find(({ id }) => id === params.id)), ...span(query)),
  readPersonHistory: ({ params, query }) =>
    personHistory(found(people.find(({ id }) => id === params.id)), ...span(query)),
  previewCompliancePolicy: ({ body }) => preview(body.policy.checks.length),
  exportCompliance: ({ query }) => file(`${query.what}.${query.format}`),
  exportPersonHistory: ({ query }) => file(`person.${query.format}`),
  exportEvidencePack: () => file('evidence.zip'),
} satisfies Pick<Answers, keyof typeof historyRoutes | keyof typeof exportRoutes>;

const types: Record<string, string> = {
  csv: 'text/csv; charset=utf-8',
  pdf: 'application/pdf',
  zip: 'application/zip',
};
const file = (name: string) => ({
  name,
  type: types[name.split('.')[1] ?? ''] ?? 'application/octet-stream',
  bytes: new TextEncoder().encode(name),
});

function library(): LibraryCheck[] {
  const counts = mapAt(Date.now()).units;
  return checkRows.map((row) => {
    const check = checks.find((one) => one.check === row.check);
    const { cis } = check ?? {};
    return {
      check: row.check,
      title: row.title,
      why: row.why,
      fix: check?.fix ?? 'Connect the device to the network and leave it on for ten minutes.',
      fixTechnician: check?.fixTechnician ?? null,
      reference: cis
        ? `CIS benchmarks: ${Object.entries(cis)
            .map((pair) => pair.join(' '))
            .join(', ')}`
        : null,
      severity: row.severity,
      parameters: check?.parameters ?? { type: 'object', properties: {} },
      defaults: { ...check?.defaults },
      demand: {
        ...demandOf(compliancePolicyDefaults, row.check, row.severity),
        parameters: { ...check?.defaults },
        binds: row.check === 'firewall-on' ? 'all students, all teachers' : null,
      },
      counts: {
        pass: sum(counts.map((unit) => unit.checks[row.check]?.pass)),
        fail: sum(counts.map((unit) => unit.checks[row.check]?.fail)),
        'not-applicable': sum(counts.map((unit) => unit.checks[row.check]?.['not-applicable'])),
        unknown: sum(counts.map((unit) => unit.checks[row.check]?.unknown)),
      },
    };
  });
}

const sum = (numbers: readonly (number | undefined)[]) => numbers.reduce<number>((all, one) => all + (one ?? 0), 0);

/** The more checks a policy names, the more people stand differently. */
function preview(named: number): PolicyPreview {
  const before = mapAt(Date.now());
  const turning = Math.min(named * 3, before.people.compliant);
  const after = (counts: PolicyPreview['people']['before']) => ({
    ...counts,
    compliant: counts.compliant - turning,
    'in-grace': counts['in-grace'] + turning,
  });
  return {
    people: { before: before.people, after: after(before.people) },
    devices: { before: before.devices, after: after(before.devices) },
    checks:
      turning === 0
        ? []
        : [{ check: 'battery-worn', title: 'Battery', failingBefore: 0, failingAfter: turning, turning }],
    units:
      turning === 0
        ? []
        : [
            { orgId: 's2', name: 'Lindenfield Middle School', worse: turning - 1, better: 0 },
            { orgId: 's1', name: 'Harbor Point Elementary', worse: 1, better: 0 },
          ],
    changes: people
      .filter(({ verdict }) => verdict.state === 'compliant')
      .slice(0, turning)
      .map(({ id, name }) => ({
        person: { id, name },
        before: 'compliant' as const,
        after: 'in-grace' as const,
        until: ago(-12 * dayMs),
        reasons: ['Battery: worn'],
      })),
    changed: turning,
  };
}
