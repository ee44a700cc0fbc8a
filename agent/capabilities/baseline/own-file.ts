import type { HostFiles } from '../../platform/host-files.ts';
import { CapabilityError } from '../capability.ts';
import { type Line, line } from './baseline.ts';

/** A file that belongs to the agent wholly while it has content. */
export interface OwnFile {
  path: string;
  /** Undefined: the file is as it was before the agent. */
  content: string | undefined;
  /** Permission bits; unset: programs of the system read it as whoever they are. */
  mode?: number;
}

const readableByAll = 0o644;

/** One line for a file that is desired, or that an earlier profile left; none where nothing is asked and nothing left. */
export async function observeFile(
  files: HostFiles,
  owner: string,
  { path, content, mode: asked = readableByAll }: OwnFile,
): Promise<Line[]> {
  const seen = await onFile(path, () => files.read(path));
  if (content === undefined)
    return (await isChanged(files, owner, path)) ? [line(path, 'as before', 'set by an earlier profile', false)] : [];
  const expected = 'as written by the agent';
  if (seen === undefined) return [line(path, expected, 'the file is missing')];
  if (seen !== content) return [line(path, expected, 'the file was changed elsewhere')];
  const mode = (await files.mode(path)) ?? 0;
  return [line(path, expected, mode === asked ? expected : `with permissions ${mode.toString(8)}`)];
}

/** Writes the file, or puts back what was there. A write that changes nothing would wake whoever watches the file. */
export async function bring(
  files: HostFiles,
  owner: string,
  { path, content, mode = readableByAll }: OwnFile,
): Promise<void> {
  await onFile(path, async () => {
    if (content === undefined) return await files.restoreOne(owner, path);
    const isInPlace = (await files.read(path)) === content && (await files.mode(path)) === mode;
    if (!isInPlace) await files.write(owner, path, content, mode);
  });
}

/** True while something else stands there than before the owner's first change. */
export async function isChanged(files: HostFiles, owner: string, path: string): Promise<boolean> {
  return await onFile(path, async () => (await files.read(path)) !== (await files.original(owner, path)));
}

/** What the host refuses becomes a failure that names the file and the remedy. */
export async function onFile<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined || !/^E[A-Z]+$/.test(code)) throw error;
    const words = `${path} could not be read or written (${code}); run the agent as root and see to the disk.`;
    throw new CapabilityError('baseline-file', words, error);
  }
}
