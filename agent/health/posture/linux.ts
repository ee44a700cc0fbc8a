import type { CommandResult, Commands } from '../../platform/commands.ts';
import type { PostureReaders } from '../collector.ts';
import { items, member, parseJson } from '../json.ts';
import { parseRuleset } from './nftables.ts';
import { type Encryption, type Firewall, silence, unknown } from './observation.ts';

const lsblk = '/usr/bin/lsblk';

export function linuxPosture(commands: Commands): PostureReaders {
  return { diskEncryption: () => observeEncryption(commands), firewall: () => observeFirewall(commands) };
}

async function observeEncryption(commands: Commands): Promise<Encryption> {
  const result = await commands.run(lsblk, ['-J', '-o', 'NAME,TYPE,MOUNTPOINTS']);
  return result.code === 0 ? parseBlockDevices(result.stdout) : unknown(silence('lsblk', result));
}

/**
 * `lsblk -J -o NAME,TYPE,MOUNTPOINTS` (lsblk(8)): encrypted when every way from the hardware to `/`, and to a separate
 * `/home`, leads through a `crypt` device. A root that is no block device (container, live system, network, ZFS) is unknown.
 */
export function parseBlockDevices(stdout: string): Encryption {
  const devices = member(parseJson(stdout), 'blockdevices');
  if (!Array.isArray(devices)) return unknown('lsblk printed no list of block devices');
  const found = devices.flatMap((device) => places(device, false));
  if (!found.some(({ mount }) => mount === '/'))
    return unknown('The system volume is not on a block device (container, live system, network or ZFS)');
  const open = found.filter(({ encrypted }) => !encrypted).map(({ mount }) => mount);
  const names = (mounts: string[]) => [...new Set(mounts)].sort().join(' and ');
  return open.length > 0
    ? { state: 'not-encrypted', evidence: `lsblk: ${names(open)} is on a device without encryption` }
    : {
        state: 'encrypted',
        evidence: `lsblk: ${names(found.map(({ mount }) => mount))} is on an encrypted (crypt) device`,
      };
}

interface Place {
  mount: '/' | '/home';
  encrypted: boolean;
}

function places(device: unknown, below: boolean): Place[] {
  // A live system mounts its image through a loop device; what lies under it says nothing.
  if (member(device, 'type') === 'loop' || member(device, 'type') === 'rom') return [];
  const encrypted = below || member(device, 'type') === 'crypt';
  const own = [member(device, 'mountpoint'), ...items(member(device, 'mountpoints'))]
    .filter((mount): mount is Place['mount'] => mount === '/' || mount === '/home')
    .map((mount) => ({ mount, encrypted }));
  return [...own, ...items(member(device, 'children')).flatMap((child) => places(child, encrypted))];
}

type Probe = (commands: Commands) => Promise<Firewall>;

/** The kernel's own tables: these decide. */
const tables: Probe[] = [
  (commands) => ask(commands, ['/usr/sbin/nft', '/sbin/nft'], ['-j', 'list', 'ruleset'], readRuleset),
  (commands) => ask(commands, ['/usr/sbin/iptables', '/sbin/iptables'], ['-S', 'INPUT'], readIptables),
  (commands) => ask(commands, ['/usr/sbin/iptables-legacy'], ['-S', 'INPUT'], readIptables),
];
/** Programs that fill the tables: asked only when the tables cannot be read. */
const frontEnds: Probe[] = [
  (commands) => ask(commands, ['/usr/sbin/ufw', '/sbin/ufw'], ['status'], readUfw),
  (commands) => ask(commands, ['/usr/bin/firewall-cmd'], ['--state'], readFirewalld),
];

async function observeFirewall(commands: Commands): Promise<Firewall> {
  const seen: Firewall[] = [];
  for (const probe of tables) seen.push(await probe(commands));
  if (!seen.some(({ state }) => state !== 'unknown')) for (const probe of frontEnds) seen.push(await probe(commands));
  return decide(seen);
}

/** On when one says so; off only when the kernel's tables were read: an inactive front end proves nothing about them. */
export function decide(seen: readonly Firewall[]): Firewall {
  const on = seen.find(({ state }) => state === 'on');
  const off = seen.find(({ state }) => state === 'off');
  return on ?? off ?? unknown(seen.map(({ evidence }) => evidence).join('; '));
}

async function ask(
  commands: Commands,
  paths: readonly string[],
  args: readonly string[],
  read: (result: CommandResult) => Firewall,
): Promise<Firewall> {
  let result: CommandResult | undefined;
  for (const path of paths) {
    result = await commands.run(path, args);
    if (result.failure !== 'missing') return read(result);
  }
  const program = paths[0]?.split('/').at(-1) ?? '';
  return unknown(`${program} is not installed`);
}

/** `nft -j list ruleset`; an account without rights gets an error, an empty machine an empty ruleset. */
export function readRuleset(result: CommandResult): Firewall {
  const fate = result.code === 0 ? parseRuleset(result.stdout) : undefined;
  if (!fate) return unknown(silence('nft', result));
  if (!fate.ip) return { state: 'off', evidence: 'nftables: no input chain drops what no rule allows' };
  return {
    state: 'on',
    evidence: `nftables: the input chain drops what no rule allows${fate.ip6 ? '' : ' (IPv4 only: IPv6 is not filtered)'}`,
  };
}

/** `iptables -S INPUT`: the policy, or a last rule without a condition, drops or rejects. */
export function readIptables(result: CommandResult): Firewall {
  const lines = result.stdout.split('\n');
  const policy = lines.find((line) => line.startsWith('-P INPUT '));
  if (result.code !== 0 || !policy) return unknown(silence('iptables', result));
  const plain = lines.find((line) => /^-A INPUT -j (DROP|REJECT|ACCEPT)\b/.test(line));
  const drops = /(DROP|REJECT)/.test(plain ?? policy);
  return drops
    ? { state: 'on', evidence: 'iptables: the INPUT chain drops what no rule allows' }
    : { state: 'off', evidence: 'iptables: the INPUT chain accepts what no rule names' };
}

/** `ufw status`: first line `Status: active` or `Status: inactive`. */
export function readUfw(result: CommandResult): Firewall {
  const status = /^Status: (active|inactive)$/m.exec(result.stdout)?.[1];
  if (result.code !== 0 || !status) return unknown(silence('ufw', result));
  return status === 'active' ? { state: 'on', evidence: 'ufw is active' } : unknown('ufw is inactive');
}

/** `firewall-cmd --state`: `running` with exit code 0, `not running` with 252. */
export function readFirewalld(result: CommandResult): Firewall {
  if (result.code === 0 && result.stdout.trim() === 'running') return { state: 'on', evidence: 'firewalld is running' };
  return unknown(result.code === 252 ? 'firewalld is not running' : silence('firewalld', result));
}
