import type { WifiFacts } from '../../../shared/diagnostics/judge/network.ts';
import { defaultInterface } from '../../health/linux/network.ts';
import type { KernelFiles } from '../../health/linux/tree.ts';
import type { CommandResult } from '../../platform/commands.ts';
import type { Look } from '../look.ts';

const iw = '/usr/sbin/iw';
const journalctl = '/usr/bin/journalctl';
const netsh = 'C:\\Windows\\System32\\netsh.exe';
const systemProfiler = '/usr/sbin/system_profiler';

/** The name of a network is told only when it is the school's. */
export async function lookAtWifi(look: Look): Promise<WifiFacts> {
  const { network, ...facts } = await factsOf(look);
  if (network === undefined) return facts;
  const { ssids } = await look.redaction();
  return { ...facts, network: ssids.has(network) ? network : 'another network' };
}

async function factsOf(look: Look): Promise<WifiFacts> {
  const { platform, commands } = look;
  if (platform === 'linux') return await onLinux(look);
  if (platform === 'win32') return parseNetsh(await commands.run(netsh, ['wlan', 'show', 'interfaces']));
  return parseAirPort(await commands.run(systemProfiler, ['SPAirPortDataType'], { timeoutMs: 20_000 }));
}

async function onLinux({ files, commands }: Look): Promise<WifiFacts> {
  const name = await wirelessInterface(files);
  if (name === undefined) return { adapter: 'none' };
  const route = defaultInterface(await files.text('/proc/net/route'), await files.text('/proc/net/ipv6_route'));
  const hasOtherWay = route !== undefined && route !== name;
  if (await isSwitchedOff(files)) return { adapter: 'off', isJoined: false, hasOtherWay };
  const isUp = (await files.text(`/sys/class/net/${name}/operstate`)) === 'up';
  const link = parseLink(await commands.run(iw, ['dev', name, 'link']));
  const station = link.isJoined ? parseStation(await commands.run(iw, ['dev', name, 'station', 'dump'])) : {};
  const signalDbm = link.signalDbm ?? parseLevel(await files.text('/proc/net/wireless'), name);
  const isJoined = link.isJoined ?? isUp;
  const roams = isJoined ? await roamsOf(commands) : undefined;
  return {
    ...link,
    ...station,
    adapter: 'present',
    hasOtherWay,
    isJoined,
    ...(signalDbm !== undefined && { signalDbm }),
    ...(roams !== undefined && { roams }),
  };
}

async function wirelessInterface(files: KernelFiles): Promise<string | undefined> {
  for (const name of await files.list('/sys/class/net'))
    if (/^DEVTYPE=wlan$/m.test((await files.text(`/sys/class/net/${name}/uevent`)) ?? '')) return name;
  return undefined;
}

/** kernel: Documentation/ABI/stable/sysfs-class-rfkill. */
async function isSwitchedOff(files: KernelFiles): Promise<boolean> {
  for (const name of await files.list('/sys/class/rfkill')) {
    const folder = `/sys/class/rfkill/${name}`;
    if ((await files.text(`${folder}/type`)) !== 'wlan') continue;
    if ((await files.number(`${folder}/soft`)) === 1 || (await files.number(`${folder}/hard`)) === 1) return true;
  }
  return false;
}

/** `iw dev NAME link`: `signal: -58 dBm`, `tx bitrate: 433.3 MBit/s …`; nothing when iw is not there. */
export function parseLink({
  code,
  stdout,
}: CommandResult): Pick<WifiFacts, 'isJoined' | 'network' | 'signalDbm' | 'bitrateMbps'> {
  if (code !== 0) return {};
  if (/^Not connected/m.test(stdout)) return { isJoined: false };
  const network = /^\s*SSID: (.+)$/m.exec(stdout)?.[1];
  const signal = /^\s*signal: (-\d{1,3}) dBm/m.exec(stdout)?.[1];
  const bitrate = /^\s*tx bitrate: (\d{1,6}(?:\.\d+)?) MBit\/s/m.exec(stdout)?.[1];
  return {
    isJoined: true,
    ...(network !== undefined && { network }),
    ...(signal !== undefined && { signalDbm: Number(signal) }),
    ...(bitrate !== undefined && { bitrateMbps: Number(bitrate) }),
  };
}

