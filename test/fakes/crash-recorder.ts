/*
 * Imported before anything else by the process of an agent: keeps an image of what is on the disk at every step the agent
 * takes there. A process that is killed leaves what it has done so far, so each image is what `kill -9` leaves at that step.
 * `ROLLCALL_CRASH` is a JSON object: the `folders` to keep by name, and where the `images` go.
 */
import { createHash } from 'node:crypto';
import fs, { type PathLike } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

interface Recording {
  folders: Record<string, string>;
  images: string;
}

type Anything = Record<string, (...args: unknown[]) => unknown>;

const { folders, images } = JSON.parse(process.env.ROLLCALL_CRASH ?? '{}') as Recording;
const own = { ...fs };
const seen = new Set<string>();
let isTaking = false;

/** Keeps the disk as it is now, unless it was like that before. */
function image(step: string): void {
  if (isTaking) return;
  isTaking = true;
  try {
    const trees = Object.entries(folders).map(([name, path]) => [name, treeOf(path)] as const);
    const hash = createHash('sha256').update(JSON.stringify(trees)).digest('hex');
    if (seen.has(hash)) return;
    seen.add(hash);
    const folder = join(images, `${String(seen.size).padStart(4, '0')} ${step.replaceAll('/', ' ').slice(0, 80)}`);
    for (const [name, tree] of trees) write(join(folder, name), tree);
  } finally {
    isTaking = false;
  }
}

/** What a folder holds, by name. */
type Tree = Record<string, { mode: number } & ({ file: string } | { link: string } | { tree: Tree })>;

function treeOf(path: string): Tree {
  const entries: Tree = {};
  for (const name of names(path)) {
    const at = join(path, name);
    try {
      const status = own.lstatSync(at);
      const mode = status.mode & 0o7777;
      if (status.isDirectory()) entries[name] = { mode, tree: treeOf(at) };
      else if (status.isSymbolicLink()) entries[name] = { mode, link: own.readlinkSync(at) };
      else if (status.isFile()) entries[name] = { mode, file: own.readFileSync(at, 'base64') };
    } catch (error) {
      // A step under way in another thread took it away meanwhile: then it is gone in this image.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return entries;
}

function names(path: string): string[] {
  return own.existsSync(path) ? own.readdirSync(path).sort() : [];
}

function write(folder: string, tree: Tree): void {
  own.mkdirSync(folder, { recursive: true });
  for (const [name, entry] of Object.entries(tree)) {
    const at = join(folder, name);
    if ('tree' in entry) write(at, entry.tree);
    else if ('link' in entry) own.symlinkSync(entry.link, at);
    else own.writeFileSync(at, entry.file, 'base64');
    if (!('link' in entry)) own.chmodSync(at, entry.mode);
  }
}

function watch(object: object, ...functions: string[]): void {
  const watched = object as Anything;
  for (const name of functions) {
    const original = watched[name];
    if (!original) throw new Error(`There is no ${name} to watch.`);
    watched[name] = function (this: unknown, ...args: unknown[]) {
      image(`${name} ${String(args[0]).slice(-40)}`);
      return original.apply(this, args);
    };
  }
}

/** The file is half written for a moment. */
const writeAll = own.writeFileSync;
fs.writeFileSync = (
  file: PathLike | number,
  content: string | NodeJS.ArrayBufferView,
  options?: fs.WriteFileOptions,
) => {
  const bytes = Buffer.isBuffer(content) ? content : Buffer.from(content as string);
  image(`writeFileSync ${String(file).slice(-40)}`);
  if (typeof file !== 'number') return writeAll(file, content, options);
  own.writeSync(file, bytes.subarray(0, bytes.length >> 1));
  image('writeFileSync, half of it');
  own.writeSync(file, bytes.subarray(bytes.length >> 1));
};
watch(fs, 'openSync', 'renameSync', 'rmSync', 'unlinkSync', 'fsyncSync', 'mkdirSync', 'chmodSync', 'fchmodSync');
watch(fs.promises, 'open', 'rename', 'rm', 'rmdir', 'mkdir', 'symlink', 'writeFile', 'chmod', 'unlink');

const handle = await open(process.execPath);
const handles = Object.getPrototypeOf(handle) as FileHandle;
await handle.close();
const writeHandle = handles.writeFile;
handles.writeFile = async function (this: FileHandle, content, options) {
  const bytes = content as Buffer;
  image('FileHandle.writeFile');
  await writeHandle.call(this, bytes.subarray(0, bytes.length >> 1), options);
  image('FileHandle.writeFile, half of it');
  await writeHandle.call(this, bytes.subarray(bytes.length >> 1), options);
};
watch(handles, 'truncate', 'chmod', 'sync');

const memory = new DatabaseSync(':memory:');
watch(DatabaseSync.prototype, 'exec', 'close');
watch(Object.getPrototypeOf(memory.prepare('SELECT 1')), 'run', 'get', 'all');
memory.close();
syncBuiltinESMExports();
