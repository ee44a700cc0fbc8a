import type { Commands } from '../../platform/commands.ts';
import { type HealthValue, known, label } from '../collector.ts';
import type { KernelFiles } from './tree.ts';
import { readPendingUpdates } from './updates.ts';

/** Name, version, kernel, the last start, and what updates wait. */
export async function readOs(files: KernelFiles, commands: Commands): Promise<HealthValue<'os'>> {
  const release = parseRelease((await files.text('/etc/os-release')) ?? (await files.text('/usr/lib/os-release')));
  const started = /^btime (\d{1,12})$/m.exec((await files.text('/proc/stat')) ?? '')?.[1];
  return known<HealthValue<'os'>>({
    name: release.name,
    version: release.version,
    kernel: label(await files.text('/proc/sys/kernel/osrelease')),
    bootedAt: started === undefined ? undefined : Number(started) * 1000,
    ...(await readPendingUpdates(commands)),
    rebootRequired: await rebootRequired(files),
  });
}

/** os-release(5): NAME and VERSION_ID, shell-quoted. A rolling distribution has no version. */
export function parseRelease(release: string | undefined): { name: string; version: string } {
  const value = (key: string) =>
    label(new RegExp(`^${key}=(["']?)(.*)\\1$`, 'm').exec(release ?? '')?.[2]?.replace(/\\(.)/g, '$1'));
  return { name: value('NAME') ?? 'Linux', version: value('VERSION_ID') ?? value('BUILD_ID') ?? 'rolling' };
}

/** Debian's and Ubuntu's flag; unknown on other systems, where nothing would set it. */
async function rebootRequired(files: KernelFiles): Promise<boolean | undefined> {
  if ((await files.text('/etc/debian_version')) === undefined) return undefined;
  const flags = await Promise.all(['/run', '/var/run'].map((folder) => files.text(`${folder}/reboot-required`)));
  return flags.some((flag) => flag !== undefined);
}
