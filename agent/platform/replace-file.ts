import { createHash } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The file is a mount of its own (a container's resolv.conf), or its folder may not be written (a hardened service). */
const cannotRename = new Set(['EBUSY', 'EXDEV', 'EROFS']);

/** Where the new content is written first; a write that was killed leaves it behind, and the next one removes it. */
export function temporaryOf(path: string): string {
  return `${path}.rollcall-${createHash('sha256').update(path).digest('hex').slice(0, 8)}`;
}

/**
 * Replaces a file atomically: a reader sees the old content or the new, also after a power cut. Where the system allows
 * no other file in its place, it is written over instead, the one case in which a cut could leave a mixture.
 */
export async function replaceFile(path: string, content: string | Uint8Array, mode: number): Promise<void> {
  const temporary = temporaryOf(path);
  try {
    // Made anew: a link that somebody put there is removed, never followed.
    await rm(temporary, { force: true });
    await fill(await open(temporary, 'wx', mode), content, mode);
    await rename(temporary, path);
  } catch (error) {
    if (!cannotRename.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    await rm(temporary, { force: true });
    await fill(await open(path, 'r+'), content, mode);
    return;
  }
  await syncFolder(dirname(path));
}

/** Makes a rename in a folder last. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Shortens only after writing, so that a reader never finds the file empty. */
async function fill(file: FileHandle, content: string | Uint8Array, mode: number): Promise<void> {
  try {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    await file.writeFile(bytes);
    await file.truncate(bytes.length);
    await file.chmod(mode);
    await file.sync();
  } finally {
    await file.close();
  }
}
