import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { applyDelta } from '../../shared/filter/delta.ts';
import type { Log } from '../log.ts';
import type { ArtifactSource } from './artifact-source.ts';

/** An artefact that is lacking. */
export interface WantedArtifact {
  hash: string;
  /** Artefacts a delta may start from. */
  held: readonly string[];
  /** What an earlier try left: `offset` bytes of the artefact, or of a delta from `from`. */
  begun: { from: string | undefined; offset: number } | undefined;
  /** The file for the bytes of the artefact, or of a delta from `from`. */
  part(from: string | undefined): string;
}

/**
 * Brings the bytes of an artefact, or of a delta to it, into the file of that part; see `artifact-download.ts`. Answers what
 * the delta starts from; undefined: it is the artefact itself. Throws when it cannot.
 */
export type Download = (wanted: WantedArtifact) => Promise<string | undefined>;

const hashPattern = /^[0-9a-f]{64}$/;

/**
 * Artefacts on the device's disk, fetched when lacking: as a delta from one that is there where the server has one. A
 * half-fetched one is continued, a wrong one thrown away. A file under its hash is whole and right.
 */
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

  /** Removes what no state in force names, and what is left of fetching what is there. */
  async prune(keep: ReadonlySet<string>): Promise<void> {
    const names = await this.#names();
    for (const name of names) {
      const hash = hashOf(name);
      const isNeeded = keep.has(hash) && (name === hash || !names.includes(hash));
      if (!isNeeded && !this.#fetching.has(hash)) await rm(join(this.#folder, name), { force: true });
    }
  }

  #fetchOnce(hash: string): Promise<Uint8Array | undefined> {
    const fetching = this.#fetching.get(hash) ?? this.#fetch(hash).finally(() => this.#fetching.delete(hash));
    this.#fetching.set(hash, fetching);
    return fetching;
  }

  async #fetch(hash: string): Promise<Uint8Array | undefined> {
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      return (
        (await this.#byDelta(hash)) ?? (await this.#whole(hash, await this.#download(await this.#wanted(hash, []))))
      );
    } catch (error) {
      this.#log.warn({ err: error, hash }, 'An artefact could not be fetched; it will be tried again.');
      return undefined;
    }
  }

  /** Undefined where there is nothing to start from, or nothing came of it. */
  async #byDelta(hash: string): Promise<Uint8Array | undefined> {
    const held = (await this.#names()).filter((name) => hashPattern.test(name) && name !== hash);
    const wanted = await this.#wanted(hash, held);
    if (held.length === 0 || (wanted.begun && wanted.begun.from === undefined)) return undefined;
    const from = await this.#download(wanted);
    if (from === undefined) return await this.#whole(hash, from);
    const bytes = await this.#applied(hash, from);
    if (bytes) await this.#keep(hash, bytes);
    await rm(this.#part(hash, from), { force: true });
    return bytes;
  }

  /** What the delta leads to; undefined when that is not the artefact. */
  async #applied(hash: string, from: string): Promise<Uint8Array | undefined> {
    const start = await this.#held(this.#path(from), from);
    const delta = await readIfThere(this.#part(hash, from));
    if (!start || !delta) return undefined;
    try {
      const bytes = applyDelta(start, delta);
      if (hasHash(bytes, hash)) return bytes;
      this.#log.warn({ hash, from }, 'A change of an artefact leads elsewhere; the whole is fetched.');
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      this.#log.warn({ err: error, hash, from }, 'A change of an artefact cannot be used; the whole is fetched.');
    }
    return undefined;
  }

  /** Beside, synchronised, renamed: with a full disk or a cut of power there is no file under the hash. */
  async #keep(hash: string, bytes: Uint8Array): Promise<void> {
    const beside = `${this.#path(hash)}.new`;
    try {
      const file = await open(beside, 'w', 0o600);
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(beside, this.#path(hash));
    } finally {
      await rm(beside, { force: true });
    }
  }

  async #whole(hash: string, from: string | undefined): Promise<Uint8Array | undefined> {
    if (from !== undefined) throw new Error('the server answered with a delta nobody asked for');
    const part = this.#part(hash, undefined);
    await sync(part);
    const bytes = await this.#held(part, hash);
    if (bytes) await rename(part, this.#path(hash));
    return bytes;
  }

  async #wanted(hash: string, held: readonly string[]): Promise<WantedArtifact> {
    const whole = await sizeOf(this.#part(hash, undefined));
    const delta = (await this.#names()).map((name) => startOf(name, hash)).find((from) => from && held.includes(from));
    const part = (from: string | undefined) => this.#part(hash, from);
    if (whole > 0) return { hash, held: [], part, begun: { from: undefined, offset: whole } };
    if (delta === undefined) return { hash, held, part, begun: undefined };
    return { hash, held: [delta], part, begun: { from: delta, offset: await sizeOf(part(delta)) } };
  }

  /** The bytes of a file when it has this hash; a file with another is removed. */
  async #held(path: string, hash: string): Promise<Uint8Array | undefined> {
    const bytes = await readIfThere(path);
    if (!bytes || hasHash(bytes, hash)) return bytes;
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

  /** `HASH.part`, or `HASH.FROM.part` for a delta. */
  #part(hash: string, from: string | undefined): string {
    return `${this.#path(hash)}${from === undefined ? '' : `.${from}`}.part`;
  }
}

/** What a file here is about: the artefact, or what is there of it. */
const hashOf = (name: string) => name.split('.')[0] ?? '';

/** What the delta in a file of this name starts from. */
function startOf(name: string, hash: string): string | undefined {
  const [to, from, end] = name.split('.');
  return to === hash && end === 'part' ? from : undefined;
}

function hasHash(bytes: Uint8Array, hash: string): boolean {
  return createHash('sha256').update(bytes).digest('hex') === hash;
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
