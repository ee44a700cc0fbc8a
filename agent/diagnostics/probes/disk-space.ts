import { stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { type DiskSpaceFacts, tightness, type VolumeFacts } from '../../../shared/diagnostics/judge/disk.ts';
import { parseMounts } from '../../health/linux/disks.ts';
import type { Look } from '../look.ts';

/** Where du(1) is on Linux and macOS. */
const du = '/usr/bin/du';
const duTimeoutMs = 12_000;

/** What lies where, the narrow before the wide: du counts a file for the first that holds it. `*` stands for each person. */
const kinds: [path: string, kind: string][] = [
  ['/var/log', 'logs'],
  ['/var/lib/systemd/coredump', 'remains of crashes'],
  ['/var/crash', 'remains of crashes'],
  ['/var/cache', 'downloaded packages and caches of the system'],
  ['/tmp', 'temporary files'],
  ['/var/tmp', 'temporary files'],
  ['/var/lib/docker', 'containers'],
  ['/var/lib/snapd', 'snaps'],
  ['/var/lib/flatpak', 'flatpaks'],
  ['/home/*/.local/share/Trash', 'bins of people'],
  ['/home/*/.cache', 'caches of browsers and programs'],
  ['/home/*/Downloads', 'downloads of people'],
  ['/home', 'other files of people'],
  ['/Users/*/.Trash', 'bins of people'],
  ['/Users/*/Library/Caches', 'caches of browsers and programs'],
  ['/Users/*/Downloads', 'downloads of people'],
  ['/Users', 'other files of people'],
];

/** How full the volumes are; where one is tight, also what takes the room. */
export async function lookAtDiskSpace(look: Look): Promise<DiskSpaceFacts> {
  const volumes = look.platform === 'linux' ? await linuxVolumes(look) : await otherVolumes(look);
  const tight = volumes.filter((volume) => tightness(volume) !== 'enough');
  return { volumes, takenBy: look.platform === 'win32' || tight.length === 0 ? [] : await whatTakes(look, tight) };
}

async function linuxVolumes({ files, root }: Look): Promise<VolumeFacts[]> {
  const volumes: VolumeFacts[] = [];
  for (const { mount } of parseMounts((await files.text('/proc/self/mounts')) ?? '')) {
    const volume = await volumeAt(root, mount);
    if (volume && volume.sizeBytes > 0) volumes.push(volume);
  }
  return volumes;
}

async function otherVolumes({ health }: Look): Promise<VolumeFacts[]> {
  const { volumes = [] } = (await health.disks()) ?? {};
  return volumes.map(({ mount, sizeBytes, usedPercent }) => ({
    mount,
    sizeBytes,
    freeBytes: sizeBytes * (1 - usedPercent / 100),
  }));
}

/** Undefined for a mount that is gone or may not be looked at. */
async function volumeAt(root: string, mount: string): Promise<VolumeFacts | undefined> {
  try {
    const { bsize, blocks, bavail, files, ffree } = await statfs(join(root, mount));
    const inodes = files > 0 ? { files: { total: files, free: ffree } } : {};
    return { mount, sizeBytes: blocks * bsize, freeBytes: bavail * bsize, ...inodes };
  } catch (error) {
    return gone(error);
  }
}

async function whatTakes(look: Look, tight: readonly VolumeFacts[]): Promise<DiskSpaceFacts['takenBy']> {
  const { root, commands } = look;
  const devices = new Set(await Promise.all(tight.map(({ mount }) => deviceOf(join(root, mount)))));
  const wanted: [path: string, kind: string][] = [];
  for (const [pattern, kind] of kinds)
    for (const path of await everybody(look, pattern)) {
      const device = await deviceOf(join(root, path));
      if (device !== undefined && devices.has(device)) wanted.push([join(root, path), kind]);
    }
  if (wanted.length === 0) return [];
  const paths = wanted.map(([path]) => path);
  const { stdout } = await commands.run(du, ['-skx', '--', ...paths], { timeoutMs: duTimeoutMs });
  return sumsByKind(stdout, new Map(wanted));
}

/** Of du(1): `1234<TAB>path` for each, in kibibytes; what came before it was ended counts. */
export function sumsByKind(output: string, kindOf: ReadonlyMap<string, string>): DiskSpaceFacts['takenBy'] {
  const sums = new Map<string, number>();
  for (const [, kibibytes, path = ''] of output.matchAll(/^(\d{1,15})\t(.+)$/gm)) {
    const kind = kindOf.get(path);
    if (kind !== undefined) sums.set(kind, (sums.get(kind) ?? 0) + Number(kibibytes) * 1024);
  }
  return [...sums].map(([kind, bytes]) => ({ kind, bytes })).sort((a, b) => b.bytes - a.bytes);
}

async function everybody({ files }: Look, pattern: string): Promise<string[]> {
  const [before = '', after] = pattern.split('/*');
  if (after === undefined) return [pattern];
  return (await files.list(before)).slice(0, 50).map((name) => `${before}/${name}${after}`);
}

async function deviceOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).dev;
  } catch (error) {
    return gone(error);
  }
}

function gone(error: unknown): undefined {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'ELOOP', 'EIO', 'ENOTCONN'].includes(code)) return undefined;
  throw error;
}
