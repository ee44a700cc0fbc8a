import { type HealthValue, known, percent } from '../collector.ts';
import type { KernelFiles } from './tree.ts';

type Kind = HealthValue<'network'>['kind'];

/** The class of the connection that carries traffic: no addresses, no names of networks. */
export async function readNetwork(files: KernelFiles): Promise<HealthValue<'network'>> {
  const route = defaultInterface(await files.text('/proc/net/route'), await files.text('/proc/net/ipv6_route'));
  if (route === undefined) return { kind: 'none' };
  const name = (await isPhysical(files, route)) ? route : ((await underTunnel(files)) ?? route);
  const kind = await kindOf(files, name);
  return known<HealthValue<'network'>>({
    kind,
    signalPercent: kind === 'wireless' ? parseSignal(await files.text('/proc/net/wireless'), name) : undefined,
    linkMbps: kind === 'wired' ? speed(await files.number(`/sys/class/net/${name}/speed`)) : undefined,
  });
}

/** The interface of the default route with the lowest metric; IPv6 when there is none for IPv4. */
export function defaultInterface(route4: string | undefined, route6: string | undefined): string | undefined {
  const up = 1;
  const found4 = rows(route4)
    .filter((row) => row[1] === '00000000' && row[7] === '00000000' && (Number.parseInt(row[3] ?? '', 16) & up) !== 0)
    .sort((a, b) => Number(a[6]) - Number(b[6]))[0]?.[0];
  const found6 = rows(route6)
    .filter((row) => /^0{32}$/.test(row[0] ?? '') && row[1] === '00' && (Number.parseInt(row[8] ?? '', 16) & up) !== 0)
    .filter((row) => row[9] !== 'lo')
    .sort((a, b) => Number.parseInt(a[5] ?? '', 16) - Number.parseInt(b[5] ?? '', 16))[0]?.[9];
  return [found4, found6].find((name) => name !== undefined && /^[\w.@:-]{1,15}$/.test(name));
}

/** Link quality of /proc/net/wireless, which is told out of 70 (wireless extensions). */
export function parseSignal(wireless: string | undefined, name: string): number | undefined {
  const row = rows(wireless).find((fields) => fields[0] === `${name}:`);
  return row?.[2] === undefined ? undefined : percent((Number.parseFloat(row[2]) / 70) * 100);
}

function rows(table: string | undefined): string[][] {
  return (table ?? '').split('\n').map((line) => line.trim().split(/\s+/));
}

async function isPhysical(files: KernelFiles, name: string): Promise<boolean> {
  return (await files.list(`/sys/class/net/${name}/device`)).length > 0;
}

/** Behind a VPN or a bridge: the first real interface that is up. */
async function underTunnel(files: KernelFiles): Promise<string | undefined> {
  for (const name of await files.list('/sys/class/net'))
    if ((await isPhysical(files, name)) && (await files.text(`/sys/class/net/${name}/operstate`)) === 'up') return name;
  return undefined;
}

async function kindOf(files: KernelFiles, name: string): Promise<Kind> {
  const folder = `/sys/class/net/${name}`;
  const type = /^DEVTYPE=(\w+)$/m.exec((await files.text(`${folder}/uevent`)) ?? '')?.[1];
  if (type === 'wwan' || /^(wwan|ppp)/.test(name)) return 'cellular';
  const entries = await files.list(folder);
  if (type === 'wlan' || entries.includes('wireless') || entries.includes('phy80211')) return 'wireless';
  const ethernet = 1;
  return (await isPhysical(files, name)) && (await files.number(`${folder}/type`)) === ethernet ? 'wired' : 'unknown';
}

/** Drivers answer -1 or 2^32-1 when they do not know. */
function speed(mbps: number | undefined): number | undefined {
  return mbps !== undefined && mbps > 0 && mbps <= 1_000_000 ? mbps : undefined;
}
