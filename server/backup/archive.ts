import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { Decrypter, Encrypter } from 'age-encryption';
import { type Entry, openPromise, type ZipFile as ReadZip } from 'yauzl';
import { ZipFile } from 'yazl';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { validator } from '../../shared/schema.ts';
import { Manifest, manifestName } from './manifest.ts';

/** What a backup is locked with: a passphrase, or the key pair whose public half is named when it is made. */
export type Lock = { passphrase: string } | { recipient: string };
export type Key = { passphrase: string } | { identity: string };

const manifests = validator(Manifest);
const mostManifest = 33_554_432;
const damaged = (words: string, cause?: unknown) =>
  new CodedError('bad-file', `The backup is damaged: ${words}. Take another.`, [], cause);

/** A zip of these files, encrypted in the age format (https://age-encryption.org/v1); whole on disk, or not there at all. */
export async function writeArchive(out: string, folder: string, manifest: Manifest, lock: Lock): Promise<void> {
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from(JSON.stringify(manifest)), manifestName);
  for (const { path } of manifest.files) zip.addFile(join(folder, path), path);
  zip.end();
  const packed = Readable.toWeb(Readable.from(zip.outputStream)) as globalThis.ReadableStream<Uint8Array>;
  const encrypted = await encrypterOf(lock).encrypt(packed);
  const half = `${out}.half`;
  try {
    await pipeline(
      Readable.fromWeb(encrypted as ReadableStream),
      createWriteStream(half, { mode: 0o600, flush: true }),
    );
    await rename(half, out);
  } catch (error) {
    await rm(half, { force: true });
    throw error;
  }
}

/**
 * Unpacks a backup into an empty folder and gives its manifest; every byte was compared. Throws `bad-file` when it is
 * damaged, is no backup, or another key opens it.
 */
export async function readArchive(file: string, folder: string, key: Key): Promise<Manifest> {
  const zipPath = join(folder, '.backup.zip');
  try {
    await decrypt(file, zipPath, key);
    const zip = await openPromise(zipPath, { lazyEntries: true, autoClose: false, validateEntrySizes: true });
    try {
      return await unpack(zip, folder);
    } finally {
      zip.close();
    }
  } catch (error) {
    if (error instanceof CodedError) throw error;
    throw damaged('it cannot be unpacked', error);
  } finally {
    await rm(zipPath, { force: true });
  }
}

async function decrypt(file: string, to: string, key: Key): Promise<void> {
  const sealed = Readable.toWeb(createReadStream(file)) as globalThis.ReadableStream<Uint8Array>;
  let opened: globalThis.ReadableStream<Uint8Array>;
  try {
    opened = await decrypterOf(key).decrypt(sealed);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== undefined) throw error;
    const words = `${file} is no backup, or this is not the passphrase or key that opens it.`;
    throw new CodedError('bad-file', words, [], error);
  }
  await pipeline(Readable.fromWeb(opened as ReadableStream), createWriteStream(to, { mode: 0o600 }));
}

async function unpack(zip: ReadZip, folder: string): Promise<Manifest> {
  const entries = new Map<string, Entry>();
  for await (const entry of zip.eachEntry()) entries.set(entry.fileName, entry);
  const manifest = await readManifest(zip, entries.get(manifestName));
  if (entries.size !== manifest.files.length + 1) throw damaged('it holds other files than it lists');
  for (const { path, bytes, sha256 } of manifest.files) {
    const entry = entries.get(path);
    if (!entry || entry.uncompressedSize !== bytes) throw damaged(`${path} is not in it as listed`);
    const seen = await writeEntry(zip, entry, join(folder, path));
    if (seen !== sha256) throw damaged(`${path} is not what was put in`);
  }
  return manifest;
}

async function readManifest(zip: ReadZip, entry: Entry | undefined): Promise<Manifest> {
  if (!entry || entry.uncompressedSize > mostManifest) throw damaged('it has no list of what is in it');
  const parts: Buffer[] = [];
  for await (const part of await zip.openReadStreamPromise(entry)) parts.push(part as Buffer);
  const manifest: unknown = JSON.parse(Buffer.concat(parts).toString());
  if (!manifests.check(manifest)) throw damaged(`its list is not valid (${manifests.problems(manifest)[0]})`);
  return manifest;
}

/** The SHA-256 of what was written. */
async function writeEntry(zip: ReadZip, entry: Entry, to: string): Promise<string> {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  const hash = createHash('sha256');
  const hashing = new Transform({
    transform(part: Buffer, _encoding, done) {
      hash.update(part);
      done(null, part);
    },
  });
  await pipeline(await zip.openReadStreamPromise(entry), hashing, createWriteStream(to, { mode: 0o600, flush: true }));
  return hash.digest('hex');
}

function encrypterOf(lock: Lock): Encrypter {
  const encrypter = new Encrypter();
  if ('passphrase' in lock) encrypter.setPassphrase(lock.passphrase);
  else encrypter.addRecipient(lock.recipient);
  return encrypter;
}

function decrypterOf(key: Key): Decrypter {
  const decrypter = new Decrypter();
  if ('passphrase' in key) decrypter.addPassphrase(key.passphrase);
  else decrypter.addIdentity(key.identity);
  return decrypter;
}
