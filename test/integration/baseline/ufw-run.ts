/*
 * Run by ufw.test.ts in namespaces of mounts and network with an /etc of its own: has the agent use the real ufw, and prints what
 * was seen.
 */
import { createFirewall } from '../../../agent/capabilities/firewall/index.ts';
import { linuxPosture } from '../../../agent/health/posture/linux.ts';
import { SystemCommands } from '../../../agent/platform/commands.ts';
import { HostFiles } from '../../../agent/platform/host-files.ts';
import { enforceOnce, removeOnce } from '../../../agent/reconcile/enforce.ts';
import type { FirewallSettings } from '../../../shared/profile/firewall.ts';
import { everythingBelow } from '../../fakes/folder.ts';
import { MemoryOriginals } from '../../fakes/originals.ts';
import { keptLog } from '../../unit/agent/health/recorded.ts';

const commands = new SystemCommands();
const host = { platform: 'linux' as const, commands, files: new HostFiles('', new MemoryOriginals()) };
const firewall = createFirewall(host);
const ufw = async (...args: string[]) => (await commands.run('/usr/sbin/ufw', args, { timeoutMs: 30_000 })).stdout;
const files = () => [...everythingBelow('/etc/ufw'), ...everythingBelow('/etc/default')].join('\n');
const desired: FirewallSettings = {
  mode: 'enforce',
  allowedPorts: ['22/tcp', '6000-6007/udp', '631/tcp'],
  trustedNetworks: ['10.20.30.0/24', '2001:db8::/32'],
};
const pass = async () => {
  const { status, changes } = await enforceOnce(firewall, desired, keptLog());
  return { status, changes: changes.map(({ item }) => item) };
};

await ufw('allow', '631/tcp');
const before = files();
const seen = {
  applied: await pass(),
  again: await pass(),
  rules: (await ufw('show', 'added')).split('\n').filter((words) => words.startsWith('ufw ')),
  posture: (await linuxPosture(commands).firewall()).state,
  disabled: await ufw('disable'),
  repaired: await pass(),
  flushed: (await commands.run('/usr/sbin/nft', ['flush', 'ruleset'])).code,
  emptied: (await linuxPosture(commands).firewall()).state,
  repairedAgain: { ...(await pass()), posture: (await linuxPosture(commands).firewall()).state },
  removed: (await removeOnce(firewall, keptLog())).status,
  status: await ufw('status'),
  isAsBefore: files() === before,
};
process.stdout.write(`${JSON.stringify(seen)}\n`);
