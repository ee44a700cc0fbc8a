import { bench } from './bench.ts';
import { type Load, load } from './dns-load.ts';
import { freeName, listedName, scatter } from './dns-names.ts';
import { calmRate, hasDnsperf, latencyP99, saturate, writeQuestions } from './dns-perf.ts';
import { type DnsServer, startEcho, startPeers, startResolver, startUpstream } from './dns-servers.ts';
import { canPin, cores, pin } from './dns-tools.ts';
import { listUpdate } from './dns-update.ts';
import { memoryOf } from './process-use.ts';
import { percentile, type Report } from './report.ts';

type NameOf = (index: number) => string;

/** A kind of questions; each server is asked with each, in turn, round by round. */
interface Mix {
  what: string;
  /** Names of one round: `fresh` numbers what no server was asked before. */
  nameOf(fresh: number): NameOf;
}

interface Sizes {
  names: number;
  seconds: number;
  rounds: number;
}

const cachedNames = 500;
/** Most questions a second that any server here answers; the files of questions are made for it. */
const mostPerSecond = 200_000;

/** The agent's resolver, dnsmasq and unbound, each alone on the same core; the questions and the upstream on the other. */
export const dns = bench({
  summary: 'questions a second at the agent’s resolver, against dnsmasq, unbound and bare UDP sockets',
  sizes: {
    names: { default: 300_000, words: 'names on the block list; the documented run has 1000000' },
    seconds: { default: 2, words: 'of each measurement' },
    rounds: { default: 2, words: 'of measurements, of which the middle one counts' },
  },
  async run(sizes, report, scope) {
    const folder = scope.folder('dns');
    explain(report);
    const upstreamPort = await startUpstream(scope);
    const echo = await startEcho(scope);
    const setup = { scope, folder, names: sizes.names, upstreamPort };
    const agent = await startResolver(setup);
    const { peers, missing } = await startPeers(setup);
    for (const name of missing) report.note(`${name} is not installed, so nothing is compared with it.`);
    const { listBytes, openMs } = agent.ready;
    report.figure('list in memory', listBytes / 2 ** 20, 'MB');
    report.figure('opening the list', openMs, 'ms');
    await rates({ echo, agent, peers }, sizes, report, folder);
    report.figure('one decision', (await agent.decisionUs()) * 1000, 'ns');
    comparePeers(report, 'start → first answer', 'ms', agent.startMs, peers, ({ startMs }) => startMs);
    const resident = ({ pid }: DnsServer) => memoryOf(pid).resident;
    comparePeers(report, 'resident memory afterwards', 'MB', resident(agent), [echo, ...peers], resident);
    await latencies([agent, ...peers], sizes, report, folder);
    listUpdate(sizes.names, report);
  },
});

function explain(report: Report): void {
  if (canPin) {
    pin(process.pid, cores.load);
    report.note(`Each server alone on core ${cores.server}; questions and upstream on core ${cores.load}.`);
  } else report.note('Processes are not kept to cores (one core only, or no taskset): rates by processor time count.');
  report.note(
    hasDnsperf
      ? 'Asked by dnsperf.\n'
      : 'dnsperf is not installed: asked by this program instead, which is slower, and no latency is measured.\n',
  );
}

function mixes({ names, seconds }: Sizes): Mix[] {
  const perRound = mostPerSecond * seconds;
  const listed = (index: number) => listedName(scatter(index) % Math.max(1, names));
  return [
    { what: 'blocked, a name on the list', nameOf: () => listed },
    { what: 'blocked, a name below one on it', nameOf: () => (index) => `www.${listed(index)}` },
    { what: 'cached', nameOf: () => (index) => freeName(index % cachedNames) },
    { what: 'forwarded', nameOf: (fresh) => (index) => freeName(cachedNames + fresh * perRound + index) },
  ];
}

interface Servers {
  echo: DnsServer;
  agent: DnsServer;
  peers: DnsServer[];
}

/** Servers take turns within a round, so that what else the machine does falls on all alike. */
async function rates({ echo, agent, peers }: Servers, sizes: Sizes, report: Report, folder: string): Promise<void> {
  await warmUp([echo, agent, ...peers], sizes, folder);
  for (const { what, nameOf } of mixes(sizes)) {
    const taken = new Map<DnsServer, Load[]>();
    for (let round = 0; round < sizes.rounds; round++) {
      const ask = asker(nameOf(round), 'questions', sizes, folder);
      for (const server of [echo, agent, ...peers]) {
        taken.set(server, [...(taken.get(server) ?? []), await ask(server)]);
      }
    }
    const middle = (server: DnsServer, of: (load: Load) => number) =>
      percentile((taken.get(server) ?? []).map(of), 0.5);
    for (const [how, of] of [
      ['', ({ perSecond }: Load) => perSecond],
      [', by its processor time', ({ perCoreSecond }: Load) => perCoreSecond],
    ] as const) {
      comparePeers(report, `${what}${how}`, '/s', middle(agent, of), [echo, ...peers], (peer) => middle(peer, of));
    }
    for (const server of [agent, ...peers]) {
      const lost = (taken.get(server) ?? []).reduce((sum, { unanswered }) => sum + unanswered, 0);
      if (lost > 0) report.figure(`${what}, not answered by ${server.name}`, lost, 'questions');
    }
  }
}

/** Each kind of question for a second, uncounted: a resident program is long past its first thousand queries. */
async function warmUp(servers: readonly DnsServer[], sizes: Sizes, folder: string): Promise<void> {
  const short = { ...sizes, seconds: 1 };
  for (const { nameOf } of mixes(short)) {
    const ask = asker(nameOf(sizes.rounds * sizes.seconds + 1), 'warm-up', short, folder);
    for (const server of servers) await ask(server);
  }
}

function asker(nameOf: NameOf, file: string, { seconds }: Sizes, folder: string): (server: DnsServer) => Promise<Load> {
  if (!hasDnsperf) return (server) => load(server, nameOf, seconds);
  const questions = writeQuestions(folder, file, nameOf, mostPerSecond * seconds);
  return (server) => saturate(server, questions, seconds);
}

async function latencies(servers: DnsServer[], sizes: Sizes, report: Report, folder: string): Promise<void> {
  if (!hasDnsperf) return;
  const [agent, ...peers] = servers;
  if (!agent) return;
  for (const { what, nameOf } of mixes(sizes)) {
    const questions = writeQuestions(folder, 'calm', nameOf(sizes.rounds), calmRate * sizes.seconds);
    const p99 = new Map<DnsServer, number>();
    for (const server of servers) p99.set(server, await latencyP99(server, questions, sizes.seconds));
    const of = (server: DnsServer) => p99.get(server) ?? Number.NaN;
    comparePeers(report, `${what}, p99 at ${calmRate}/s`, 'ms', of(agent), peers, of);
  }
}

function comparePeers(
  report: Report,
  what: string,
  unit: string,
  ours: number,
  peers: readonly DnsServer[],
  of: (peer: DnsServer) => number,
): void {
  if (peers.length === 0) report.figure(what, ours, unit);
  for (const [index, peer] of peers.entries()) {
    report.compare(index === 0 ? what : '', ours, unit, peer.name, of(peer));
  }
}
