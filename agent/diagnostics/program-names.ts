import type { Platform } from '../../shared/profile/keywords.ts';
import type { KernelFiles } from '../health/linux/tree.ts';

/** Where programs of the system and the school lie, which only an administrator can put there. */
const systemFolders: Record<Platform, RegExp> = {
  linux: /^\/(usr|bin|sbin|lib|lib64|opt|snap|nix\/store|gnu\/store|var\/lib\/flatpak)\//,
  darwin: /^\/(System|usr|bin|sbin|Applications|Library|opt)\//,
  win32: /^[A-Z]:\\(Windows|Program Files|Program Files \(x86\)|ProgramData)\\/i,
};

/** The program of a path by the name of its file; undefined for what is the person's own, whose name tells about them. */
export function systemProgram(path: string, platform: Platform): string | undefined {
  return systemFolders[platform].test(path)
    ? path
        .split(/[\\/]/)
        .at(-1)
        ?.replace(/ \(deleted\)$/, '')
    : undefined;
}

const firstPerson = 1000;
const nobody = 65_534;

/**
 * What a process of Linux may be called: the name of its file where the system owns that, its own word where the system
 * runs it; undefined for a program of the person's own. Command lines are never read.
 */
export async function processName(files: KernelFiles, pid: number, word: string): Promise<string | undefined> {
  const exe = await files.link(`/proc/${pid}/exe`);
  const named = exe === undefined ? undefined : systemProgram(exe, 'linux');
  if (named !== undefined) return named;
  const uid = /^Uid:\s+(\d+)/m.exec((await files.text(`/proc/${pid}/status`)) ?? '')?.[1];
  if (uid === undefined) return undefined;
  const isSystem = Number(uid) < firstPerson || Number(uid) === nobody;
  return isSystem ? word : undefined;
}
