import { statSync } from 'node:fs';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { bench } from './bench.ts';
import { type Desk, openDesk, pagesOf } from './compliance-pages.ts';
import { replay } from './compliance-replay.ts';
import { writeYear } from './compliance-year.ts';
import { percentile, type Report } from './report.ts';

const end = Date.UTC(2026, 10, 20, 17);
const budgetMs = 200;
/** Devices replayed. */
const sample = 200;

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
    const desk = openDesk(path, end);
    scope.defer(() => desk.db.destroy());
    size(path, desk.sqlite, devices, days, report);

    report.note(
      `\nEach page ${rounds} times, as JSON: median / longest in ms of processor time | elapsed; processor time of p99 to ${budgetMs} ms`,
    );
    for (const [name, ask] of Object.entries(pagesOf(desk, { devices, days, end })))
      await measure(name, ask, rounds, report);
    replay(desk, Math.min(devices, sample), end - days * 86_400_000, end, report);
    reportPlans(desk, report);
  },
});

async function measure(name: string, ask: () => Promise<unknown>, rounds: number, report: Report): Promise<void> {
  const [times, used]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    const [started, before] = [performance.now(), process.cpuUsage()];
    JSON.stringify(await ask());
    const { user, system } = process.cpuUsage(before);
    times.push(performance.now() - started);
    used.push((user + system) / 1_000);
  }
  const ofProcessor = percentile(used, 0.99);
  const words = [used, times].map((all) =>
    [percentile(all, 0.5), Math.max(...all)].map((ms) => ms.toFixed(1).padStart(7)).join(' /'),
  );
  report.note(`  ${name.padEnd(42)}${words.join('  |')}   ${(ofProcessor / budgetMs).toFixed(2)} ×`);
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
function reportPlans({ sqlite, statements }: Desk, report: Report): void {
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
