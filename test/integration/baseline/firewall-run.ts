/*
 * Run by firewall.test.ts as the only program of a host of its own (namespaces of mounts and network), with a neighbour in a
 * network of its own beside it. Switches the firewall on for real, has the neighbour knock, and prints what was seen.
 */
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createFirewall } from '../../../agent/capabilities/firewall/index.ts';
import { type Commands, SystemCommands } from '../../../agent/platform/commands.ts';
import { HostFiles } from '../../../agent/platform/host-files.ts';
import { enforceOnce, removeOnce } from '../../../agent/reconcile/enforce.ts';
import type { FirewallSettings } from '../../../shared/profile/firewall.ts';
import { MemoryOriginals } from '../../fakes/originals.ts';
import { keptLog } from '../../unit/agent/health/recorded.ts';

const commands = new SystemCommands();
const nft = '/usr/sbin/nft';
const others = `table inet rollcall {
  chain output { type filter hook output priority -10; policy accept; tcp dport 853 reject; }
}
table ip other { chain input { type filter hook input priority 5; policy accept; udp dport 9 drop; }
}
`;

async function run(path: string, args: string[], input?: string): Promise<string> {
  const result = await commands.run(path, args, input === undefined ? {} : { input });
  if (result.code !== 0) throw new Error(`${path} ${args.join(' ')}: ${result.stderr}`);
  return result.stdout;
}
const ip = (words: string) => run('/usr/sbin/ip', words.split(' '));
const ruleset = () => run(nft, ['list', 'ruleset']);

const neighbour = spawn('/usr/bin/unshare', ['-n', 'sleep', '300'], { stdio: 'ignore' });
const inside = (...args: string[]) => ['-t', String(neighbour.pid), '-n', ...args];
await new Promise((resolve) => setTimeout(resolve, 300));
await ip(`link add net0 type veth peer name net1 netns ${neighbour.pid}`);
await ip('address add 192.0.2.1/24 dev net0');
await ip('address add 2001:db8::1/64 dev net0 nodad');
await ip('link set net0 up');
for (const words of [
  'address add 192.0.2.2/24 dev net1',
  'address add 192.0.2.77/24 dev net1',
  'address add 2001:db8::2/64 dev net1 nodad',
  'link set net1 up',
  'route add 224.0.0.0/4 dev net1',
])
  await run('/usr/bin/nsenter', inside('/usr/sbin/ip', ...words.split(' ')));

const servers = [8080, 2222, 6001].map((port) => createServer((socket) => socket.end()).listen(port, '::'));
await Promise.all(servers.map((server) => once(server, 'listening')));
let announcements = 0;
const mdns = createSocket({ type: 'udp4', reuseAddr: true }).on('message', () => {
  announcements += 1;
});
mdns.bind(5353, () => mdns.addMembership('224.0.0.251', '192.0.2.1'));
await once(mdns, 'listening');

/** The neighbour connects: true when it is let in. */
async function knock(address: string, port: number, from?: string): Promise<boolean> {
  const script = `const s=require('net').connect({host:'${address}',port:${port}${from ? `,localAddress:'${from}'` : ''}});s.on('connect',()=>process.exit(0));s.on('error',()=>process.exit(1));setTimeout(()=>process.exit(2),800)`;
  const { code } = await commands.run('/usr/bin/nsenter', inside(process.execPath, '-e', script));
  return code === 0;
}
async function ways() {
  const before = announcements;
  await commands.run('/usr/bin/nsenter', inside('/bin/bash', '-c', 'echo hello >/dev/udp/224.0.0.251/5353'));
  const [closed, open, range, open6, trusted, outward] = await Promise.all([
    knock('192.0.2.1', 8080),
    knock('192.0.2.1', 2222),
    knock('192.0.2.1', 6001),
    knock('2001:db8::1', 2222),
    knock('192.0.2.1', 8080, '192.0.2.77'),
    (async () => (await commands.run('/bin/bash', ['-c', 'exec 3<>/dev/tcp/127.0.0.1/8080'])).code === 0)(),
  ]);
  return { closed, open, range, open6, trusted, loopback: outward, announced: announcements > before };
}

const desired: FirewallSettings = {
  mode: 'enforce',
  allowedPorts: ['2222/tcp', '6000-6010/tcp', '6005-6020/tcp'],
  trustedNetworks: ['192.0.2.77', '2001:db8:77::/48', '192.0.2.77/32'],
};
const host = { platform: 'linux' as const, files: new HostFiles('', new MemoryOriginals()), commands };
const firewall = createFirewall(host);
const log = keptLog();
const status = async (settings: FirewallSettings, capability = firewall) => {
  const outcome = await enforceOnce(capability, settings, log);
  return { status: outcome.status, changes: outcome.changes.length, failure: outcome.failure };
};

const seen: Record<string, unknown> = {};
await run(nft, ['-f', '-'], others);
const before = await ruleset();
seen.before = await ways();
seen.audit = { ...(await status({ ...desired, mode: 'audit' })), untouched: (await ruleset()) === before };
seen.applied = await status(desired);
seen.again = await status(desired);
seen.during = await ways();
seen.othersKept = (await ruleset()).startsWith(before.trimEnd());

const undone: Record<string, unknown> = {};
for (const [name, words] of Object.entries({
  'the ruleset is flushed': 'flush ruleset',
  'the table is deleted': 'delete table inet rollcall-firewall',
  'a rule lets everything in': 'insert rule inet rollcall-firewall input accept',
  'the policy is turned to accept':
    'add chain inet rollcall-firewall input { type filter hook input priority filter; policy accept; }',
})) {
  await run(nft, ['-f', '-'], words);
  const drifted = await knock('192.0.2.1', 8080);
  const { status: after, changes } = await status(desired);
  undone[name] = { drifted, status: after, changes, closed: await knock('192.0.2.1', 8080) };
  if (words === 'flush ruleset') await run(nft, ['-f', '-'], others);
}
seen.undone = undone;
seen.tighter = await status({ mode: 'enforce' });
seen.tighterOpen = await knock('192.0.2.1', 2222);
seen.unclear = await status({ mode: 'enforce', allowedPorts: ['6010-6000/tcp'] });
/** As after a start of the agent: it remembers nothing of the table. */
const restarted = createFirewall(host);
seen.restarted = [await status(desired, restarted), await status(desired, restarted)];

seen.toAudit = { ...(await status({ ...desired, mode: 'audit' })), untouched: (await ruleset()) === before };
await status(desired);
const removed = await removeOnce(firewall, log);
seen.removed = { status: removed.status, untouched: (await ruleset()) === before };
seen.removedTwice = { status: (await removeOnce(firewall, log)).status, untouched: (await ruleset()) === before };
seen.after = await ways();

const without: Commands = { run: async () => ({ code: -1, stdout: '', stderr: '', failure: 'missing' }) };
const bare = createFirewall({ ...host, commands: without });
seen.withoutNft = [(await status(desired, bare)).failure, (await removeOnce(bare, log)).status];
seen.faults = log.lines.map(({ words }) => words);

neighbour.kill();
mdns.close();
for (const server of servers) server.close();
process.stdout.write(`${JSON.stringify(seen)}\n`);
