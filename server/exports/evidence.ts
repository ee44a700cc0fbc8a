import { createHash } from 'node:crypto';
import type { ComplianceMap } from '../../shared/api/schemas.ts';
import { type CompliancePolicy, compliancePolicyDefaults } from '../../shared/compliance/policy.ts';
import { verdictStates } from '../../shared/compliance/verdict.ts';
import type { Selector } from '../../shared/policy/selector.ts';
import { checkTitle } from '../compliance/policy.ts';
import { noUnit } from '../compliance/units.ts';
import type { ComplianceHistory } from '../services.ts';
import type { ComplianceViews } from '../store/views/compliance.ts';
import { type Cell, csvBytes } from './csv.ts';
import { readme } from './evidence-words.ts';
import { pdfBytes } from './pdf.ts';
import { measureWords } from './person-timeline.ts';
import { cellsOf, coverageColumns, coverageOf, titlesOf, unitsByName, verdictColumns } from './tables.ts';

export interface EvidenceParts {
  history: ComplianceHistory;
  views: ComplianceViews;
  district: string;
}

export interface EvidenceFile {
  name: string;
  bytes: Uint8Array;
}

const dayMs = 86_400_000;
const usualSpanMs = 90 * dayMs;

/** What an auditor gets of one instant. Everything but `MADE-AT.txt` depends on the instant and what is stored alone. */
export async function evidenceFiles(parts: EvidenceParts, at: number, madeAt: number): Promise<EvidenceFile[]> {
  const { history, district } = parts;
  const map = await history.map({ at: iso(at) });
  const policy = await policyInForce(parts, at);
  const trend = await trendRows(parts, map, at);
  const about = { district, at: iso(at), revision: policy.revision, trendFrom: String(trend[0]?.[0] ?? '') };
  const units = unitsByName(map.units);
  const files = [
    textFile('README.txt', readme(about)),
    textFile('policy.json', `${JSON.stringify(policy, undefined, 2)}\n`),
    {
      name: 'coverage.csv',
      bytes: await csvBytes(titlesOf(coverageColumns), [coverageOf(map).map((one) => cellsOf(coverageColumns, one))]),
    },
    {
      name: 'verdicts.csv',
      bytes: await csvBytes(titlesOf(verdictColumns), [units.map((unit) => cellsOf(verdictColumns, unit))]),
    },
    { name: 'exceptions.csv', bytes: await csvBytes(exceptionTitles, [await exceptionRows(parts, at)]) },
    { name: 'trend.csv', bytes: await csvBytes(trendTitles, [trend]) },
    { name: 'summary.pdf', bytes: await summary(parts, map, policy.revision, at) },
  ];
  return [
    ...files,
    textFile('SHA256SUMS', files.map(({ name, bytes }) => `${sha256(bytes)}  ${name}\n`).join('')),
    textFile('MADE-AT.txt', `Made at ${iso(madeAt)}\n`),
  ];
}

async function policyInForce({ views }: EvidenceParts, at: number) {
  const revision = await views.histories.policyAt(at);
  const policy = revision ? (JSON.parse(revision.content) as CompliancePolicy) : compliancePolicyDefaults;
  const profiles = await views.evidence.profilesAt(at);
  return {
    at: iso(at),
    /** `null`: the district had saved none; what holds then is given. */
    revision: revision?.version ?? null,
    inForceSince: revision ? iso(revision.from_at) : null,
    policy: { ...policy, checks: policy.checks.map(withoutPeople) },
    profiles: profiles.map(({ publishedAt, assignments, ...rest }) => ({
      ...rest,
      publishedAt: iso(publishedAt),
      assignments: assignments.map(({ to, ...one }) => ({ to: withoutPerson(to), ...one })),
    })),
  };
}

function withoutPeople<T extends { binds?: Selector[] }>(check: T): T {
  return check.binds ? { ...check, binds: check.binds.map(withoutPerson) } : check;
}

/** A selector that names one person would be a name. */
function withoutPerson(selector: Selector): Selector {
  return selector.kind === 'person' ? { kind: 'person', person: 'withheld' } : selector;
}

