import { setTimeout as delay } from 'node:timers/promises';
import { bench } from './bench.ts';
import { ConsoleTab, signedIn } from './load/consoles.ts';
import { deviceIdOf } from './load/credentials.ts';
import { credentialsFor, crowdSizes, openStage } from './load/stage.ts';
import { cpuMsOf, memoryOfAll } from './process-use.ts';
import { percentile, type Report } from './report.ts';
import type { Scope } from './scope.ts';
import type { BenchServer } from './server.ts';

/** An agent reports what its collectors found changed: in use, something each few minutes. */
const reportEverySeconds = 180;
const sampleEveryMs = 5_000;

/** A school day compressed: nobody waits for the bell, the rest is as it is at eleven in the morning. */
export const steady = bench({
  summary:
    'a school day: reports and heartbeats, consoles open, looks at devices, a rollout under way; processor and memory',
  sizes: {
    ...crowdSizes,
    minutes: { default: 1, words: 'minutes that are measured; the documented run has 60' },
    consoles: { default: 30, words: 'consoles that stand open' },
    streams: { default: 20, words: 'devices that are looked at, one sample a second each' },
  },
  async run({ minutes, consoles, streams, ...sizes }, report, scope) {
    const credentials = await credentialsFor(scope, report, sizes.agents);
    let cookies: string[] = [];
    const { server, fleet } = await openStage(scope, credentials, sizes, { reportEverySeconds }, (home) => {
      cookies = signedIn(home, Math.max(consoles, 1));
    });
    await server.publish({ webFilter: { blockedDomains: ['steady.example'] } });
    await fleet.joined(900);
    await fleet.quiet();
    const tabs = await openTabs(scope, server, cookies);
    await look(tabs, Math.min(streams, sizes.agents));
    await server.rollOut({ webFilter: { blockedDomains: ['steady.example', 'rollout.example'] } });
    await server.loopDelay();
    await fleet.take();

    const before = await fleet.stats();
    const use = await watch(server, minutes * 60_000);
    const after = await fleet.stats();
    const { acknowledgeMs } = await fleet.take();
    const seconds = minutes * 60;
    report.figure('reports', (after.acknowledged - before.acknowledged) / seconds, '/s');
    report.figure('heartbeats', (after.pings - before.pings) / seconds, '/s');
    report.figure('samples of looks', (after.samples - before.samples) / seconds, '/s');
    tellTabs(report, tabs, seconds);
    report.figure('processor of the server', use.percent, '% of a core');
    report.figure('resident memory, at the end', use.residentAtEnd, 'MB');
    report.figure('resident memory grows by', use.growth, 'MB an hour');
    report.figure('report → acknowledgement, p50', percentile(acknowledgeMs, 0.5), 'ms');
    report.figure('report → acknowledgement, p99', percentile(acknowledgeMs, 0.99), 'ms');
    report.figure('the server’s loop was late by, p99', await server.loopDelay(), 'ms');
    report.figure('connections that ended', after.tried - before.tried, '');
  },
});

async function openTabs(scope: Scope, server: BenchServer, cookies: readonly string[]): Promise<ConsoleTab[]> {
  const tabs = cookies.map((cookie) => new ConsoleTab(scope, server.home, server.ports.console, cookie));
  for (const tab of tabs) await tab.open();
  return tabs;
}

/** Technicians look at devices, each for a ticket of its own, two a console at most. */
async function look(tabs: readonly ConsoleTab[], devices: number): Promise<void> {
  for (let device = 0; device < devices; device++) {
    const tab = tabs[device % tabs.length];
    const input = { subject: 'It is slow', category: 'slow', deviceId: deviceIdOf(device) };
    const ticket = await tab?.ask<{ id: string }>('POST', '/api/tickets', input);
    const wanted = { reason: 'Slow since Monday.', minutes: 60 };
    const diagnosis = await tab?.ask<{ id: string }>('POST', `/api/tickets/${ticket?.id}/diagnoses`, wanted);
    if (diagnosis) await begun(tab, diagnosis.id);
  }
}

async function begun(tab: ConsoleTab | undefined, id: string): Promise<void> {
  while ((await tab?.ask<{ state: string }>('GET', `/api/diagnoses/${id}`))?.state !== 'running') await delay(50);
  tab?.watch(id);
}

interface Use {
  percent: number;
  residentAtEnd: number;
  /** Of the straight line through all samples (least squares), MB an hour. */
  growth: number;
}

async function watch(server: BenchServer, forMs: number): Promise<Use> {
  const samples: [hour: number, resident: number][] = [];
  const { pids } = server;
  const spent = () => pids.reduce((sum, pid) => sum + cpuMsOf(pid), 0);
  const [from, before] = [performance.now(), spent()];
  for (let now = from; now - from < forMs; now = performance.now()) {
    samples.push([(now - from) / 3_600_000, memoryOfAll(pids).resident]);
    await delay(Math.min(sampleEveryMs, forMs - (now - from)));
  }
  const percent = ((spent() - before) * 100) / (performance.now() - from);
  return { percent, residentAtEnd: samples.at(-1)?.[1] ?? Number.NaN, growth: slopeOf(samples) };
}

export function slopeOf(samples: readonly (readonly [number, number])[]): number {
  const mean = (of: 0 | 1) => samples.reduce((sum, sample) => sum + sample[of], 0) / samples.length;
  const [x, y] = [mean(0), mean(1)];
  const spread = samples.reduce((sum, [at]) => sum + (at - x) ** 2, 0);
  return samples.reduce((sum, [at, value]) => sum + (at - x) * (value - y), 0) / spread;
}

function tellTabs(report: Report, tabs: readonly ConsoleTab[], seconds: number): void {
  const loads = tabs.flatMap((tab) => tab.loads);
  report.figure('hints to consoles', tabs.reduce((sum, { hints }) => sum + hints, 0) / seconds, '/s');
  report.figure('samples shown by consoles', tabs.reduce((sum, { samples }) => sum + samples, 0) / seconds, '/s');
  report.figure('pages loaded by consoles', loads.length / seconds, '/s');
  report.figure('console page, p50', percentile(loads, 0.5), 'ms');
  report.figure('console page, p99', percentile(loads, 0.99), 'ms');
}
