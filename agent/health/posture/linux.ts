import type { CommandResult, Commands } from '../../platform/commands.ts';
import type { PostureReaders } from '../collector.ts';
import { items, member, parseJson } from '../json.ts';
import { KernelFiles } from '../linux/tree.ts';
import { linuxAntivirus } from './antivirus.ts';
import { observeLinuxGuest } from './guest.ts';
import { linuxLocalAdmins } from './local-admins.ts';
import { parseRuleset } from './nftables.ts';
import { type Encryption, type Firewall, silence, unknown } from './observation.ts';
import { linuxScreenLock } from './screen-lock.ts';
import { linuxSecureBoot } from './secure-boot.ts';
import { linuxTimeSync } from './time-sync.ts';
import { linuxUpdates } from './updates.ts';
import { linuxUsbStorage } from './usb.ts';

const lsblk = '/usr/bin/lsblk';

/** Files are looked for below `root`. */
export function linuxPosture(commands: Commands, root = '/'): PostureReaders {
  const files = new KernelFiles(root);
  return {
    diskEncryption: () => observeEncryption(commands),
    firewall: () => observeFirewall(commands),
    localAdmins: () => linuxLocalAdmins(commands),
    secureBoot: () => linuxSecureBoot(commands, files),
    antivirus: () => linuxAntivirus(commands),
    screenLock: () => linuxScreenLock(commands),
    updates: () => linuxUpdates(commands),
    timeSync: () => linuxTimeSync(commands),
    usbStorage: () => linuxUsbStorage(commands, files),
    guestAccount: () => observeLinuxGuest(files),
  };
}

async function observeEncryption(commands: Commands): Promise<Encryption> {
  const result = await commands.run(lsblk, ['-J', '-o', 'NAME,TYPE,MOUNTPOINTS']);
  if (result.code === 0) return parseBlockDevices(result.stdout);
  // util-linux before 2.37 (Debian 11, Ubuntu 20.04) knows one mount point of each device.
  const older = await commands.run(lsblk, ['-J', '-o', 'NAME,TYPE,MOUNTPOINT']);
  return older.code === 0 ? parseBlockDevices(older.stdout) : unknown(silence('lsblk', result));
}

/**
 * `lsblk -J -o NAME,TYPE,MOUNTPOINTS`, or MOUNTPOINT (lsblk(8)): encrypted when every way from the hardware to `/`, and to a separate
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

/**
 * The kernel's own tables decide: nft shows them all but those of the old iptables. Programs that fill the tables are asked
 * only when the tables cannot be read, and only their `on` counts: an inactive one proves nothing about the tables.
 */
async function observeFirewall(commands: Commands): Promise<Firewall> {
  const byNft = await askNft(commands);
  if (byNft?.state === 'on') return byNft;
  const byIptables = await ask(commands, ['/usr/sbin/iptables', '/sbin/iptables'], ['-S', 'INPUT'], readIptables);
  if (byIptables?.state === 'on') return byIptables;
  if (byNft?.state === 'off') return byNft;
  if (!byNft && byIptables?.state === 'off') return byIptables;
  return await askFrontEnds(commands, [
    byNft?.evidence ?? 'nft is not installed',
    byIptables?.evidence ?? 'iptables is not installed',
  ]);
}

async function askFrontEnds(commands: Commands, reasons: readonly string[]): Promise<Firewall> {
  const byUfw = await ask(commands, ['/usr/sbin/ufw', '/sbin/ufw'], ['status'], readUfw);
  if (byUfw?.state === 'on') return byUfw;
  const byFirewalld = await ask(commands, ['/usr/bin/firewall-cmd'], ['--state'], readFirewalld);
  if (byFirewalld?.state === 'on') return byFirewalld;
  return unknown(
    [...reasons, byUfw?.evidence, byFirewalld?.evidence].filter((reason) => reason !== undefined).join('; '),
  );
}

const nft = ['/usr/sbin/nft', '/sbin/nft'];

async function askNft(commands: Commands): Promise<Firewall | undefined> {
  const ruleset = await firstInstalled(commands, nft, ['-j', 'list', 'ruleset']);
  if (!ruleset || !parseRuleset(ruleset.stdout)?.unclear) return ruleset && readRuleset(ruleset);
  const listing = await firstInstalled(commands, nft, ['list', 'ruleset']);
  return listing?.code === 0
    ? readRuleset(ruleset, listing.stdout)
    : unknown('nft gave no usable answer about its tables');
}

/** Undefined when the program is not installed. */
async function ask(
  commands: Commands,
  paths: readonly string[],
  args: readonly string[],
  read: (result: CommandResult) => Firewall,
): Promise<Firewall | undefined> {
  const result = await firstInstalled(commands, paths, args);
  return result && read(result);
}

async function firstInstalled(commands: Commands, paths: readonly string[], args: readonly string[]) {
  for (const path of paths) {
    const result = await commands.run(path, args);
    if (result.failure !== 'missing') return result;
  }
  return undefined;
}

/** `nft -j list ruleset`; an account without rights gets an error, an empty machine an empty ruleset. */
export function readRuleset(result: CommandResult, listing?: string): Firewall {
  const fate = result.code === 0 ? parseRuleset(result.stdout, listing) : undefined;
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
