import { readFile } from 'node:fs/promises';
import type { Commands } from '../../platform/commands.ts';
import {
  hardwareAddress,
  type NetworkReader,
  type OwnAddress,
  onNoWifi,
  ownAddresses,
  type WifiFacts,
  type WiredFacts,
  wifiFacts,
  wiredFacts,
} from './reader.ts';

/** A default route and where it leads. */
interface DefaultRoute {
  interface: string;
  gateway: string;
}

interface Tables {
  routes: DefaultRoute[];
  /** `interface address` → hardware address. */
  neighbours: Map<string, string>;
  addresses: string[];
}

const iw = '/usr/sbin/iw';
const nmcli = '/usr/bin/nmcli';
const ip = '/usr/sbin/ip';
const nmcliWifi = ['-t', '-f', 'ACTIVE,SSID,BSSID', 'device', 'wifi', 'list', '--rescan', 'no'];

export interface LinuxParts {
  commands: Commands;
  /** The text of a file; undefined when there is none. */
  read?: (path: string) => Promise<string | undefined>;
  addresses?: () => OwnAddress[];
}

/** From the kernel's tables in /proc/net (proc_pid_net(5)); programs only for Wi-Fi and for gateways of IPv6 alone. */
export class LinuxNetwork implements NetworkReader {
  readonly #commands: Commands;
  readonly #read: NonNullable<LinuxParts['read']>;
  readonly #addresses: () => OwnAddress[];
  /** Hardware addresses of gateways, and this host's addresses then: the kernel forgets one while it confirms it. */
  #kept = new Map<string, string>();
  #keptAt: string[] = [];

  constructor({ commands, read = readIfThere, addresses = ownAddresses }: LinuxParts) {
    this.#commands = commands;
    this.#read = read;
    this.#addresses = addresses;
  }

  async signature(): Promise<string> {
    const { routes, neighbours, addresses } = await this.#tables();
    return JSON.stringify([routes, routes.map((route) => neighbours.get(keyOf(route))), addresses]);
  }

  async wired(): Promise<WiredFacts> {
    const { routes, neighbours, addresses } = await this.#tables();
    if (!addresses.some((address) => this.#keptAt.includes(address))) this.#kept = new Map();
    this.#keptAt = addresses;
    const known = await Promise.all(
      routes.map(async (route) => {
        const key = keyOf(route);
        return [key, neighbours.get(key) ?? (await this.#asked(route, routes)) ?? this.#kept.get(key)] as const;
      }),
    );
    this.#kept = new Map(known.flatMap(([key, gateway]) => (gateway === undefined ? [] : [[key, gateway]])));
    return wiredFacts([...this.#kept.values()], addresses);
  }

  async wifi(): Promise<WifiFacts> {
    const name = await this.#wireless();
    if (name === undefined) return onNoWifi;
    const linked = await this.#commands.run(iw, ['dev', name, 'link']);
    if (linked.code === 0) return parseIwLink(linked.stdout);
    const listed = await this.#commands.run(nmcli, nmcliWifi);
    return listed.code === 0 ? parseNmcliWifi(listed.stdout) : {};
  }

  /** The first interface with an address that is Wi-Fi, as its driver says (cfg80211). */
  async #wireless(): Promise<string | undefined> {
    for (const name of new Set(this.#addresses().map((own) => own.interface))) {
      const told = await this.#read(`/sys/class/net/${name}/uevent`);
      if (told !== undefined && /^DEVTYPE=wlan$/m.test(told)) return name;
    }
    return undefined;
  }

  async #tables(): Promise<Tables> {
    const [route4, route6, arp] = await Promise.all(
      ['/proc/net/route', '/proc/net/ipv6_route', '/proc/net/arp'].map(async (path) => (await this.#read(path)) ?? ''),
    );
    const routes = [...parseRoutes(route4 ?? ''), ...parseRoutes6(route6 ?? '')];
    const used = new Set(routes.map((route) => route.interface));
    // Bridges of virtual machines and the like have addresses too, which anybody may choose.
    const addresses = this.#addresses()
      .filter((own) => used.has(own.interface))
      .map(({ address }) => address)
      .sort();
    return { routes, neighbours: parseArp(arp ?? ''), addresses };
  }

  /** The kernel shows neighbours of IPv6 to programs only: one is asked where there is no other gateway. */
  async #asked(route: DefaultRoute, routes: readonly DefaultRoute[]): Promise<string | undefined> {
    if (!routes.every(({ gateway }) => gateway.includes(':'))) return undefined;
    const { code, stdout } = await this.#commands.run(ip, [
      '-6',
      'neigh',
      'show',
      'to',
      route.gateway,
      'dev',
      route.interface,
    ]);
    return code === 0 ? hardwareAddress(/\blladdr (\S+)/.exec(stdout)?.[1] ?? '') : undefined;
  }
}

/** Of /proc/net/route: the addresses are numbers as this machine keeps them, the lowest byte first. */
export function parseRoutes(content: string): DefaultRoute[] {
  return rowsOf(content).flatMap(([name = '', destination, gateway = '', , , , , mask]) => {
    if (destination !== '00000000' || mask !== '00000000' || !/^[0-9A-F]{8}$/i.test(gateway)) return [];
    const bytes = Buffer.from(gateway, 'hex').reverse();
    return gateway === '00000000' ? [] : [{ interface: name, gateway: [...bytes].join('.') }];
  });
}

/** Of /proc/net/ipv6_route. */
export function parseRoutes6(content: string): DefaultRoute[] {
  const nowhere = '0'.repeat(32);
  return content.split('\n').flatMap((line) => {
    const [destination, length, , , gateway = '', , , , , name = ''] = line.trim().split(/\s+/);
    if (destination !== nowhere || length !== '00' || gateway === nowhere || !/^[0-9a-f]{32}$/i.test(gateway))
      return [];
    return [{ interface: name, gateway: (gateway.match(/.{4}/g) ?? []).join(':') }];
  });
}

/** Of /proc/net/arp, without entries that are not complete. */
export function parseArp(content: string): Map<string, string> {
  return new Map(
    rowsOf(content).flatMap(([gateway = '', , flags, address = '', , name = '']): [string, string][] => {
      const hardware = hardwareAddress(address);
      const isComplete = (Number(flags) & 2) !== 0;
      return hardware !== undefined && isComplete ? [[keyOf({ interface: name, gateway }), hardware]] : [];
    }),
  );
}

/** Of `iw dev <interface> link`. */
export function parseIwLink(output: string): WifiFacts {
  if (/^Not connected/m.test(output)) return onNoWifi;
  return wifiFacts(/^\s*SSID: (.*)$/m.exec(output)?.[1], /^Connected to (\S+)/m.exec(output)?.[1]);
}

/** Of `nmcli -t -f ACTIVE,SSID,BSSID device wifi list`: fields parted by colons, of which those within are escaped. */
export function parseNmcliWifi(output: string): WifiFacts {
  const rows = output.split('\n').map((line) => line.split(/(?<!\\):/).map((field) => field.replace(/\\(.)/g, '$1')));
  const active = rows.find(([isActive]) => isActive === 'yes');
  return active ? wifiFacts(active[1], active[2]) : onNoWifi;
}

function keyOf({ interface: name, gateway }: DefaultRoute): string {
  return `${name} ${gateway}`;
}

/** The words of each line but the headings. */
function rowsOf(content: string): string[][] {
  return content
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/));
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
