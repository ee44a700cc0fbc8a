import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Random } from '../../shared/clock.ts';

const hashPattern = /^[0-9a-f]{64}$/;
/** Artefacts, and deltas named by the artefacts they lead from and to. */
const ourName = /^([0-9a-f]{64}-)?[0-9a-f]{64}$/;

/**
 * Compiled lists on disk, named by their SHA-256, and the deltas between them (`shared/filter/delta.ts`). A file under its
 * name is whole, or it is not there.
 */
export class Artifacts {
  readonly #folder: string;
  readonly #random: Random;

  /** `folder` is made when the first artefact is written. */
  constructor(folder: string, random: Random) {
    this.#folder = folder;
    this.#random = random;
  }

  /** On disk when this resolves (written beside, synchronised, renamed). */
  async write(hash: string, content: Uint8Array): Promise<void> {
    await this.#write(hash, content);
  }

  async writeDelta(from: string, to: string, delta: Uint8Array): Promise<void> {
    await this.#write(`${from}-${to}`, delta);
  }

  /** Undefined where there is none. */
  async findDelta(from: string, to: string): Promise<string | undefined> {
    return hashPattern.test(from) ? await this.#find(`${from}-${to}`) : undefined;
  }

  /** The artefacts that deltas lead from to this one. */
  async startsOf(to: string): Promise<string[]> {
    return (await namesIn(this.#folder)).flatMap((name) => (name.endsWith(`-${to}`) ? [name.slice(0, 64)] : []));
  }

  async #write(name: string, content: Uint8Array): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const path = join(this.#folder, name);
    const beside = `${path}.${this.#random.uuid()}.part`;
    try {
      const file = await open(beside, 'wx', 0o644);
      try {
        await file.writeFile(content);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(beside, path);
    } finally {
      await rm(beside, { force: true });
    }
  }

  /** Undefined for what is not there, or is no hash. */
  async find(hash: string): Promise<string | undefined> {
    return hashPattern.test(hash) ? await this.#find(hash) : undefined;
  }

  /**
   * Deletes artefacts last written before `olderThan` that are not in `wanted`, and deltas to such; returns how many
   * files.
   */
  async prune(wanted: ReadonlySet<string>, olderThan: number): Promise<number> {
    let deleted = 0;
    for (const name of await namesIn(this.#folder)) {
      const path = join(this.#folder, name);
      if (wanted.has(name.slice(-64)) || (await stat(path)).mtimeMs >= olderThan) continue;
      await rm(path, { force: true });
      deleted += 1;
    }
    return deleted;
  }

  async #find(name: string): Promise<string | undefined> {
    const path = join(this.#folder, name);
    return (await exists(path)) ? path : undefined;
  }
}

async function exists(path: string): Promise<boolean> {
  return (await unlessMissing(stat(path))) !== undefined;
}

/** What is ours, and what a crash left half written of it. */
async function namesIn(folder: string): Promise<string[]> {
  const names = (await unlessMissing(readdir(folder))) ?? [];
  return names.filter((name) => ourName.test(name.replace(/\..*\.part$/, '')));
}

async function unlessMissing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
