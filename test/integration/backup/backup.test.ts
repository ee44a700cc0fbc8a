import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { Encrypter, generateIdentity } from 'age-encryption';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import { readArchive } from '../../../server/backup/archive.ts';
import { checkBackup, restoreBackup } from '../../../server/backup/backup.ts';
import type { Manifest } from '../../../server/backup/manifest.ts';
import { systemClock, systemRandom } from '../../../server/clock.ts';
import { repository, rollcallHere, run, TestServer } from '../../fakes/running-server.ts';

let server: TestServer;
let folder: string;
let backup: string;
let recipient: string;
let session: string;
const inFolder = (name: string) => join(folder, name);
const rollcall = async (...words: string[]) => await rollcallHere(...words, '--json');
/** The same in a process of its own. */
const program = async (...words: string[]) => await run([join(repository, 'server/cli.ts'), ...words, '--json']);
const key = () => ['--key-file', inFolder('backup.key')];
const identity = () => readFileSync(inFolder('backup.key'), 'utf8').split('\n')[1] ?? '';
const parts = { clock: systemClock, random: systemRandom };
const restored = (file: string) =>
  restoreBackup(file, { identity: identity() }, { home: inFolder('never'), replace: false, ...parts });

/** What a backup's list may say instead. */
interface Lie {
  files?: Manifest['files'];
  extra?: string;
  rows?: Record<string, number>;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-backup-'));
  server = await TestServer.start();
  session = await server.setUp();
  const hook = { name: 'Pager', url: 'https://pager.example/', events: ['tamper'], active: true };
  await server.operate('/api/webhooks', { method: 'POST', body: hook });
  const made = await rollcall('backup', 'new-key', inFolder('backup.key'));
  recipient = JSON.parse(made.stdout).recipient;
  backup = inFolder('monday.backup');
  const done = await program('backup', backup, '--recipient', recipient, '--home', server.home);
  expect(done).toMatchObject({ code: 0, stderr: '' });
}, 60_000);
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('a backup of a server that runs', () => {
  it('is closed to other users and tells nothing without its key', () => {
    expect(statSync(backup).mode & 0o777).toBe(0o600);
    const bytes = readFileSync(backup);
    expect(bytes.subarray(0, 22).toString()).toBe('age-encryption.org/v1\n');
    expect(bytes.includes('PRIVATE KEY')).toBe(false);
  });

  it('is sound, and leaves nothing behind', async () => {
    const checked = await rollcall('backup', 'check', backup, ...key());
    expect(checked).toMatchObject({ code: 0, stderr: '' });
    const manifest = JSON.parse(checked.stdout);
    expect(manifest.files.map(({ path }: { path: string }) => path)).toEqual(
      expect.arrayContaining(['rollcall.db', 'secrets.key', 'pki/root.pem', 'pki/root.key', 'pki/state.key']),
    );
    expect(manifest.files.map(({ path }: { path: string }) => path)).not.toContain('operator.key');
    expect(manifest.database.rows).toMatchObject({ staff: 1, webhook: 1 });
    expect(readdirSync(folder).sort()).toEqual(['backup.key', 'monday.backup']);
  });

  it('brings the same district back on an empty machine, where everybody signs in again', async () => {
    const home = inFolder('restored');
    expect(await rollcall('restore', backup, '--home', home, ...key())).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(join(home, 'pki/root.pem'))).toEqual(readFileSync(join(server.home, 'pki/root.pem')));
    rmSync(join(home, 'ports.json'));
    writeFileSync(join(home, 'config.yaml'), 'consolePort: 0\nagentPort: 0\n');
    const again = await TestServer.start({ home });
    try {
      expect(await again.operate('/api/webhooks')).toMatchObject({ items: [{ name: 'Pager' }] });
      const asked = { headers: { cookie: session } };
      expect((await server.call('/api/people', asked)).status).not.toBe(401);
      expect((await again.call('/api/people', asked)).status).toBe(401);
      expect(again.server.setUpCode).toBeUndefined();
    } finally {
      await again.stop();
    }
  });

  it.each([
    ['no key', []],
    ['a key of somebody else', ['--key-file', 'other.key']],
    ['a key file without a key', ['--key-file', 'empty']],
    ['a passphrase that is too short', ['--passphrase-file', 'empty']],
  ])('is not opened with %s', async (_what, [flag, name]) => {
    writeFileSync(inFolder('other.key'), `${await generateIdentity()}\n`);
    writeFileSync(inFolder('empty'), '\n');
    const flags = flag && name ? [flag, inFolder(name)] : [];
    const { code, stderr } = await rollcall('restore', backup, '--home', inFolder('never'), ...flags);
    expect(code).toBe(4);
    expect(JSON.parse(stderr).error.message).toMatch(
      /not the passphrase or key|Say what locks it|holds no key|shorter/,
    );
    expect(existsSync(inFolder('never'))).toBe(false);
  });

  it.each([
    ['cut short', (bytes: Buffer) => bytes.subarray(0, bytes.length - 100)],
    ['altered in the middle', (bytes: Buffer) => flipped(bytes, bytes.length >> 1)],
    ['altered in its head', (bytes: Buffer) => flipped(bytes, 60)],
    ['empty', () => Buffer.alloc(0)],
    ['something else', () => Buffer.from('a letter to the board')],
  ])('is refused when it is %s, and nothing is put in place', async (_what, change) => {
    const file = inFolder('broken.backup');
    writeFileSync(file, change(readFileSync(backup)));
    await expect(restored(file)).rejects.toThrow(/is damaged|no backup/);
    expect(readdirSync(folder).filter((name) => name === 'never' || name.startsWith('.'))).toEqual([]);
  });

  it.each([
    ['holds files that it does not list', { files: [] }, /other files than it lists/],
    ['lists a file that it does not hold', { extra: 'pki/more.pem' }, /other files than it lists/],
    ['lists a path that leads out of the home', { extra: '../evil' }, /list is not valid/],
    ['lists another database than it holds', { rows: { person: 7 } }, /holds something else/],
  ])('is refused when it %s', async (_what, lie: Lie, words) => {
    const unpacked = mkdtempSync(join(folder, 'unpacked-'));
    const manifest = await readArchive(backup, unpacked, { identity: identity() });
    const file = inFolder('lying.backup');
    await writeLie(file, unpacked, manifest, lie);
    await expect(restored(file)).rejects.toThrow(words);
    expect(existsSync(inFolder('never'))).toBe(false);
  });

  it('is not put over a home that holds something, nor over one whose server runs', async () => {
    const plain = await rollcall('restore', backup, '--home', server.home, ...key());
    expect(JSON.parse(plain.stderr).error.message).toContain('--replace');
    const running = await program('restore', backup, '--home', server.home, '--replace', ...key());
    expect(JSON.parse(running.stderr).error.message).toContain('Another server runs');
    expect((await server.call('/api/people', { headers: { cookie: session } })).status).not.toBe(401);
  });

  it('replaces a home that is not in use, which stays beside it', async () => {
    const home = inFolder('replaced');
    expect((await rollcall('restore', backup, '--home', home, ...key())).code).toBe(0);
    writeFileSync(join(home, 'config.yaml'), 'district: Before\n');
    const { stdout } = await rollcall('restore', backup, '--home', home, '--replace', ...key());
    const { movedTo } = JSON.parse(stdout);
    expect(readFileSync(join(movedTo, 'config.yaml'), 'utf8')).toBe('district: Before\n');
    expect(existsSync(join(home, 'config.yaml'))).toBe(false);
  });

  it('is refused for a folder that is no home', async () => {
    const out = inFolder('nothing.backup');
    expect((await rollcall('backup', out, '--recipient', recipient, '--home', folder)).code).toBe(4);
    expect(existsSync(out)).toBe(false);
  });

  it('can be locked with a passphrase', async () => {
    const [file, out] = [inFolder('passphrase'), inFolder('passphrase.backup')];
    writeFileSync(file, 'five words chosen by chance\n');
    expect((await rollcall('backup', out, '--passphrase-file', file, '--home', server.home)).code).toBe(0);
    expect((await rollcall('backup', 'check', out, '--passphrase-file', file)).code).toBe(0);
    const other = { passphrase: 'five other words by chance' };
    await expect(checkBackup(out, other, parts)).rejects.toThrow(/not the passphrase/);
  });
});

/** A backup, locked with the right key, whose list says something else than what is packed. */
async function writeLie(file: string, unpacked: string, held: Manifest, { files, extra, rows }: Lie): Promise<void> {
  const more = extra ? [{ path: extra, bytes: 1, sha256: 'a'.repeat(64) }] : [];
  const database = { ...held.database, rows: { ...held.database.rows, ...rows } };
  const zip = new ZipFile();
  zip.addBuffer(
    Buffer.from(JSON.stringify({ ...held, files: files ?? [...held.files, ...more], database })),
    'manifest.json',
  );
  for (const { path } of held.files) zip.addFile(join(unpacked, path), path);
  zip.end();
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  writeFileSync(file, await encrypter.encrypt(await buffer(zip.outputStream)));
}

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}
