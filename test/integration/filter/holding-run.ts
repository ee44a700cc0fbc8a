/*
 * Run by holding.test.ts as the only program of a host of its own (namespaces of mounts and network), with a network of its
 * own beside it. Holds the DNS of this host for real, tries ways around it as an ordinary user, and prints what was seen.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock, systemRandom } from '../../../agent/platform/clock.ts';
import { type Commands, SystemCommands } from '../../../agent/platform/commands.ts';
import { Repairs } from '../../../agent/reconcile/repairs.ts';
import { SectionLoop } from '../../../agent/reconcile/section-loop.ts';
import { Home } from '../../../agent/store/home.ts';
import { openStore } from '../../../agent/store/open.ts';
import { holdingFilter, section } from './holding-host.ts';

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const commands = new SystemCommands();
const seen: Record<string, unknown> = {};
/** What runs a program inside the container. */
let boxed: string[] = [];

async function run(line: string): Promise<string> {
  const [program = '', ...args] = line.split(' ');
  const { code, stdout, stderr } = await commands.run(program, args);
  if (code !== 0) throw new Error(`${line}: ${stderr}`);
  return stdout;
}

function script(name: string, before: string[] = []): ChildProcess {
  const [program = process.execPath, ...rest] = [
    ...before,
    process.execPath,
    fileURLToPath(new URL(name, import.meta.url)),
  ];
  return spawn(program, rest, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
}

async function message(child: ChildProcess): Promise<unknown> {
  const [said] = await once(child, 'message');
  return said;
}

/** A world behind net0: resolvers, listed and not, and a web server; and a container behind box0, for which this host routes. */
async function joinNetworks(): Promise<ChildProcess[]> {
  const world = script('holding-network.ts', ['/usr/bin/unshare', '-n']);
  await message(world);
  const box = spawn('/usr/bin/unshare', ['-n', 'sleep', '600'], { stdio: 'ignore' });
  const inWorld = `/usr/bin/nsenter -t ${world.pid} -n /usr/sbin/ip`;
  const inBox = `/usr/bin/nsenter -t ${box.pid} -n /usr/sbin/ip`;
  await run(`/usr/sbin/ip link add net0 type veth peer name net1 netns ${world.pid}`);
  await run(`/usr/sbin/ip link add box0 type veth peer name box1 netns ${box.pid}`);
  for (const address of [
    '192.0.2.53/24',
    '8.8.8.8/32',
    '203.0.113.7/32',
    '198.51.100.80/32',
    '2001:db8::53/64',
    '2001:4860:4860::8888/128',
  ])
    await run(`${inWorld} address add ${address} dev net1${address.includes(':') ? ' nodad' : ''}`);
  await run(`${inWorld} link set net1 up`);
  world.send('addresses');
  await message(world);
  for (const address of ['192.0.2.2/24', '2001:db8::2/64'])
    await run(`/usr/sbin/ip address add ${address} dev net0${address.includes(':') ? ' nodad' : ''}`);
  await run('/usr/sbin/ip link set net0 up');
  await run('/usr/sbin/ip route add default via 192.0.2.53');
  await run('/usr/sbin/ip -6 route add default via 2001:db8::53');
  await run('/usr/sbin/ip address add 10.9.0.1/24 dev box0');
  await run('/usr/sbin/ip link set box0 up');
  await run(`${inBox} address add 10.9.0.2/24 dev box1`);
  await run(`${inBox} link set box1 up`);
  await run(`${inBox} route add default via 10.9.0.1`);
  await run(`${inWorld} route add 10.9.0.0/24 via 192.0.2.2`);
  writeFileSync('/proc/sys/net/ipv4/ip_forward', '1');
  boxed = ['/usr/bin/nsenter', '-t', String(box.pid), '-n'];
  return [world, box];
}

const student = ['/usr/bin/setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups'];

/** What an ordinary user gets from dig: the address, or nothing. */
async function dig(way: string, as: string[] = student): Promise<string> {
  const [program = '', ...args] = [
    ...as,
    '/usr/bin/dig',
    '+short',
    '+time=1',
    '+tries=1',
    'school.test',
    ...way.split(' '),
  ];
  const { code, stdout } = await commands.run(program, args);
  return code === 0 ? stdout.trim() : 'no answer';
}

const ways: Record<string, () => Promise<string>> = {
  'another resolver on 53 over UDP': () => dig('@192.0.2.53'),
  'another resolver on 53 over TCP': () => dig('+tcp @192.0.2.53'),
  'another resolver on 53 over IPv6': () => dig('@2001:db8::53'),
  'another resolver on 853': () => dig('+tls @192.0.2.53'),
  'a well-known resolver on 443': () => dig('+tls -p 443 @8.8.8.8'),
  'a well-known resolver on 443 over UDP': () => dig('-p 443 @8.8.8.8'),
  'a well-known resolver on 443 over IPv6': () => dig('+tls -p 443 @2001:4860:4860::8888'),
  "a resolver of the district's list on 443": () => dig('+tls -p 443 @203.0.113.7'),
  'a container that asks another resolver': () => dig('@192.0.2.53', boxed),
  'a container that asks a well-known resolver on 443': () => dig('+tls -p 443 @8.8.8.8', boxed),
  'a web server that is not listed on 443': () => dig('+tls -p 443 @198.51.100.80'),
  'a web server for a container on 443': () => dig('+tls -p 443 @198.51.100.80', boxed),
};

async function tryWays(): Promise<Record<string, string>> {
  const tried: Record<string, string> = {};
  for (const [name, way] of Object.entries(ways)) tried[name] = await way();
  return tried;
}

/** A program that knows nothing of all this. */
async function asProgram(name: string): Promise<string> {
  const [program = '', ...args] = [...student, '/usr/bin/getent', 'ahostsv4', name];
  return (await commands.run(program, args)).stdout.split(/\s/)[0] || 'no answer';
}

function files() {
  const of = (path: string) => [readFileSync(path, 'utf8'), statSync(path).mode];
  return JSON.stringify([of('/etc/resolv.conf'), of('/etc/hosts')]);
}

const listRuleset = () => run('/usr/sbin/nft list ruleset');
const others = `
table ip students { set known { type ipv4_addr; flags interval; elements = { 10.0.0.0/8 } }
  chain input { type filter hook input priority 0; policy accept; tcp dport 22 counter packets 3 bytes 180 drop; } }
table inet rollcall-other { chain output { type filter hook output priority 0; policy accept; } }
`;

const processes = await joinNetworks();
await commands.run('/usr/sbin/nft', ['-f', '-'], { input: others });
const before = { ruleset: await listRuleset(), files: files() };
seen.before = await tryWays();

// Held, and let go.
const filter = holdingFilter();
await filter.apply(section);
const started = performance.now();
seen.during = await tryWays();
seen.milliseconds = performance.now() - started;
seen.programs = { blocked: await asProgram('bad.test'), passed: await asProgram('school.test') };
seen.evidence = (await filter.observe(section)).evidence;
seen.hosts = readFileSync('/etc/hosts', 'utf8');
await filter.apply({ ...section, settings: { blockedDomains: ['bad.test'] } });
seen.notWanted = { ruleset: (await listRuleset()) === before.ruleset, hosts: readFileSync('/etc/hosts', 'utf8') };
await filter.apply(section);
await filter.remove();
seen.after = {
  ruleset: (await listRuleset()) === before.ruleset,
  files: files() === before.files,
  ways: await tryWays(),
};
await filter.remove();
seen.removedTwice = (await listRuleset()) === before.ruleset;

// Somebody takes the rules away while the agent runs.
const home = mkdtempSync('/run/rollcall-holding-');
const store = openStore(new Home(join(home, 'agent')), systemClock, systemRandom, quiet);
/** Each time on another day: within an hour it would be tampering. */
let day = 0;
const trusted = { now: () => Date.UTC(2026, 9, 5 + day) };
const repairs = new Repairs({ ...store, trusted, clock: systemClock, log: quiet });
const loop = new SectionLoop({
  repairs,
  capability: holdingFilter(),
  reports: store.reports,
  real: (path) => path,
  periodMs: 3_600_000,
  clock: systemClock,
  random: systemRandom,
  log: quiet,
});
loop.enforce({ hash: 'a'.repeat(64), generation: 1, desired: section });
await loop.idle();
seen.verified = store.reports.lastReported('webFilter')?.status;
const undone: Record<string, unknown> = {};
for (const [name, line] of [
  ['the ruleset is flushed', 'flush ruleset'],
  ['a rule is put before ours', 'insert rule inet rollcall output udp dport 53 accept'],
  ['an address is taken out', 'delete element inet rollcall resolvers4 { 8.8.8.8 }'],
  ['the chain is emptied', 'flush chain inet rollcall refuse'],
] as const) {
  day += 1;
  await commands.run('/usr/sbin/nft', ['-f', '-'], { input: `${line}\n` });
  loop.wake();
  await loop.idle();
  undone[name] = {
    status: store.reports.lastReported('webFilter')?.status,
    udp: await dig('@192.0.2.53'),
    https: await dig('+tls -p 443 @8.8.8.8'),
  };
}
seen.undone = undone;
const records = store.spool.nextReport()?.records ?? [];
seen.events = records.flatMap((record) => (record.kind === 'event' ? [`${record.code}: ${record.detail}`] : []));
await loop.stop();
repairs.stop();
store.close();
rmSync(home, { recursive: true });

// The agent dies, and comes back.
const first = script('holding-agent.ts');
seen.firstAgent = await message(first);
first.kill('SIGKILL');
await once(first, 'exit');
seen.killed = { foreign: await dig('@192.0.2.53'), program: await asProgram('school.test') };
const second = script('holding-agent.ts');
seen.secondAgent = await message(second);
seen.back = { foreign: await dig('@192.0.2.53'), program: await asProgram('school.test') };
second.kill('SIGKILL');
await once(second, 'exit');

// Without nft.
const withoutNft: Commands = {
  run: async (path, args, options) =>
    path.endsWith('/nft')
      ? { code: -1, stdout: '', stderr: 'spawn ENOENT', failure: 'missing' }
      : await commands.run(path, args, options),
};
const bare = holdingFilter(withoutNft);
seen.withoutNft = {
  failure: await bare.apply(section).then(
    () => 'none',
    (error: { code?: string; message: string }) => `${error.code}: ${error.message}`,
  ),
  faults: (await bare.observe(section)).evidence
    .filter(({ ok }) => !ok)
    .map(({ item, seen: what }) => `${item}: ${what}`),
  blocked: await asProgram('bad.test'),
};
await bare.remove();

for (const child of processes) child.kill('SIGKILL');
process.stdout.write(JSON.stringify(seen));
