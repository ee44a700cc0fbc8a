import { type Dirent, lstatSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CodedError } from '../../shared/errors/catalogue.ts';

/**
 * Paths of the documents in one folder of the policy. What lies there and would not be read is refused, not passed over:
 * with `--prune` it would count as taken away.
 */
export function documentsIn(root: string, folder: string, beside: readonly string[]): string[] {
  return entriesIn(root, folder).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.name.startsWith('.') || beside.includes(path)) return [];
    if (entry.isSymbolicLink()) throw isLink(path);
    if (entry.isDirectory())
      throw new CodedError('bad-file', `${path} is a folder. Put its documents into ${folder} itself.`);
    if (/\.ya?ml$/.test(entry.name)) return [path];
    if (/\.ya?ml$/i.test(entry.name))
      throw new CodedError('bad-file', `${path}: let the name end in .yaml, in small letters.`);
    return [];
  });
}

/** Whether settings there is one of are there, by the one name they may have. */
export function hasSettings(root: string, name: string): boolean {
  const plain = name.replace(/\.yaml$/, '');
  const alike = entriesIn(root, '.').filter(({ name: other }) => /^(.+)\.ya?ml$/i.exec(other)?.[1] === plain);
  for (const { name: other } of alike)
    if (other !== name) throw new CodedError('bad-file', `${other}: call it ${name}.`);
  if (alike.some((entry) => entry.isSymbolicLink())) throw isLink(name);
  return alike.length > 0;
}

/** Names of the plain files of a folder; none where it is missing. */
export function filesIn(root: string, folder: string): string[] {
  return entriesIn(root, folder).flatMap((entry) => (entry.isFile() ? [entry.name] : []));
}

/** Makes the folders above. Never through a link, which may lead out of the folder. */
export function writeIn(root: string, path: string, content: string | Uint8Array): void {
  demandNoLink(root, path);
  const whole = join(root, path);
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(whole, content);
}

function entriesIn(root: string, folder: string): Dirent[] {
  demandNoLink(root, folder);
  const path = join(root, folder);
  if (!lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** `bad-file` where the path, or a folder above it, is a link. */
export function demandNoLink(root: string, path: string): void {
  const steps = path.split('/').filter((step) => step !== '.');
  for (const index of steps.keys()) {
    const part = steps.slice(0, index + 1).join('/');
    if (lstatSync(join(root, part), { throwIfNoEntry: false })?.isSymbolicLink()) throw isLink(part);
  }
}

function isLink(path: string): CodedError {
  return new CodedError('bad-file', `${path} is a link, which is not followed. Put what it leads to in its place.`);
}
