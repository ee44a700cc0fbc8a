import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../log.ts';
import type { ArtifactSource } from './artifact-source.ts';

/** Appends an artefact's bytes from `offset` on to a file; see `artifact-download.ts`. Throws when it cannot. */
export type Download = (hash: string, part: string, offset: number) => Promise<void>;

const hashPattern = /^[0-9a-f]{64}$/;

/** Artefacts on the device's disk, fetched when lacking. A half-fetched one is continued, a wrong one thrown away. */
export class ArtifactCache implements ArtifactSource {
  readonly #folder: string;
  readonly #download: Download;
  readonly #log: Log;
  readonly #fetching = new Map<string, Promise<Uint8Array | undefined>>();

  constructor(folder: string, download: Download, log: Log) {
    this.#folder = folder;
    this.#download = download;
    this.#log = log;
  }

  async get(hash: string): Promise<Uint8Array | undefined> {
    if (!hashPattern.test(hash)) return undefined;
    return (await this.#held(this.#path(hash), hash)) ?? (await this.#fetchOnce(hash));
  }

  /** Removes what no state in force names. */
  async prune(keep: ReadonlySet<string>): Promise<void> {
    for (const name of await this.#names()) {
      const hash = name.replace(/\.part$/, '');
      if (!keep.has(hash) && !this.#fetching.has(hash)) await rm(join(this.#folder, name), { force: true });
    }
  }

  #fetchOnce(hash: string): Promise<Uint8Array | undefined> {
    const fetching = this.#fetching.get(hash) ?? this.#fetch(hash).finally(() => this.#fetching.delete(hash));
    this.#fetching.set(hash, fetching);
    return fetching;
  }

  async #fetch(hash: string): Promise<Uint8Array | undefined> {
    const part = `${this.#path(hash)}.part`;
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await this.#download(hash, part, await sizeOf(part));
      await sync(part);
      const bytes = await this.#held(part, hash);
      if (bytes) await rename(part, this.#path(hash));
      return bytes;
    } catch (error) {
      this.#log.warn({ err: error, hash }, 'An artefact could not be fetched; it will be tried again.');
      return undefined;
    }
  }

  /** The bytes of a file when it has this hash; a file with another is removed. */
  async #held(path: string, hash: string): Promise<Uint8Array | undefined> {
    const bytes = await readIfThere(path);
    if (!bytes || createHash('sha256').update(bytes).digest('hex') === hash) return bytes;
    this.#log.warn({ hash }, 'An artefact on disk does not have its hash and is thrown away.');
    await rm(path, { force: true });
    return undefined;
  }

  async #names(): Promise<string[]> {
    try {
      return await readdir(this.#folder);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }

  #path(hash: string): string {
    return join(this.#folder, hash);
  }
}

/** At one go: in pieces, as `readFile` does it, a list would be held twice until a collection that an idle agent has no need of. */
async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}

async function sync(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
