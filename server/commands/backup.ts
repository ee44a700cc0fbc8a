import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { Key, Lock } from '../backup/archive.ts';
import { checkBackup, makeBackup, restoreBackup } from '../backup/backup.ts';
import type { Manifest } from '../backup/manifest.ts';
import { systemClock as clock, systemRandom as random } from '../clock.ts';
import { loadConfig } from '../config.ts';
import { writeWhole } from '../home.ts';
import { serverVersion } from '../version.ts';
import type { Output } from './output.ts';

export interface BackupFlags {
  recipient: string | undefined;
  'passphrase-file': string | undefined;
  'key-file': string | undefined;
}

const shortest = 16;

/** `rollcall backup FILE`: also of a server that runs. */
export async function backup(home: string, file: string, flags: BackupFlags, output: Output): Promise<void> {
  const lock = lockOf(flags);
  const { secretsKeyFile } = loadConfig({ home });
  const out = resolve(file);
  const manifest = await makeBackup({ home, version: serverVersion, clock }, out, lock);
  const isApart = !manifest.files.some(({ path }) => path === 'secrets.key');
  const apart = isApart ? ` The sealing key ${secretsKeyFile} is not in it: keep a copy of it apart.` : '';
  output.result(manifest, `${out} holds ${inWords(manifest)}.${apart}`);
}

/** `rollcall backup check FILE`: everything a restore would do, but into a folder that is removed again. */
export async function checkBackupFile(file: string, flags: BackupFlags, output: Output): Promise<void> {
  const manifest = await checkBackup(resolve(file), keyOf(flags), { clock, random });
  output.result(manifest, `The backup is sound: ${inWords(manifest)}, made at ${manifest.madeAt}.`);
}

/** `rollcall backup new-key FILE`: the private half stays in the file, away from the server. */
export async function newBackupKey(file: string, output: Output): Promise<void> {
  const identity = await generateIdentity();
  const recipient = await identityToRecipient(identity);
  writeWhole(resolve(file), `# public key: ${recipient}\n${identity}\n`, 0o600);
  const words = `Take ${file} away from this server and keep two copies. Back up with --recipient ${recipient}`;
  output.result({ recipient }, words);
}

/** `rollcall restore FILE`: the server must not be running. */
export async function restore(
  home: string,
  file: string,
  flags: BackupFlags & { replace: boolean },
  output: Output,
): Promise<void> {
  const parts = { home, replace: flags.replace, clock, random };
  const { manifest, movedTo } = await restoreBackup(resolve(file), keyOf(flags), parts);
  const aside = movedTo === undefined ? '' : ` What was there is now ${movedTo}.`;
  output.result({ manifest, movedTo }, `${home} is as it was at ${manifest.madeAt}: ${inWords(manifest)}.${aside}`);
}

function lockOf(flags: BackupFlags): Lock {
  const { recipient } = flags;
  if (recipient === undefined) return { passphrase: passphraseOf(flags) };
  if (!/^age1[0-9a-z]{50,4000}$/.test(recipient))
    throw new CodedError(
      'bad-request',
      'The recipient is not a public key. Make one with rollcall backup new-key FILE.',
    );
  return { recipient };
}

function keyOf(flags: BackupFlags): Key {
  const path = flags['key-file'];
  if (path === undefined) return { passphrase: passphraseOf(flags) };
  const identity = /^AGE-SECRET-KEY-.+$/m.exec(readFileSync(path, 'utf8'))?.[0];
  if (!identity) throw new CodedError('bad-file', `${path} holds no key. It was made by rollcall backup new-key.`);
  return { identity };
}

function passphraseOf(flags: BackupFlags): string {
  const path = flags['passphrase-file'];
  if (path === undefined)
    throw new CodedError('bad-request', 'Say what locks it: --recipient and --key-file, or --passphrase-file FILE.');
  const passphrase = readFileSync(path, 'utf8').split('\n')[0]?.trim() ?? '';
  if (passphrase.length < shortest)
    throw new CodedError('weak-passphrase', `The passphrase in ${path} is shorter than ${shortest} characters.`);
  return passphrase;
}

function inWords({ files, database }: Manifest): string {
  const of = (table: string) => database.rows[table] ?? 0;
  return `${of('person')} people, ${of('device')} devices, ${of('event')} events, ${files.length} files`;
}
