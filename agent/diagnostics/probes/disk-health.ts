import type { DiskHealthFacts } from '../../../shared/diagnostics/judge/disk.ts';
import type { KernelFiles } from '../../health/linux/tree.ts';
import type { Look } from '../look.ts';

export async function lookAtDiskHealth({ platform, files, health }: Look): Promise<DiskHealthFacts> {
  const { drives = [] } = (await health.disks()) ?? {};
  if (platform !== 'linux') return { drives, fileSystemErrors: undefined, readOnly: [] };
  const readOnly = readOnlyMounts((await files.text('/proc/self/mounts')) ?? '');
  return { drives, fileSystemErrors: await fileSystemErrors(files), readOnly };
}

/** kernel: Documentation/ABI/testing/sysfs-fs-ext4, `errors_count`. */
async function fileSystemErrors(files: KernelFiles): Promise<number | undefined> {
  let sum: number | undefined;
  for (const name of await files.list('/sys/fs/ext4')) {
    const count = await files.number(`/sys/fs/ext4/${name}/errors_count`);
    if (count !== undefined) sum = (sum ?? 0) + count;
  }
  return sum;
}

/** Where the system and people write. Some systems keep the rest read-only by design. */
const written = new Set(['/', '/home', '/var']);

export function readOnlyMounts(mounts: string): string[] {
  return mounts.split('\n').flatMap((line) => {
    const [source = '', mount = '', kind = '', options = ''] = line.split(' ');
    const isDisk = source.startsWith('/dev/') && /^(ext[234]|xfs|btrfs|f2fs)$/.test(kind);
    return isDisk && written.has(mount) && options.split(',').includes('ro') ? [mount] : [];
  });
}
