import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../shared/clock.ts';
import { CodedError } from '../shared/errors/catalogue.ts';

/** One of these in a folder says that it is ours. */
const ours = ['config.yaml', 'operator.key', 'secrets.key', 'lock.db', 'rollcall.db', 'pki'];

/** Makes the folder, closed to other users of the machine. Throws `bad-file` for one that serves something else. */
export function prepareHome(home: string): void {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const names = readdirSync(home);
  if (names.length > 0 && !ours.some((name) => names.includes(name)))
    throw new CodedError('bad-file', `${home} holds other things. Choose an empty folder, or a new one, with --home.`);
  chmodSync(home, 0o700);
}

/** The key by which `rollcall` commands on this machine act as its operator: HOME/operator.key, mode 0600. */
export function operatorKey(home: string, random: Random): string {
  const path = join(home, 'operator.key');
  if (existsSync(path)) return readFileSync(path, 'utf8').trim();
  const key = Buffer.from(random.bytes(32)).toString('base64url');
  writeWhole(path, `${key}\n`, 0o600);
  return key;
}

/** Old file or new file, never half of one. */
export function writeWhole(path: string, content: string, mode: number): void {
  writeFileSync(`${path}.new`, content, { mode });
  renameSync(`${path}.new`, path);
}
