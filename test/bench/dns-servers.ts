import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import packet from 'dns-packet';
import agentNodeFlags from '../../installers/agent-node-flags.json' with { type: 'json' };
import { compileNames } from '../../shared/filter/compiled.ts';
import { bundle } from './bundle.ts';
import { listedName, listedNames } from './dns-names.ts';
import { cores, findProgram, firstAnswer, freePort, pin, startTool } from './dns-tools.ts';
import type { EchoReady } from './programs/dns-echo.ts';
import type { DecisionTime, ResolverReady } from './programs/resolver.ts';
import { type Program, startProgram } from './programs.ts';
import type { Scope } from './scope.ts';

/** One server that is measured, on the core of the servers. */
export interface DnsServer {
  name: string;
  pid: number;
  port: number;
  /** From the start of the process, the list read, to its first answer. */
  startMs: number;
}

/** What every resolver gets: so many blocked names and the same upstream. */
export interface Setup {
  scope: Scope;
  folder: string;
  names: number;
  upstreamPort: number;
}

const firstQuestion = packet.encode({
  type: 'query',
  id: 1,
  flags: packet.RECURSION_DESIRED,
  questions: [{ type: 'A', name: listedName(0) }],
});

/** Bare UDP sockets of Node that send each packet back. */
export async function startEcho(scope: Scope): Promise<DnsServer> {
  const { pid, ready, startedAt } = await startBundled<EchoReady>(scope, 'dns-echo', 'echo');
  pin(pid, cores.server);
  return { name: 'UDP echo', pid, port: ready.port, startMs: performance.now() - startedAt };
}

/** Has an address for every name; on the core of the load. */
export async function startUpstream(scope: Scope): Promise<number> {
  const { pid, ready } = await startBundled<EchoReady>(scope, 'dns-echo', 'answer');
  pin(pid, cores.load);
  return ready.port;
}

export interface AgentResolver extends DnsServer {
  ready: ResolverReady;
  /** Microseconds of processor time of one decision, as hot as it is by now. */
  decisionUs(): Promise<number>;
}

/** The agent's resolver alone, with the flags the agent runs with. */
export async function startResolver(setup: Setup): Promise<AgentResolver> {
  const { scope, folder, names, upstreamPort } = setup;
  const list = join(folder, 'list');
  writeFileSync(list, compileNames(listedNames(names)));
  const args = [list, String(names), String(upstreamPort)];
  const { child, pid, ready, startedAt } = await startBundled<ResolverReady>(scope, 'resolver', ...args);
  await firstAnswer(ready.port, firstQuestion);
  pin(pid, cores.server);
  const decisionUs = async () => {
    const answer = once(child, 'message');
    child.send({});
    const [time] = (await answer) as [DecisionTime];
    return time.decisionUs;
  };
  return { name: 'agent', pid, port: ready.port, startMs: performance.now() - startedAt, ready, decisionUs };
}

/** A program of `test/bench/programs` as one file, as installers carry the agent: what strips types has memory of its own. */
async function startBundled<Ready extends object>(
  scope: Scope,
  name: string,
  ...args: string[]
): Promise<Program<Ready> & { startedAt: number }> {
  const source = fileURLToPath(new URL(`./programs/${name}.ts`, import.meta.url));
  const bundled = await bundle(source, scope.folder(name));
  const startedAt = performance.now();
  const program = await startProgram<Ready>(scope, name, [...agentNodeFlags, bundled, ...args]);
  return { ...program, startedAt };
}

/** dnsmasq and unbound, as far as they are installed, each told to do what the agent does. */
export async function startPeers(setup: Setup): Promise<{ peers: DnsServer[]; missing: string[] }> {
  const peers: DnsServer[] = [];
  const missing: string[] = [];
  for (const [name, configure] of Object.entries({ dnsmasq, unbound })) {
    const path = findProgram(name);
    if (path === undefined) missing.push(name);
    else peers.push(await startPeer(name, path, configure, setup));
  }
  return { peers, missing };
}

async function startPeer(
  name: string,
  path: string,
  configure: typeof dnsmasq,
  { scope, folder, names, upstreamPort }: Setup,
): Promise<DnsServer> {
  const port = await freePort();
  const file = join(folder, `${name}.conf`);
  const { lines, args } = configure(port, upstreamPort, file);
  writeFileSync(file, lines(listedNames(names)));
  const startedAt = performance.now();
  const { pid } = startTool(scope, path, args);
  pin(pid, cores.server);
  await firstAnswer(port, firstQuestion);
  return { name, pid, port, startMs: performance.now() - startedAt };
}

/** `#` is the null address, as the agent answers by default (dnsmasq(8), --address). */
function dnsmasq(port: number, upstreamPort: number, file: string) {
  const settings = [
    `port=${port}`,
    'listen-address=127.0.0.1',
    'bind-interfaces',
    'no-resolv',
    'no-hosts',
    `server=127.0.0.1#${upstreamPort}`,
    'cache-size=10000',
    'dns-forward-max=10000',
    'user=',
    'pid-file=',
  ];
  return {
    args: ['--keep-in-foreground', `--conf-file=${file}`],
    lines: (names: readonly string[]) => [...settings, ...names.map((name) => `address=/${name}/#`), ''].join('\n'),
  };
}

/** One thread, no validation, which neither of the others does; sizes of sockets and queues for a benchmark (unbound.conf(5)). */
function unbound(port: number, upstreamPort: number, file: string) {
  const head = [
    'server:',
    'interface: 127.0.0.1',
    `port: ${port}`,
    'num-threads: 1',
    'do-daemonize: no',
    'do-not-query-localhost: no',
    'module-config: "iterator"',
    'outgoing-range: 4096',
    'num-queries-per-thread: 4096',
    'so-rcvbuf: 1m',
    'username: ""',
    'chroot: ""',
    'directory: ""',
    'pidfile: ""',
    'use-syslog: no',
    'verbosity: 0',
  ];
  const tail = [
    'forward-zone:',
    'name: "."',
    `forward-addr: 127.0.0.1@${upstreamPort}`,
    'remote-control:',
    'control-enable: no',
    '',
  ];
  return {
    args: ['-d', '-c', file],
    lines: (names: readonly string[]) =>
      [...head, ...names.map((name) => `local-zone: "${name}" always_null`), ...tail].join('\n'),
  };
}