/** `iw dev NAME station dump`: counters since the access point was joined. */
export function parseStation({ code, stdout }: CommandResult): Pick<WifiFacts, 'retryPercent'> {
  const of = (name: string) => Number(new RegExp(`^\\s*${name}:\\s*(\\d{1,15})$`, 'm').exec(stdout)?.[1] ?? Number.NaN);
  const [packets, retries] = [of('tx packets'), of('tx retries')];
  const isTold = code === 0 && packets >= 100 && Number.isFinite(retries);
  return isTold ? { retryPercent: Math.min(100, (100 * retries) / packets) } : {};
}

/** /proc/net/wireless: after the name status, quality and the level, `-56.` in dBm. */
export function parseLevel(wireless: string | undefined, name: string): number | undefined {
  const row = (wireless ?? '').split('\n').find((line) => line.trim().startsWith(`${name}:`));
  const level = Number.parseFloat(row?.trim().split(/\s+/)[3] ?? '');
  return level < 0 && level >= -120 ? level : undefined;
}

/** Each access point that is joined is a line of wpa_supplicant; the lines themselves are not kept. */
async function roamsOf(commands: Look['commands']): Promise<number | undefined> {
  const args = ['-q', '--no-pager', '-o', 'cat', '--since=-15min', '-n', '2000', '-t', 'wpa_supplicant'];
  const { code, stdout } = await commands.run(journalctl, args);
  return code === 0 ? (stdout.match(/CTRL-EVENT-CONNECTED/g)?.length ?? 0) : undefined;
}

/** `netsh wlan show interfaces`, in the language of Windows: only what is the same in all of them is read. */
export function parseNetsh({ code, stdout, failure }: CommandResult): WifiFacts {
  if (failure) return { adapter: undefined };
  if (code !== 0 || !/\bGUID\s*:/.test(stdout)) return { adapter: 'none' };
  const network = /^\s*SSID\s*: (.+?)\s*$/m.exec(stdout)?.[1];
  const percent = /:\s(\d{1,3})%\s*$/m.exec(stdout)?.[1];
  const dbm = /^\s*Rssi\s*: (-\d{1,3})\s*$/im.exec(stdout)?.[1];
  if (network === undefined) return { adapter: 'present' };
  return {
    adapter: 'present',
    isJoined: true,
    network,
    ...(percent !== undefined && { signalPercent: Number(percent) }),
    ...(dbm !== undefined && { signalDbm: Number(dbm) }),
  };
}

/** `system_profiler SPAirPortDataType`: the network that is joined stands first, others after it. */
export function parseAirPort({ code, stdout }: CommandResult): WifiFacts {
  if (code !== 0) return { adapter: undefined };
  const status = /^\s*Status: (.+)$/m.exec(stdout)?.[1];
  if (status === undefined) return { adapter: 'none' };
  if (/^Off/.test(status)) return { adapter: 'off', isJoined: false };
  const joined = /Current Network Information:\s*\n([\s\S]*?)(?:Other Local Wi-Fi Networks:|$)/.exec(stdout)?.[1];
  if (joined === undefined) return { adapter: 'present', isJoined: false };
  const network = /^\s*(.+):\s*$/m.exec(joined)?.[1];
  const signal = /^\s*Signal \/ Noise: (-\d{1,3}) dBm/m.exec(joined)?.[1];
  const bitrate = /^\s*Transmit Rate: (\d{1,6})/m.exec(joined)?.[1];
  return {
    adapter: 'present',
    isJoined: true,
    ...(network !== undefined && { network }),
    ...(signal !== undefined && { signalDbm: Number(signal) }),
    ...(bitrate !== undefined && { bitrateMbps: Number(bitrate) }),
  };
}
