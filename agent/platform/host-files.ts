import { lstat, mkdir, readdir, readFile, readlink, rename, rm, rmdir, stat, symlink } from 'node:fs/promises';
import { dirname, join, parse, resolve } from 'node:path';
import { replaceFile, syncFolder, temporaryOf } from './replace-file.ts';
import { isWithin, leadsWithin } from './within-root.ts';

/** What stood at a path before the agent's first change there. */
export type Original =
  | { kind: 'absent'; foldersMade: string[] }
  | { kind: 'file'; content: Uint8Array; mode: number }
  | { kind: 'link'; target: string };

/** Where originals are kept, durably, before the first change. Implemented by the agent's store. */
export interface OriginalsKeeper {
  /** Keeps the original unless one is kept already for this owner and path. */
  keep(owner: string, path: string, original: Original): void;
  kept(owner: string): { path: string; original: Original }[];
  /** Folders that were made for a file of any owner that is still changed. */
  foldersMade(): ReadonlySet<string>;
  forget(owner: string, path: string): void;
}

/**
 * The only door to the host's files. Every path is absolute as the host sees it; `root` is put before it, so that with
 * `--root DIR` nothing outside DIR is touched. Writes are atomic (see `replaceFile`).
 */
export class HostFiles {
  readonly root: string;
  readonly #originals: OriginalsKeeper;

  constructor(root: string, originals: OriginalsKeeper) {
    this.root = root;
    this.#originals = originals;
  }

  /** The path on disk, links on the way not looked at. Throws when its steps lead out of the root. */
  real(path: string): string {
    if (this.#hasNoRoot) return path;
    const real = join(this.root, path);
    if (!isWithin(this.root, real)) throw this.#leadsOut(path);
    return real;
  }

  /** The path on disk to write to: a link in its place is replaced, links on the way must stay in the root. */
  async #place(path: string): Promise<string> {
    const real = this.real(path);
    if (this.#hasNoRoot || (await leadsWithin(this.root, dirname(real)))) return real;
    throw this.#leadsOut(path);
  }

  /** The path on disk to read from: the last link is followed too. */
  async #source(path: string): Promise<string> {
    const real = this.real(path);
    if (this.#hasNoRoot || (await leadsWithin(this.root, real))) return real;
    throw this.#leadsOut(path);
  }

  #leadsOut(path: string): Error {
    return new Error(`${path} leads out of ${this.root}. Remove the link or folder that leads there.`);
  }

  /** True when files go where the host really looks for them. */
  get isHost(): boolean {
    return this.#hasNoRoot;
  }

  /** Paths are put below the root by this alone. */
  get #hasNoRoot(): boolean {
    return this.root === '' || this.root === parse(this.root).root;
  }

  /** The content as text, following links; undefined when there is no such file. */
  async read(path: string): Promise<string | undefined> {
    try {
      return await readFile(await this.#source(path), 'utf8');
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** The names in a folder in byte order; empty when there is no such folder. */
  async list(folder: string): Promise<string[]> {
    try {
      return (await readdir(await this.#source(folder))).sort();
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }

  /** The permission bits, following links; undefined when there is no such file. */
  async mode(path: string): Promise<number | undefined> {
    try {
      return (await stat(await this.#source(path))).mode & 0o7777;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** True when something this owner changed has not been put back. */
  holds(owner: string): boolean {
    return this.#originals.kept(owner).length > 0;
  }

  /** The text that stood at a path before this owner's first change; what stands there when nothing was changed yet. */
  async original(owner: string, path: string): Promise<string | undefined> {
    const kept = this.#originals.kept(owner).find((item) => item.path === path)?.original;
    if (kept?.kind === 'file') return Buffer.from(kept.content).toString('utf8');
    return kept?.kind === 'absent' ? undefined : await this.read(kept ? resolve(dirname(path), kept.target) : path);
  }

  /** Keeps the original once, then replaces the file atomically. World-readable unless told otherwise. */
  async write(owner: string, path: string, content: string, mode = 0o644): Promise<void> {
    const real = await this.#place(path);
    await this.#keepOriginal(owner, path);
    await mkdir(dirname(real), { recursive: true, mode: 0o755 });
    await replaceFile(real, content, mode);
  }

  /** Keeps the original once, then removes the file. */
  async remove(owner: string, path: string): Promise<void> {
    const real = await this.#place(path);
    await this.#keepOriginal(owner, path);
    await rm(real, { force: true });
  }

  /** Puts back everything this owner changed, newest first, and forgets it. Safe to repeat after a crash. */
  async restore(owner: string): Promise<string[]> {
    const restored: string[] = [];
    for (const { path, original } of this.#originals.kept(owner).reverse()) {
      await this.#putBack(path, original);
      this.#originals.forget(owner, path);
      restored.push(path);
    }
    return restored;
  }

  /** Puts back one file of this owner, when a setting no longer needs it. */
  async restoreOne(owner: string, path: string): Promise<void> {
    const kept = this.#originals.kept(owner).find((item) => item.path === path);
    if (!kept) return;
    await this.#putBack(path, kept.original);
    this.#originals.forget(owner, path);
  }

  /**
   * Takes what another program has put at a path over this owner's file as the original: it is newer than the one that was
   * kept. `restore` goes back to it, or leaves the path alone when the owner does not write there again. Nothing is copied
   * before the next write, so that a later change of the other program is not lost either, and a crash loses nothing: the
   * content is on the host. Never call it while the owner's own file stands there.
   */
  adopt(owner: string, path: string): void {
    this.#originals.forget(owner, path);
  }

  async #putBack(path: string, original: Original): Promise<void> {
    const real = await this.#place(path);
    if (original.kind === 'absent') {
      await rm(temporaryOf(real), { force: true });
      await rm(real, { force: true });
      for (const folder of original.foldersMade.toReversed()) await removeIfEmpty(this.real(folder));
      return;
    }
    await mkdir(dirname(real), { recursive: true });
    if (original.kind === 'file') return await replaceFile(real, original.content, original.mode);
    const temporary = `${real}.rollcall-restore`;
    await rm(temporary, { force: true });
    await symlink(original.target, temporary);
    await rename(temporary, real);
    await syncFolder(dirname(real));
  }

  async #keepOriginal(owner: string, path: string): Promise<void> {
    if (this.#originals.kept(owner).some((item) => item.path === path)) return;
    this.#originals.keep(owner, path, await this.#originalOf(path));
  }

  async #originalOf(path: string): Promise<Original> {
    const real = this.real(path);
    try {
      const status = await lstat(real);
      if (status.isSymbolicLink()) return { kind: 'link', target: await readlink(real) };
      return { kind: 'file', content: await readFile(real), mode: status.mode & 0o7777 };
    } catch (error) {
      if (isMissing(error)) return { kind: 'absent', foldersMade: await this.#missingFolders(path) };
      throw error;
    }
  }

  /** Those that are missing, and those another owner made: whoever is put back last removes them. */
  async #missingFolders(path: string): Promise<string[]> {
    const made = this.#originals.foldersMade();
    const missing: string[] = [];
    for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
      if (!made.has(folder) && (await this.#exists(folder))) break;
      missing.unshift(folder);
    }
    return missing;
  }

  async #exists(path: string): Promise<boolean> {
    try {
      await lstat(this.real(path));
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }
}

async function removeIfEmpty(folder: string): Promise<void> {
  try {
    await rmdir(folder);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'ENOENT') throw error;
  }
}

function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
