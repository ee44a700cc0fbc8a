import { type HealthValue, share } from '../collector.ts';
import { readDrives } from './drives.ts';
import type { SmartReader } from './smart.ts';
import type { KernelFiles } from './tree.ts';

type Volume = HealthValue<'disks'>['volumes'][number];

const listLimit = 32;
const virtual = new Set(['squashfs', 'iso9660', 'tmpfs', 'ramfs', 'devtmpfs', 'efivarfs', 'autofs']);
/** Where removable media and single persons' folders are mounted: their names tell about people, so they stay here. */
const personal = /^\/(media|run|mnt|home)\/|^\/(snap|var\/lib\/(docker|containers|snapd))\//;

/** Volumes and drives that belong to the device itself; removable media are left out. */
export async function readDisks(files: KernelFiles, smart: SmartReader): Promise<HealthValue<'disks'>> {
  const volumes: Volume[] = [];
  for (const { mount, kind } of parseMounts((await files.text('/proc/self/mounts')) ?? '')) {
    const space = await files.space(mount);
    if (!space || space.sizeBytes === 0) continue;
    const usedPercent = share(space.usedBytes, space.usedBytes + space.freeBytes) ?? 100;
    volumes.push({ mount, kind, sizeBytes: space.sizeBytes, usedPercent });
  }
  return { volumes: volumes.slice(0, listLimit), drives: (await readDrives(files, smart)).slice(0, listLimit) };
}

/** Local volumes of /proc/self/mounts (fstab(5) form): one mount for each device, the shortest; `/` whatever it is. */
export function parseMounts(mounts: string): { mount: string; kind: string }[] {
  const chosen = new Map<string, { mount: string; kind: string }>();
  for (const line of mounts.split('\n')) {
    const [source = '', target = '', kind = ''] = line.split(' ').map(plain);
    if (!target.startsWith('/') || target.length > 300 || !/^[\w.-]{1,40}$/.test(kind)) continue;
    if (target !== '/' && (!isLocal(source, kind) || personal.test(target))) continue;
    const key = target === '/' && !isLocal(source, kind) ? '/' : source;
    const rival = chosen.get(key);
    if (!rival || target.length < rival.mount.length) chosen.set(key, { mount: target, kind });
  }
  return [...chosen.values()].sort((a, b) => Number(a.mount > b.mount) - Number(a.mount < b.mount));
}

function isLocal(source: string, kind: string): boolean {
  if (virtual.has(kind) || /^\/dev\/(loop|sr|zram|ram)/.test(source)) return false;
  return source.startsWith('/dev/') || kind === 'zfs' || kind === 'bcachefs';
}

/** Blanks and backslashes are written as octal. */
function plain(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}
