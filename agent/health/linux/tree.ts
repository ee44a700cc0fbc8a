import { type FileHandle, open, readdir, readlink, statfs } from 'node:fs/promises';
import { join } from 'node:path';

export interface Space {
  sizeBytes: number;
  usedBytes: number;
  /** What an ordinary user may still write. */
  freeBytes: number;
}

/** Files under /proc and /sys are small; this bounds what a broken driver may give. */
const limit = 262_144;
const pieceSize = 4096;
/** How hardware that lacks something, or a driver that cannot say, answers. */
const ordinary = new Set([
  'ENOENT',
  'ENOTDIR',
  'EACCES',
  'EPERM',
  'EISDIR',
  'EINVAL',
  'ENODEV',
  'ENXIO',
  'EIO',
  'ENODATA',
  'EAGAIN',
  'ELOOP',
]);

/**
 * Reads the kernel's files below `root`. A file that is absent, forbidden, or whose driver answers with an error is
 * undefined: hardware differs and that is no fault. Anything else is thrown.
 */
export class KernelFiles {
  readonly #root: string;

  constructor(root = '/') {
    this.#root = root;
  }

  /** The text without white space around it. */
  text(path: string): Promise<string | undefined> {
    return this.#whenPossible(async () => {
      const file = await open(join(this.#root, path));
      try {
        return (await readAll(file)).toString('utf8').replaceAll('\0', ' ').trim();
      } finally {
        await file.close();
      }
    });
  }

  /** A whole number, as most files in /sys hold one. */
  async number(path: string): Promise<number | undefined> {
    const words = await this.text(path);
    return words !== undefined && /^-?\d{1,15}$/.test(words) ? Number(words) : undefined;
  }

  /** Names in a folder, sorted; empty when there is no such folder. */
  async list(path: string): Promise<string[]> {
    return (await this.#whenPossible(() => readdir(join(this.#root, path))))?.sort() ?? [];
  }

  link(path: string): Promise<string | undefined> {
    return this.#whenPossible(() => readlink(join(this.#root, path)));
  }

  space(mount: string): Promise<Space | undefined> {
    return this.#whenPossible(async () => {
      const { bsize, blocks, bfree, bavail } = await statfs(join(this.#root, mount));
      return { sizeBytes: blocks * bsize, usedBytes: (blocks - bfree) * bsize, freeBytes: bavail * bsize };
    });
  }

  async #whenPossible<T>(read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await read();
    } catch (error) {
      if (ordinary.has((error as NodeJS.ErrnoException).code ?? '')) return undefined;
      throw error;
    }
  }
}

/** The kernel may answer in pieces of any size; only an empty one is the end. */
async function readAll(file: FileHandle): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (let length = 0; length < limit; ) {
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(pieceSize), 0, pieceSize, null);
    if (bytesRead === 0) break;
    parts.push(buffer.subarray(0, bytesRead));
    length += bytesRead;
  }
  return Buffer.concat(parts);
}
