import { statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { ComplianceHistoryService } from '../../server/compliance/history.ts';
import type { PolicyPreviews } from '../../server/compliance/preview.ts';
import { DocumentStore } from '../../server/store/documents.ts';
import { ProfileStore } from '../../server/store/profiles.ts';
import type { Database as Tables } from '../../server/store/schema.ts';
import { complianceViews } from '../../server/store/views/compliance.ts';
import { DevicesView } from '../../server/store/views/devices.ts';
import { PeopleView } from '../../server/store/views/people.ts';
import { FakeClock, SeededRandom } from '../fakes/clock.ts';
import { bench } from './bench.ts';
import { writeYear } from './compliance-year.ts';
import { percentile, type Report } from './report.ts';

const dayMs = 86_400_000;
const end = Date.UTC(2026, 10, 20, 17);
const budgetMs = 200;
const iso = (at: number) => new Date(at).toISOString();

/** Tables that grow with time; also as the queries call them. A look through all of one is what this bench is to find. */
const grows = /^SCAN (verdict|check_interval|event|judgement_input|one|next|last|ended)\b/;

/** Every page of compliance that can be asked for an instant in the past, on a store as a year would have left it. */
export const compliance = bench({
  summary: 'pages of compliance at past instants, on a year of history, against 200 ms',
  sizes: {
    devices: { default: 2_000, words: 'devices in service all the time, each with a person' },
    days: { default: 90, words: 'days of history' },
    rounds: { default: 40, words: 'times each page is asked, at another instant each' },
  },
  async run({ devices, days, rounds }, report, scope) {
    const path = join(scope.folder('compliance'), 'rollcall.db');
    const started = performance.now();
    await writeYear(path, { devices, days, end });
    report.figure('written in', (performance.now() - started) / 1000, 's');
    const desk = openDesk(path);
    scope.defer(() => desk.db.destroy());
    size(path, desk.sqlite, devices, days, report);

    const dice = new SeededRandom(2);
    const random = () => dice.unit();
    const at = () => iso(Math.floor(end - random() * days * dayMs * 0.98));
    const one = (kind: string) => `${kind}-${Math.floor(random() * devices)}`;
    const org = () => `school-${Math.floor((random() * devices) / 1_000)}`;
    const from = iso(end - Math.min(days, 90) * dayMs);
    const all = iso(end - days * dayMs);
    const { history, people, devicesView } = desk;
    const pages: Record<string, () => Promise<unknown>> = {
      'map of the district': () => history.map({ at: at() }),
      'map of a school': () => history.map({ at: at(), org: org() }),
      'map now': () => history.map({}),
      'trend of people, all days': () => history.trend({ from: all }),
      'trend of a check in a school, all days': () => history.trend({ from: all, of: 'firewall-on', org: org() }),
      'devices under a check, worst first': () => history.checkSubjects('agent-current', { at: at() }),
      'devices that pass a check': () => history.checkSubjects('restarted-lately', { at: at(), status: 'pass' }),
      'people, by name': async () => people.page({ at: Date.parse(at()) }),
      'people who were noncompliant': async () => people.page({ at: Date.parse(at()), verdict: 'noncompliant' }),
      'people of a school': async () => people.page({ at: Date.parse(at()), org: org() }),
      'devices, by name': async () => devicesView.page({ at: Date.parse(at()) }),
      'devices that were silent': async () => devicesView.page({ at: Date.parse(at()), verdict: 'silent' }),
      'history of a person, all days': () => history.ofPerson(one('person'), { from: all }),
      'history of a device, all days': () => history.ofDevice(one('device'), { from: all }),
      'measures of the district, last 90 days': () => history.measures({ from }),
      'measures of a school, last 90 days': () => history.measures({ from, org: org() }),
      'measures of the district, all days': () => history.measures({ from: all }),
      'library of checks': () => history.checks(),
    };
    report.note(`\nEach page ${rounds} times, as JSON; p50 / p99 / longest, and p99 to ${budgetMs} ms`);
    for (const [name, ask] of Object.entries(pages)) await measure(name, ask, rounds, report);
    reportPlans(desk, report);
  },
});

function openDesk(path: string) {
  const sqlite = new Database(path);
  // As `server/store/open.ts` sets it.
  sqlite.pragma('cache_size = -65536');
  const statements = new Map<string, readonly unknown[]>();
  const db = new Kysely<Tables>({
    dialect: new SqliteDialect({ database: sqlite }),
    log: ({ query }) => void statements.set(query.sql, query.parameters),
  });
  const clock = new FakeClock(end);
  const presence = { isConnected: () => false, connectedIds: () => [] };
  return {
    ...{ db, sqlite, statements },
    people: new PeopleView(db),
    devicesView: new DevicesView(db, presence),
    history: new ComplianceHistoryService({
      ...{ clock, serverSays: {} },
      stores: { documents: new DocumentStore(db), profiles: new ProfileStore(db), history: complianceViews(db) },
      previews: { preview: () => Promise.reject(new Error('not measured here')) } as unknown as PolicyPreviews,
    }),
  };
}

async function measure(name: string, ask: () => Promise<unknown>, rounds: number, report: Report): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const started = performance.now();
    JSON.stringify(await ask());
    times.push(performance.now() - started);
  }
  const [p50, p99] = [percentile(times, 0.5), percentile(times, 0.99)];
  const words = [p50, p99, Math.max(...times)].map((ms) => ms.toFixed(1).padStart(7)).join(' /');
  report.note(`  ${name.padEnd(44)}${words} ms   ${(p99 / budgetMs).toFixed(2)} ×`);
}

function size(path: string, sqlite: Database.Database, devices: number, days: number, report: Report): void {
  const count = (table: string) => (sqlite.prepare(`select count(*) as n from ${table}`).get() as { n: number }).n;
  for (const table of ['check_interval', 'verdict', 'compliance_change'])
    report.figure(`rows of ${table}`, count(table), '');
  const megabytes = statSync(path).size / 2 ** 20;
  report.figure('the whole store', megabytes, 'MiB');
  report.figure('per 1,000 devices and year', (megabytes * 1_000 * 365) / (devices * days), 'MiB');
}

/** What SQLite says it does for each statement that was asked. */
function reportPlans({ sqlite, statements }: ReturnType<typeof openDesk>, report: Report): void {
  const scans = [...statements].flatMap(([sql, parameters]) => {
    if (!/^\s*(select|with)/i.test(sql)) return [];
    const plan = sqlite.prepare(`explain query plan ${sql}`).all(...parameters) as { detail: string }[];
    return plan
      .filter(({ detail }) => grows.test(detail))
      .map(({ detail }) => `${detail}: ${sql.trim().slice(0, 120)}`);
  });
  report.note(`\n${statements.size} statements; of these look through a whole table that grows: ${scans.length}`);
  for (const scan of scans) report.note(`  ${scan}`);
}
