import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CodedError } from '../../shared/errors/catalogue.ts';

/** Where the files of a roster come from. Only files that are asked for are ever opened. */
export interface RosterSource {
  /** The files at the top, as written; `true` in `folded` when they stood in a single folder below it. */
  readonly names: readonly string[];
  readonly folded: boolean;
  /** The bytes of one of `names`; fails while being read when they break a limit or are damaged. */
  open(name: string): Promise<AsyncIterable<Uint8Array>>;
  close(): Promise<void>;
}

/** Files larger than this are refused: 700,000 enrolments take about 80 MB. */
export const largestFile = 1_073_741_824;
/** A roster has some twenty files. */
export const mostFiles = 500;

/** The files of a folder. Folders in it are ignored. */
export async function openFolder(folder: string): Promise<RosterSource> {
  const entries = await readdir(folder, { withFileTypes: true });
  if (entries.length > mostFiles) throw tooMany(folder, entries.length);
  return {
    names: entries.filter((entry) => entry.isFile()).map((entry) => entry.name),
    folded: false,
    open: async (name) => {
      const { size } = await stat(join(folder, name));
      if (size > largestFile) throw tooLarge(name);
      return createReadStream(join(folder, name));
    },
    close: async () => undefined,
  };
}

/** Files made in memory: name → text. */
export function openFiles(files: ReadonlyMap<string, string>): RosterSource {
  return {
    names: [...files.keys()],
    folded: false,
    open: async (name) => pieces(new TextEncoder().encode(files.get(name) ?? '')),
    close: async () => undefined,
  };
}

/** Bytes in pieces, so that a reader meets its limits before it holds everything. */
export async function* pieces(bytes: Uint8Array, size = 65_536): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

export function tooLarge(name: string): CodedError {
  const megabytes = largestFile / 1_048_576;
  return new CodedError(
    'too-large',
    `${name} is larger than ${megabytes} MB. Leave out what is not part of the roster.`,
  );
}

export function tooMany(where: string, count: number): CodedError {
  return new CodedError('too-large', `${where} holds ${count} entries; at most ${mostFiles} are read. Is it a roster?`);
}
