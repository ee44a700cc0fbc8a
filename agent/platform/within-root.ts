import { realpath } from 'node:fs/promises';
import { dirname, relative, sep } from 'node:path';

/** True when `path` is `folder` or lies in it, as the names say. */
export function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`);
}

/**
 * True when following the links on the way to `path` stays in `root`. What is not there yet counts as where it would be
 * made; a root that is not there yet holds no links.
 */
export async function leadsWithin(root: string, path: string): Promise<boolean> {
  if (!isWithin(root, path)) return false;
  const realRoot = await realpathIfThere(root);
  if (realRoot === undefined) return true;
  for (let there = path; there !== root; there = dirname(there)) {
    const real = await realpathIfThere(there);
    if (real !== undefined) return isWithin(realRoot, real);
  }
  return true;
}

async function realpathIfThere(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
