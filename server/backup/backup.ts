import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Clock, Random } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { openCa } from '../pki/ca.ts';
import { StateKeys } from '../pki/state-signer.ts';
import { lockHome } from '../store/home-lock.ts';
import { SealingKeys } from '../store/sealed.ts';
import { copyDatabase, endSessions, inspectDatabase } from '../store/snapshot.ts';
import { type Key, type Lock, readArchive, writeArchive } from './archive.ts';
import type { Manifest } from './manifest.ts';

const databaseName = 'rollcall.db';
/** Of the home's own files; the rest is made anew, or is the database. A sealing key kept elsewhere is not among them. */
const kept = ['config.yaml', 'secrets.key', 'ports.json', 'audit-heads.log', 'pki', 'artifacts'];

export interface BackupParts {
  home: string;
  version: string;
  clock: Clock;
}

/** Makes a backup of a home, whose server may be running: the database is copied as it is at one moment. */
export async function makeBackup(parts: BackupParts, out: string, lock: Lock): Promise<Manifest> {
  const { home, version, clock } = parts;
  if (!existsSync(join(home, databaseName)))
    throw new CodedError('bad-file', `${home} is not the folder of a server. Name it with --home.`);
  return await withFolder(dirname(out), async (folder) => {
    await copyDatabase(join(home, databaseName), join(folder, databaseName));
    await copyKept(home, folder);
    const manifest: Manifest = {
      format: 1,
      madeAt: new Date(clock.now()).toISOString(),
      version,
      files: await listFiles(folder),
      database: inspectDatabase(join(folder, databaseName)),
    };
    await writeArchive(out, folder, manifest, lock);
    return manifest;
  });
}

/** Opens a backup as a restore would, and throws a sentence when anything of it could not be used. */
export async function checkBackup(file: string, key: Key, parts: { clock: Clock; random: Random }): Promise<Manifest> {
  return await withFolder(dirname(file), async (folder) => await unpackSound(file, folder, key, parts));
}

export interface RestoreParts {
  home: string;
  /** What is there is moved aside, not overwritten. */
  replace: boolean;
  clock: Clock;
  random: Random;
}

/**
 * Puts a backup in place of a home of a server that does not run. What was there stays beside it under `movedTo`. Nothing
 * is changed before the backup has been unpacked and checked whole. Whoever was signed in must sign in again.
 */
export async function restoreBackup(
  file: string,
  key: Key,
  parts: RestoreParts,
): Promise<{ manifest: Manifest; movedTo: string | undefined }> {
  const { home, replace, clock } = parts;
  const isThere = existsSync(home) && (await readdir(home)).length > 0;
  if (isThere && !replace)
    throw new CodedError('conflict', `${home} is not empty. Restore with --replace: what is there is moved aside.`);
  await mkdir(dirname(home), { recursive: true });
  return await withFolder(dirname(home), async (folder) => {
    const restored = join(folder, 'home');
    await mkdir(restored, { mode: 0o700 });
    const manifest = await unpackSound(file, restored, key, parts);
    endSessions(join(restored, databaseName));
    const unlock = isThere ? lockHome(join(home, 'lock.db')) : undefined;
    try {
      const movedTo = isThere
        ? `${home}.before-${new Date(clock.now()).toISOString().replace(/[:.]/g, '-')}`
        : undefined;
      if (movedTo !== undefined) await rename(home, movedTo);
      else await rm(home, { recursive: true, force: true });
      await rename(restored, home);
      return { manifest, movedTo };
    } finally {
      unlock?.();
    }
  });
}

async function unpackSound(
  file: string,
  folder: string,
  key: Key,
  { clock, random }: { clock: Clock; random: Random },
): Promise<Manifest> {
  const manifest = await readArchive(file, folder, key);
  const found = inspectDatabase(join(folder, databaseName));
  if (JSON.stringify(found) !== JSON.stringify(manifest.database))
    throw new CodedError('bad-file', 'The backup is damaged: its database holds something else than it lists.');
  const log = { info: () => undefined, warn: () => undefined };
  // Each throws a sentence with the remedy when a key and its certificate do not fit.
  await openCa({ home: folder, district: '', clock, random, log });
  await StateKeys.open(folder);
  if (manifest.files.some(({ path }) => path === 'secrets.key')) SealingKeys.open(join(folder, 'secrets.key'), random);
  return manifest;
}

async function copyKept(home: string, folder: string): Promise<void> {
  for (const name of kept) {
    const from = join(home, name);
    if (!existsSync(from)) continue;
    for (const path of await filesBelow(from)) {
      const to = join(folder, relative(home, path));
      await mkdir(dirname(to), { recursive: true, mode: 0o700 });
      await copyFile(path, to);
    }
  }
}

async function listFiles(folder: string): Promise<Manifest['files']> {
  const files: Manifest['files'] = [];
  for (const path of (await filesBelow(folder)).sort()) {
    const hash = createHash('sha256');
    await pipeline(createReadStream(path), hash);
    files.push({ path: relative(folder, path), bytes: (await stat(path)).size, sha256: hash.digest('hex') });
  }
  return files;
}

async function filesBelow(path: string): Promise<string[]> {
  if ((await stat(path)).isFile()) return [path];
  const entries = await readdir(path, { withFileTypes: true, recursive: true });
  // What is being written at this moment is not part of anything yet.
  return entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.half') && !entry.name.endsWith('.new'))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** A folder beside the file, on the same disk, closed to others and gone afterwards. */
async function withFolder<T>(beside: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(beside, '.rollcall-backup-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
