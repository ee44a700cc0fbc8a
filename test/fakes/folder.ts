import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** Every file below a folder with its kind, permissions and content. */
export function everythingBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => {
      const path = join(folder, name);
      const status = lstatSync(path);
      const mode = (status.mode & 0o7777).toString(8);
      if (status.isDirectory()) return `${name}/ ${mode}`;
      if (status.isSymbolicLink()) return `${name} -> ${readlinkSync(path)}`;
      return `${name} ${mode} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`;
    });
}
