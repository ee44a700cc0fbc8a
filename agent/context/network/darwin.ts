import type { Commands } from '../../platform/commands.ts';
import {
  hardwareAddress,
  type NetworkReader,
  onNoWifi,
  ownAddresses,
  type WifiFacts,
  type WiredFacts,
  wifiFacts,
  wiredFacts,
} from './reader.ts';

const route = '/sbin/route';
const arp = '/usr/sbin/arp';
const networksetup = '/usr/sbin/networksetup';
const systemProfiler = '/usr/sbin/system_profiler';

/** From route(8), arp(8), networksetup(8) and system_profiler(8), as their manuals show; not run on a Mac yet. */
export class DarwinNetwork implements NetworkReader {
  readonly #commands: Commands;

  constructor(commands: Commands) {
    this.#commands = commands;
  }

  async signature(): Promise<string> {
    return JSON.stringify(ownAddresses());
  }

  async wired(): Promise<WiredFacts> {
    const addresses = ownAddresses().map(({ address }) => address);
    const routed = await this.#commands.run(route, ['-n', 'get', 'default']);
    const gateway = parseRoute(routed.stdout);
    if (routed.code !== 0 || gateway === undefined) return wiredFacts([], addresses);
    const { code, stdout } = await this.#commands.run(arp, ['-n', gateway]);
    return wiredFacts([code === 0 ? parseArp(stdout) : undefined], addresses);
  }

  /** macOS 14 and later keep names of networks from some programs; then nothing is known. */
  async wifi(): Promise<WifiFacts> {
    const ports = await this.#commands.run(networksetup, ['-listallhardwareports']);
    const device = parseWifiPort(ports.stdout);
    if (ports.code !== 0) return {};
    if (device === undefined) return onNoWifi;
    const named = await this.#commands.run(networksetup, ['-getairportnetwork', device]);
    const ssid = parseAirportNetwork(named.stdout);
    if (ssid !== undefined) return wifiFacts(ssid, undefined);
    const profile = await this.#commands.run(systemProfiler, ['SPAirPortDataType'], { timeoutMs: 20_000 });
    return profile.code === 0 ? parseAirportProfile(profile.stdout) : {};
  }
}

/** Of `route -n get default`. */
export function parseRoute(output: string): string | undefined {
  return /^\s*gateway: (\d+(?:\.\d+){3})\s*$/m.exec(output)?.[1];
}

/** Of `arp -n <address>`, which leaves out leading noughts; `(incomplete)` is none. */
export function parseArp(output: string): string | undefined {
  return hardwareAddress(/\) at (\S+) on /.exec(output)?.[1] ?? '');
}

/** Of `networksetup -listallhardwareports`: the device of the Wi-Fi. */
export function parseWifiPort(output: string): string | undefined {
  return /^Hardware Port: (?:Wi-Fi|AirPort)\s*\nDevice: (\S+)/m.exec(output)?.[1];
}

/** Of `networksetup -getairportnetwork <device>`; it says the same of no network and of one it may not name. */
export function parseAirportNetwork(output: string): string | undefined {
  return /^Current (?:Wi-Fi|AirPort) Network: (.+)$/m.exec(output)?.[1];
}

/** Of `system_profiler SPAirPortDataType`: the network stands as a heading below "Current Network Information". */
export function parseAirportProfile(output: string): WifiFacts {
  const ssid = /Current Network Information:\s*\n\s*(.+):\s*$/m.exec(output)?.[1];
  return ssid === undefined ? onNoWifi : wifiFacts(ssid, /^\s*BSSID: (\S+)/m.exec(output)?.[1]);
}
