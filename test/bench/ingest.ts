import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { bench } from './bench.ts';
import { enrolDevices } from './devices.ts';
import { straightToDisk } from './ingest-disk.ts';
import { straightIntoSqlite } from './ingest-floor.ts';
import { countedKinds, growthPerKind, reportsADay } from './ingest-growth.ts';
import { cpuSpentOn } from './process-use.ts';
import type { AgentIdentity, AgentsAnswer, AgentsOrder, ReportRun } from './programs/ingest-agents.ts';
import type { EchoReady } from './programs/ingest-echo.ts';
import { startFloor } from './programs.ts';
import { percentile, type Report } from './report.ts';
import type { Scope } from './scope.ts';
import { BenchServer } from './server.ts';

const schoolHours = 8;

/**
 * Each agent has one report under way, as the real one does. First all send as fast as they are answered, which says what a
 * core can do; then at the pace of `rate`, which says how long an answer takes when the server is not drowned. Each phase begins
 * when the server has nothing left to do of the one before, and judges what it is told itself; what is left of that is told.
 */
export const ingest = bench({
  summary: 'durable reports a second over mutual TLS, against an echo and the same rows straight into SQLite',
  sizes: {
    agents: { default: 400, words: 'agents that report at once' },
    reports: { default: 100, words: 'reports of each, at most 500: more would be flooding' },
    processes: { default: 2, words: 'processes the agents run in' },
    rate: { default: 4000, words: 'reports a second of the paced run' },
    mixed: { default: 1, words: '1: all kinds of records; 0: load alone, which is the lightest' },
  },
  async run({ agents, reports, processes, rate, mixed }, report, scope) {
    const isMixed = mixed !== 0;
    const server = await BenchServer.start(scope);
    const identities = (await enrolDevices(server, agents)).map(
      ({ name, root, chain, key }): AgentIdentity => ({ name, root, chain, pem: key.pem }),
    );
    const crowd = await startCrowd(scope, processes, identities, server.ports.agents, true);
    await send(crowd, { reports: Math.ceil(reports / 10), everyMs: 0, isMixed });
    await server.atRest();
    const atOnce = { reports, everyMs: 0, isMixed };
    const inTurn = { reports, everyMs: (agents * 1000) / rate, isMixed };
    const fast = await measured(server.pid, crowd, atOnce);
    const afterFast = await spentUntilRest(server);
    const floor = await straightIntoSqlite(scope.folder('floor'), agents, agents * reports);
    const { pid, crowd: echoing } = await startEcho(scope, processes, agents);
    const echo = await measured(pid, echoing, atOnce);
    const pacedEcho = await measured(pid, echoing, inTurn);
    // One core that does both, one after the other.
    const both = 1 / (1 / echo.perCore + 1 / floor.perSecond);
    report.compare('durable reports, by one core of the server', fast.perCore, '/s', 'echo and SQLite', both);
    report.compare('durable reports, on the clock', fast.perSecond, '/s', 'echo', echo.perSecond);
    report.figure('echo: parsed and answered, by one core', echo.perCore, '/s');
    report.figure('SQLite: position and value, by one core', floor.perSecond, '/s');
    tell(report, 'all at once: sent → acknowledged', fast.waits);
    report.figure('all at once: of a core afterwards, until all is judged', afterFast, 'ms');

    const paced = await measured(server.pid, crowd, inTurn);
    const afterPaced = await spentUntilRest(server);
    report.figure('paced: reports on the clock', paced.perSecond, '/s');
    report.compare('paced: of a core of the server', coreOf(paced), '%', 'echo', coreOf(pacedEcho));
    tell(report, 'paced: due → acknowledged', paced.waits);
    tell(report, 'paced: due → answered by the echo', pacedEcho.waits);
    report.figure('paced: of a core afterwards, until all is judged', afterPaced, 'ms');
    const disk = { reports: paced.waits.length, rate, bytesEach: floor.walBytesEach };
    const held = await straightToDisk(scope.folder('disk'), disk);
    tell(report, 'the disk alone, the same bytes at that pace', held);
    report.figure('paced: sent late by the agents themselves, p99', percentile(paced.late, 0.99), 'ms');

    report.figure('SQLite: written to the WAL for each report', floor.walBytesEach, 'bytes');
    report.figure('SQLite: of its time, writing the WAL back', floor.checkpointShare * 100, '%');
    await tellGrowth(report, scope);
  },
});

