import { type Entry, fromBufferPromise, openPromise, type ZipFile } from 'yauzl';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { largestFile, mostFiles, type RosterSource, tooLarge, tooMany } from './source.ts';

/** A CSV packs some 5 to 40 to one; more than this is made to burst memory. */
const densest = 250;
const alwaysAllowed = 16_777_216;

const options = { lazyEntries: true, autoClose: false, validateEntrySizes: true, strictFileNames: true } as const;

/**
 * The files of a zip. Sizes, counts and ratios are checked before anything is unpacked, and yauzl stops an entry that
 * unpacks to more than it declares. Names are only compared, never used as paths.
 */
export async function openZip(zip: { path: string } | { bytes: Uint8Array }): Promise<RosterSource> {
  const where = 'path' in zip ? zip.path : 'The zip';
  const file = await readable(where, () =>
    'path' in zip ? openPromise(zip.path, options) : fromBufferPromise(asBuffer(zip.bytes), options),
  );
  try {
    const { entries, folded } = topEntries(await readable(where, () => listEntries(file, where)));
    return {
      names: [...entries.keys()],
      folded,
      open: async (name) => {
        const entry = entries.get(name);
        if (!entry) throw new CodedError('bad-file', `${name} is not in the zip.`);
        demandReasonable(name, entry);
        return await readable(where, () => file.openReadStreamPromise(entry));
      },
      close: async () => file.close(),
    };
  } catch (error) {
    file.close();
    throw error;
  }
}

async function listEntries(file: ZipFile, where: string): Promise<Entry[]> {
  if (file.entryCount > mostFiles) throw tooMany(where, file.entryCount);
  const entries: Entry[] = [];
  for await (const entry of file.eachEntry()) entries.push(entry);
  return entries;
}

/** Files at the top, or, where there are none, those of the only folder (as "compress this folder" makes it). */
function topEntries(all: readonly Entry[]): { entries: Map<string, Entry>; folded: boolean } {
  const files = all.filter((entry) => !entry.fileName.endsWith('/') && !isLitter(entry.fileName));
  const atTop = files.filter((entry) => !entry.fileName.includes('/'));
  const folders = new Set(files.map((entry) => entry.fileName.slice(0, entry.fileName.indexOf('/') + 1)));
  const folded = atTop.length === 0 && folders.size === 1;
  const prefix = folded ? ([...folders][0] ?? '') : '';
  const entries = new Map<string, Entry>();
  for (const entry of folded ? files : atTop) {
    const name = entry.fileName.slice(prefix.length);
    if (name.includes('/')) continue;
    if (entries.has(name)) throw new CodedError('bad-file', `The zip holds ${name} twice. Pack it again.`);
    entries.set(name, entry);
  }
  return { entries, folded };
}

/** What macOS adds to every zip. */
const isLitter = (name: string) => name.startsWith('__MACOSX/') || name.endsWith('.DS_Store');

function demandReasonable(name: string, entry: Entry): void {
  if (entry.isEncrypted()) {
    throw new CodedError('bad-file', `${name} in the zip is protected by a password. Pack it without one.`);
  }
  if (entry.uncompressedSize > largestFile) throw tooLarge(name);
  if (entry.uncompressedSize > alwaysAllowed && entry.uncompressedSize > entry.compressedSize * densest) {
    throw new CodedError('too-large', `${name} unpacks to far more than a roster does. Export it again.`);
  }
}

/** Turns the words of the zip library into ours; the cause keeps them. */
async function readable<T>(where: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof CodedError) throw error;
    throw new CodedError('bad-file', `${where} is not a zip that can be read. Export or pack it again.`, [], error);
  }
}

const asBuffer = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
