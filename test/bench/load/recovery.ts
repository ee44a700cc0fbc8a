import { cpuMsOf } from '../process-use.ts';
import { percentile, type Report } from '../report.ts';
import type { BenchServer } from '../server.ts';
import type { Fleet } from './fleet.ts';
import { nowMs, type Timed } from './moments.ts';
import type { Prober } from './prober.ts';
import type { CrowdStats } from './stats.ts';

/** How a fleet came back from something. Seconds are counted from its beginning. */
export interface Recovery {
  /** Half, 99 in 100 and all welcomed again. */
  half: number;
  most: number;
  all: number;
  /** Welcomed in a second, until 99 in 100 were. */
  perSecond: number;
  /** Processor milliseconds of the server for each that came back. */
  cpuEach: number;
  /** Processor time in percent of a core, until all were back: who is near 100 sets the pace. */
  busy: { server: number; clients: number };
  /** Tries that ended before a welcome, by what was said. */
  failures: Record<string, number>;
  refused: number;
}

export interface Watched {
  fleet: Fleet;
  /** Processor milliseconds the server has spent; from another process on after a restart. */
  cpu: () => number;
}

/** Does what cuts everybody off, and waits until all are back. */
export async function recover({ fleet, cpu }: Watched, disturb: () => Promise<void>): Promise<Recovery> {
  const before = await fleet.stats();
  await fleet.take();
  const began = nowMs();
  const [spent, clientsSpent] = [cpu(), clientsCpu(fleet)];
  await disturb();
  const isBack = ({ connected, welcomed, agents }: CrowdStats) =>
    connected === agents && welcomed >= before.welcomed + agents;
  const after = await fleet.until(isBack, 900);
  const cpuNow = cpu();
  const serverSpent = cpuNow - (cpuNow < spent ? 0 : spent);
  const percent = 100 / (nowMs() - began);
  const busy = { server: serverSpent * percent, clients: (clientsCpu(fleet) - clientsSpent) * percent };
  const { welcomed } = await fleet.take();
  const seconds = welcomed.map((at) => (at - began) / 1_000).sort((a, b) => a - b);
  const most = percentile(seconds, 0.99);
  return {
    ...{ half: percentile(seconds, 0.5), most, all: percentile(seconds, 1) },
    perSecond: (0.99 * seconds.length) / most,
    cpuEach: serverSpent / seconds.length,
    busy,
    failures: difference(after.failures, before.failures),
    refused: after.refused - before.refused,
  };
}

function clientsCpu({ pids }: Fleet): number {
  return pids.reduce((sum, pid) => sum + cpuMsOf(pid), 0);
}

function difference(after: Record<string, number>, before: Record<string, number>): Record<string, number> {
  const grown = Object.entries(after).map(([what, times]) => [what, times - (before[what] ?? 0)] as const);
  return Object.fromEntries(grown.filter(([, times]) => times > 0));
}

/** Prints how it went, the server's loop and the console meanwhile. */
export async function tell(report: Report, recovery: Recovery, server: BenchServer, prober: Prober): Promise<void> {
  const { half, most, all, busy, failures, refused } = recovery;
  report.figure('half are back after', half, 's');
  report.figure('99 in 100 after', most, 's');
  report.figure('the last after', all, 's');
  report.figure('processor of the server meanwhile', busy.server, '% of a core');
  report.figure('processor of the agents’ own processes', busy.clients, '% of a core');
  report.figure('agents refused, to stay away for minutes', refused, '');
  await tellMeanwhile(report, server, prober);
  report.note(`  tries that failed: ${JSON.stringify(failures)}`);
}

export async function tellMeanwhile(report: Report, server: BenchServer, prober: Prober): Promise<void> {
  const { times, failures } = prober.take();
  report.figure('the server’s loop was late by, p99', await server.loopDelay(), 'ms');
  report.figure('console page, p50', percentile(times, 0.5), 'ms');
  report.figure(`console page, p99 of ${times.length}; ${failures} not answered`, percentile(times, 0.99), 'ms');
}

/** Heartbeats in the busiest second against the mean: how much of the storm is left in them. */
export function bunching({ pings }: Pick<Timed, 'pings'>): { most: number; mean: number } {
  const seconds = Object.keys(pings).map(Number);
  if (seconds.length === 0) return { most: 0, mean: 0 };
  const [first, last] = [Math.min(...seconds), Math.max(...seconds)];
  const all = Object.values(pings);
  return { most: Math.max(...all), mean: all.reduce((sum, times) => sum + times, 0) / (last - first + 1) };
}