interface Measured extends AgentsAnswer {
  perSecond: number;
  perCore: number;
}

async function measured(pid: number, crowd: readonly ChildProcess[], run: ReportRun): Promise<Measured> {
  let answer: AgentsAnswer = { waits: [], late: [] };
  const started = performance.now();
  const cpuMs = await cpuSpentOn(pid, async () => {
    answer = await send(crowd, run);
  });
  const { length } = answer.waits;
  const perSecond = (length * 1000) / (performance.now() - started);
  return { ...answer, perSecond, perCore: (length * 1000) / cpuMs };
}

/** Processor milliseconds from now until it is at rest. */
async function spentUntilRest(server: BenchServer): Promise<number> {
  return await cpuSpentOn(server.pid, () => server.atRest());
}

/** Percent of a core that it took while it lasted. */
function coreOf({ perSecond, perCore }: Measured): number {
  return (perSecond * 100) / perCore;
}

function tell(report: Report, when: string, waits: readonly number[]): void {
  for (const share of [0.5, 0.99]) report.figure(`${when}, p${share * 100}`, percentile(waits, share), 'ms');
}

async function tellGrowth(report: Report, scope: Scope): Promise<void> {
  const bytes = await growthPerKind(scope.folder('growth'));
  const day = countedKinds.map((kind) => `${kind} ${Number(reportsADay[kind].toFixed(2))}`).join(', ');
  report.note(`\nGrowth, for a device of ${schoolHours} hours a day that says: ${day}`);
  for (const kind of countedKinds) {
    report.figure(`each further ${kind}, for good`, bytes[kind].kept, 'bytes');
    report.figure(`each further ${kind}, until it is judged`, bytes[kind].unjudged, 'bytes');
  }
  const sum = (of: 'kept' | 'unjudged') =>
    (countedKinds.reduce((bytesOfDevice, kind) => bytesOfDevice + bytes[kind][of] * reportsADay[kind], 0) * 1000) /
    2 ** 20;
  report.figure('1,000 devices in a day, for good', sum('kept'), 'MB');
  report.figure('1,000 devices in a day, were nothing judged', sum('unjudged'), 'MB');
}

/** A server that only parses and answers, with as many agents of its own. */
async function startEcho(
  scope: Scope,
  processes: number,
  agents: number,
): Promise<{ pid: number; crowd: ChildProcess[] }> {
  const { pid, ready } = await startFloor<EchoReady>(scope, 'ingest-echo', scope.folder('echo'));
  const identities = Array<AgentIdentity>(agents).fill(ready.identity);
  return { pid, crowd: await startCrowd(scope, processes, identities, ready.port, false) };
}

/** The agents, connected, spread over processes. */
async function startCrowd(
  scope: Scope,
  processes: number,
  identities: readonly AgentIdentity[],
  port: number,
  greets: boolean,
): Promise<ChildProcess[]> {
  const crowd: ChildProcess[] = [];
  for (let number = 0; number < processes; number++) {
    const { child } = await startFloor<AgentsAnswer>(scope, 'ingest-agents');
    crowd.push(child);
    await told(child, { join: identities.filter((_, index) => index % processes === number), port, greets });
  }
  return crowd;
}

async function send(crowd: readonly ChildProcess[], run: ReportRun): Promise<AgentsAnswer> {
  const answers = await Promise.all(crowd.map((child) => told(child, { run })));
  return { waits: answers.flatMap(({ waits }) => waits), late: answers.flatMap(({ late }) => late) };
}

/** However long it takes: a busy machine is no failure. */
async function told(child: ChildProcess, order: AgentsOrder): Promise<AgentsAnswer> {
  child.send(order);
  const [answer] = (await once(child, 'message')) as [AgentsAnswer];
  return answer;
}