const exceptionTitles = ['Kind', 'Of', 'For', 'Unit', 'In force', 'First since', 'Last until'];

async function exceptionRows({ views }: EvidenceParts, at: number): Promise<Cell[][]> {
  const names = new Map([noUnit, ...(await views.counts.units())].map(({ id, name }) => [id, name]));
  const rows = await views.evidence.exceptions(at);
  return rows.map(({ kind, of, target, orgId, count, firstFrom, lastUntil }) => [
    kind,
    kind === 'waiver' ? (checkTitle(of) ?? of) : of,
    `one ${target}`,
    names.get(orgId) ?? orgId,
    count,
    iso(firstFrom),
    lastUntil === null ? null : iso(lastUntil),
  ]);
}

const trendTitles = [
  'Day',
  ...verdictStates.map((state) => `People ${state}`),
  ...verdictStates.map((state) => `Devices ${state}`),
];

/** By day since the school year began; the last row as of the instant itself, so that it stays what it is. */
async function trendRows({ history, views }: EvidenceParts, map: ComplianceMap, at: number): Promise<Cell[][]> {
  const day = iso(at).slice(0, 10);
  const begin = (await views.evidence.schoolYearStart(day)) ?? lastJuly(day);
  const from = Math.max(Date.parse(`${begin}T00:00:00Z`), map.since === null ? 0 : Date.parse(map.since));
  const last = [
    day,
    ...verdictStates.map((state) => map.people[state]),
    ...verdictStates.map((state) => map.devices[state]),
  ];
  const to = Math.floor(at / dayMs) * dayMs - 1;
  if (from >= to) return [last];
  const span = { from: iso(from), to: iso(to) };
  const people = await history.trend({ ...span, of: 'people' });
  const devices = await history.trend({ ...span, of: 'devices' });
  const days = people.days.map(({ day: date, counts }, index) => [
    date,
    ...verdictStates.map((state) => counts[state] ?? 0),
    ...verdictStates.map((state) => devices.days[index]?.counts[state] ?? 0),
  ]);
  return [...days, last];
}

/** Where the roster names no school year: the first of July before. */
function lastJuly(day: string): string {
  const year = Number(day.slice(0, 4));
  return day >= `${year}-07-01` ? `${year}-07-01` : `${year - 1}-07-01`;
}

async function summary({ history, district }: EvidenceParts, map: ComplianceMap, revision: number | null, at: number) {
  const since = map.since === null ? at : Date.parse(map.since);
  const from = Math.max(since, at - usualSpanMs);
  const measures = from < at ? await history.measures({ from: iso(from), to: iso(at) }) : undefined;
  const share = { title: 'Number', share: 1 };
  return await pdfBytes({
    title: 'Compliance: summary for an auditor',
    lines: [
      district,
      `As of ${iso(at)}`,
      revision === null
        ? 'The district had saved no policy: the library’s own demand holds.'
        : `Policy in force: revision ${revision}`,
      ...(measures ? [`Since ${measures.from}:`, ...measureWords(measures)] : []),
    ],
    at,
    tables: [
      {
        title: 'People and devices',
        columns: [
          { title: 'Verdict', share: 3 },
          { ...share, title: 'People' },
          { ...share, title: 'Devices' },
        ],
        rows: verdictStates.map((state) => [state, String(map.people[state]), String(map.devices[state])]),
      },
      {
        title: 'Units',
        columns: [
          { title: 'Unit', share: 4 },
          { ...share, title: 'People judged' },
          { ...share, title: 'Noncompliant' },
        ],
        rows: unitsByName(map.units).map(({ name, people }) => [
          name,
          String(verdictStates.reduce((sum, state) => sum + people[state], 0)),
          String(people.noncompliant),
        ]),
      },
    ],
  });
}

function textFile(name: string, text: string): EvidenceFile {
  return { name, bytes: Buffer.from(text) };
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

const iso = (at: number) => new Date(at).toISOString();
