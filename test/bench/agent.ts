import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import packet from 'dns-packet';
import agentNodeFlags from '../../installers/agent-node-flags.json' with { type: 'json' };
import { agentCommand } from '../fakes/agent-process.ts';
import { repository } from '../fakes/running-server.ts';
import { bench } from './bench.ts';
import { bundle } from './bundle.ts';
import { blockedName, blockedNames } from './names.ts';
import { cpuSpentOn, type Memory, memoryOf, settled, wakeUpsOf } from './process-use.ts';
import { type Program, startProgram } from './programs.ts';
import type { Report } from './report.ts';
import { measureReporting } from './reporting.ts';
import type { Scope } from './scope.ts';
import { BenchServer } from './server.ts';
import { bytesOnTheLine, wireUseOf } from './wire-use.ts';

const source = join(repository, 'agent/cli.ts');
const counter = fileURLToPath(new URL('./programs/count-spawns.js', import.meta.url));
const emptyProcess = 'process.send({ ready: true }); setInterval(() => {}, 1 << 30)';
const floorName = 'empty Node process';
/** Its first readings are over, and what the start took is given back (`agent/platform/memory.ts`). */
const startIsOverMs = 25_000;
const secondsOfDay = 86_400;
const askEveryMs = 10;
const askForMs = 30_000;

/** A real agent on a trial root: enrolled, with a block list in force, then started again and left alone. */
export const agent = bench({
  summary: 'memory, processor time, programs started and time to enforcement of a real agent',
  sizes: {
    names: { default: 1_000_000, words: 'names on the block list it has in force' },
    seconds: { default: 30, words: 'of idling that are measured; 600 say more of readings that come each few minutes' },
    reports: { default: 2_000, words: 'reports it sends one after another, with its memory after each tenth; 0: none' },
    bundled: {
      default: 0,
      words: '1: the agent as a bundle, as installers will carry it; 0: as it runs in a checkout',
    },
  },
  async run({ names, seconds, reports, bundled }, report, scope) {
    const server = await BenchServer.start(scope);
    await publishList(server, names);
    const home = await enrolAgent(server, scope);
    const cli = bundled ? await bundle(source, scope.folder('bundle')) : source;
    // Installers carry no compiled code beside the bundle.
    const env: Record<string, string> = bundled ? {} : { NODE_COMPILE_CACHE: scope.folder('compile-cache') };
    const first = await startAgent(scope, cli, home, env);
    await answersFor(first.resolver, blockedName(0));
    report.figure('first start → list fetched and in force', performance.now() - first.startedAt, 'ms');
    // Whatever it loads has then been stripped of types once, so that the second start is as every later one.
    if (!bundled) await delay(startIsOverMs);
    await first.program.stop();

    const running = await startAgent(scope, cli, home, env);
    await answersFor(running.resolver, blockedName(0));
    const enforcedMs = performance.now() - running.startedAt;
    const empty = await startProgram(scope, 'empty process', [...agentNodeFlags, '-e', emptyProcess]);
    report.figure('start → policy in force from disk', enforcedMs, 'ms');
    await delay(startIsOverMs);
    report.figure('started by it in its first 25 s', spawned(running.log), 'programs');
    await idle(running, seconds, report);
    printMemory(report, await settled(running.program.pid), memoryOf(empty.pid));
    await running.program.stop();
    if (reports > 0) await measureReporting({ home, bundled: bundled > 0, reports }, report, scope);
  },
});

interface Running {
  program: Program<object>;
  startedAt: number;
  /** Port of its resolver. */
  resolver: number;
  /** One line for each program it started. */
  log: string;
}

async function publishList(server: BenchServer, names: number): Promise<void> {
  const bytes = Buffer.from(blockedNames(names).join('\n'));
  const upload = { bytes, type: 'text/plain' };
  await server.client.call('importList', { params: { category: 'bench' }, query: {}, upload });
  await server.publish({ webFilter: { blockedCategories: ['bench'] } });
}

async function enrolAgent(server: BenchServer, scope: Scope): Promise<string> {
  const home = scope.folder('agent');
  const root = scope.folder('root');
  const args = [
    'enroll',
    await server.token(1),
    '--home',
    home,
    '--root',
    root,
    '--dns-port',
    String(await freePort()),
  ];
  const { code, stderr } = await agentCommand(...args);
  if (code !== 0) throw new Error(stderr.trim());
  return home;
}

/** As `npx rollcall-agent run` starts it (types stripped once), with a note of every program it starts. */
async function startAgent(scope: Scope, cli: string, home: string, cache: Record<string, string>): Promise<Running> {
  const log = join(scope.folder('spawns'), 'log');
  const startedAt = performance.now();
  const args = [...agentNodeFlags, '--import', counter, cli, 'run', '--home', home];
  const env = { ...cache, ROLLCALL_AGENT_LOG_LEVEL: 'error', ROLLCALL_BENCH_SPAWNS: log };
  const program = await startProgram<object>(scope, 'agent', args, env);
  const { dnsPort } = JSON.parse(readFileSync(join(home, 'config.json'), 'utf8'));
  return { program, startedAt, resolver: dnsPort, log };
}

/** Resolves when the resolver answers for a name by itself: with an address, for blocked names have one. */
async function answersFor(port: number, name: string): Promise<void> {
  const socket = createSocket('udp4');
  const query = packet.encode({ type: 'query', id: 1, questions: [{ type: 'A', name }] });
  const answered = new Promise<void>((resolve) => {
    socket.on('message', (answer) => (packet.decode(answer).answers?.length ? resolve() : undefined));
  });
  const asking = setInterval(() => socket.send(query, port, '127.0.0.1'), askEveryMs);
  const late = delay(askForMs, undefined, { ref: false }).then(() => {
    throw new Error('the agent’s resolver did not block within 30 s');
  });
  try {
    await Promise.race([answered, late]);
  } finally {
    clearInterval(asking);
    socket.close();
  }
}

async function idle({ program: { pid }, log }: Running, seconds: number, report: Report): Promise<void> {
  const [programs, wakeUps, wire] = [spawned(log), wakeUpsOf(pid), wireUseOf(pid)];
  const cpuMs = await cpuSpentOn([pid], () => delay(seconds * 1000));
  report.figure(`processor while idle, over ${seconds} s`, (cpuMs * 60) / seconds, 'ms per minute');
  report.figure('that is, of a core', cpuMs / seconds / 10, '%');
  report.figure('wake-ups of all its threads', (wakeUpsOf(pid) - wakeUps) / seconds, 'a second');
  report.figure(`started by it in these ${seconds} s`, spawned(log) - programs, 'programs');
  const after = wireUseOf(pid);
  if (!wire || !after) return report.note('  bytes on the wire: ss (iproute2) is not installed');
  const perDay = ((bytesOnTheLine(after) - bytesOnTheLine(wire)) * secondsOfDay) / seconds;
  report.figure('on the wire, TLS and TCP/IP headers included', perDay / 1000, 'KB a day');
  report.note(
    `    were it all day as in these ${seconds} s: heartbeats as the server asks for them, and what changed of its health`,
  );
}

function printMemory(report: Report, ours: Memory, empty: Memory): void {
  report.compare('resident memory', ours.resident, 'MB', floorName, empty.resident);
  report.compare('proportional memory', ours.proportional, 'MB', floorName, empty.proportional);
  report.compare('private memory', ours.private, 'MB', floorName, empty.private);
}

function spawned(log: string): number {
  return readFileSync(log, 'utf8').split('\n').length - 1;
}

async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}
