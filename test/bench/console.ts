import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { FastifyInstance } from 'fastify';
import pino from 'pino';
import { createConsoleApp } from '../../server/api/console-listener.ts';
import { openBase, type Undo } from '../../server/base.ts';
import { systemClock } from '../../server/clock.ts';
import { loadConfig } from '../../server/config.ts';
import { createConsole } from '../../server/console-parts.ts';
import { createServices } from '../../server/create-services.ts';
import { prepareHome } from '../../server/home.ts';
import { bench } from './bench.ts';
import { fillConsole, now } from './console-fill.ts';
import { pagesOf } from './console-pages.ts';
import { fillPolicy } from './console-policy.ts';
import { Statements, scansOf } from './console-statements.ts';
import { percentile } from './report.ts';
import type { Scope } from './scope.ts';

const sessionCookie = '__Host-rollcall';
/** What a viewer must not do, and what is not in their sight. */
const notTheirs = [403, 404];
/** Accounts of `fillConsole`. */
const viewers = { owner: 'staff-0', principal: 'staff-1', teacher: 'staff-2' };

/** The pages of the console as their routes answer: signed in, authorised, cut to what the viewer sees, and audited. */
export const consolePages = bench({
  summary: 'every list of the console for an owner, a principal and a teacher, and what it reads whole',
  sizes: {
    people: { default: 10_000, words: 'people; the documented run has 50000' },
    devices: { default: 12_000, words: 'devices; the documented run has 60000' },
    schools: { default: 30, words: 'schools' },
    tickets: { default: 4_000, words: 'tickets; the documented run has 20000' },
    events: { default: 60_000, words: 'events; the documented run has 300000' },
    commands: { default: 1_000, words: 'commands; the documented run has 5000' },
    days: { default: 60, words: 'days of verdicts and checks; the documented run has 365' },
    rounds: { default: 7, words: 'times each page is asked for' },
  },
  async run({ rounds, ...size }, report, scope) {
    const home = scope.folder('console');
    prepareHome(home);
    const path = join(home, 'rollcall.db');
    const started = performance.now();
    await fillConsole(path, size);
    const policy = await fillPolicy(path, now, size.devices);
    report.figure('district written in', (performance.now() - started) / 1000, 's');
    const statements = new Statements();
    const { app, cookies } = await openConsole(home, scope);
    const db = new Database(path, { readonly: true });
    scope.defer(() => void db.close());
    for (const [viewer, cookie] of cookies) {
      report.note(viewer);
      for (const [name, url] of Object.entries(pagesOf(viewer, policy, now - size.days * 86_400_000))) {
        statements.take();
        const { answer, times, cpu } = await ask(app, { url, headers: { cookie } }, rounds);
        if (viewer !== 'owner' && notTheirs.includes(answer.statusCode)) continue;
        if (answer.statusCode !== 200)
          throw new Error(`${url} answers ${answer.statusCode} to the ${viewer}: ${answer.body}`);
        const scans = scansOf(db, statements.take()).map((scan) => `; reads all of ${scan}`);
        const rest = `p50 ${percentile(times, 0.5).toFixed(1)} ms, p99 ${percentile(times, 0.99).toFixed(1)} ms${scans.join('')}`;
        report.figure(name, percentile(cpu, 0.5), `ms of processor; on the clock ${rest}`);
      }
    }
  },
});

/** Wired as the server is; but for the index of who is where nothing works by itself: only what pages cost is measured. */
async function openConsole(home: string, scope: Scope): Promise<{ app: FastifyInstance; cookies: [string, string][] }> {
  const undo: Undo = [];
  scope.defer(async () => {
    for (const step of undo.reverse()) await step();
  });
  const config = loadConfig({ home, listen: '127.0.0.1', demo: false, consolePort: 0, agentPort: 0 });
  const base = await openBase(config, pino({ level: 'error' }), undo, systemClock);
  const services = createServices(base);
  await services.index.start();
  await services.index.all();
  undo.push(() => services.index.stop());
  const { parts } = await createConsole(base, services);
  const app = await createConsoleApp(parts);
  undo.push(() => app.close());
  const cookies: [string, string][] = [];
  for (const [viewer, staffId] of Object.entries(viewers)) {
    const token = await services.access.sessions.open(staffId, 'passkey', { address: '127.0.0.1', browser: '' }, true);
    cookies.push([viewer, `${sessionCookie}=${token}`]);
  }
  return { app, cookies };
}

/** The last answer, with the milliseconds of each: on the clock, and of the processor, which a busy machine does not move. */
async function ask(app: FastifyInstance, request: { url: string; headers: { cookie: string } }, rounds: number) {
  const times: number[] = [];
  const cpu: number[] = [];
  for (let round = 0; ; round++) {
    const from = performance.now();
    const spent = process.cpuUsage();
    const answer = await app.inject({ method: 'GET', ...request });
    times.push(performance.now() - from);
    const { user, system } = process.cpuUsage(spent);
    cpu.push((user + system) / 1000);
    if (round + 1 >= rounds || answer.statusCode !== 200) return { answer, times, cpu };
  }
}
