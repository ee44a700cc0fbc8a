import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HostFiles } from '../../../../agent/platform/host-files.ts';
import { StoredOriginals } from '../../../../agent/store/originals.ts';

let folder: string;
let root: string;
let kept: string;

/** As after a restart: nothing in memory. */
const originals = () => new StoredOriginals(kept);
const files = () => new HostFiles(root, originals());

function put(path: string, content: string | Buffer, mode = 0o644): void {
  const real = join(root, path);
  mkdirSync(dirname(real), { recursive: true });
  writeFileSync(real, content);
  chmodSync(real, mode);
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-originals-'));
  root = join(folder, 'root');
  kept = join(folder, 'home', 'originals');
  mkdirSync(join(folder, 'home'));
  mkdirSync(root);
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the originals of host files', () => {
  it('come back byte for byte with their mode', async () => {
    const bytes = Buffer.from([0, 255, 10, 13, 200, 0]);
    put('/etc/app.conf', bytes, 0o640);
    await files().write('browser', '/etc/app.conf', 'ours');
    await files().write('browser', '/etc/app.conf', 'ours again');
    await files().restore('browser');
    expect(readFileSync(join(root, 'etc/app.conf'))).toEqual(bytes);
    expect(statSync(join(root, 'etc/app.conf')).mode & 0o7777).toBe(0o640);
  });

  it('come back as the symbolic link they were, whose target was never touched', async () => {
    put('/run/target.conf', 'target');
    mkdirSync(join(root, 'etc'));
    symlinkSync('../run/target.conf', join(root, 'etc/resolv.conf'));
    await files().write('webFilter', '/etc/resolv.conf', 'ours');
    expect(lstatSync(join(root, 'etc/resolv.conf')).isSymbolicLink()).toBe(false);
    await files().restore('webFilter');
    expect(readlinkSync(join(root, 'etc/resolv.conf'))).toBe('../run/target.conf');
    expect(readFileSync(join(root, 'run/target.conf'), 'utf8')).toBe('target');
  });

  it('leave no file and no folder where there was none', async () => {
    mkdirSync(join(root, 'etc'));
    await files().write('browser', '/etc/opt/chrome/policies/managed/zz.json', '{}');
    await files().restore('browser');
    expect(readdirSync(join(root, 'etc'))).toEqual([]);
  });

  it('leave a folder in which somebody else has put something meanwhile', async () => {
    await files().write('browser', '/etc/opt/zz.json', '{}');
    put('/etc/opt/theirs.json', 'theirs');
    await files().restore('browser');
    expect(readdirSync(join(root, 'etc/opt'))).toEqual(['theirs.json']);
  });

  it('come back after a file was removed by the agent', async () => {
    put('/etc/app.conf', 'original');
    await files().remove('browser', '/etc/app.conf');
    await files().restore('browser');
    expect(readFileSync(join(root, 'etc/app.conf'), 'utf8')).toBe('original');
  });

  it('are kept apart for each owner', async () => {
    put('/etc/a', 'a');
    put('/etc/b', 'b');
    await files().write('browser', '/etc/a', 'ours');
    await files().write('webFilter', '/etc/b', 'ours');
    await files().restore('browser');
    expect(readFileSync(join(root, 'etc/a'), 'utf8')).toBe('a');
    expect(readFileSync(join(root, 'etc/b'), 'utf8')).toBe('ours');
  });

  it.each([
    ['first', ['browser', 'webFilter']],
    ['last', ['webFilter', 'browser']],
  ])('leave no folder that two owners shared, whoever made it and is put back %s', async (_, order) => {
    await files().write('browser', '/etc/opt/a.json', '{}');
    await files().write('webFilter', '/etc/resolv.conf', 'ours');
    for (const owner of order) await files().restore(owner);
    expect(readdirSync(root)).toEqual([]);
  });

  it('are the first ones, also when the agent died after keeping and before writing', async () => {
    put('/etc/app.conf', 'original');
    originals().keep('browser', '/etc/app.conf', { kind: 'file', content: Buffer.from('original'), mode: 0o644 });
    await files().write('browser', '/etc/app.conf', 'ours');
    await files().restore('browser');
    expect(readFileSync(join(root, 'etc/app.conf'), 'utf8')).toBe('original');
  });

  it('are forgotten although none was ever kept', () => {
    originals().forget('webFilter', '/etc/resolv.conf');
    files().adopt('webFilter', '/etc/resolv.conf');
    expect(existsSync(kept)).toBe(false);
  });

  it('come back when the agent died after putting them back and before forgetting them', async () => {
    put('/etc/app.conf', 'original');
    await files().write('browser', '/etc/app.conf', 'ours');
    put('/etc/app.conf', 'original');
    await files().restore('browser');
    await files().restore('browser');
    expect(readFileSync(join(root, 'etc/app.conf'), 'utf8')).toBe('original');
    expect(originals().kept('browser')).toEqual([]);
  });

  it('are what another program put there later, once that is adopted', async () => {
    put('/etc/resolv.conf', 'first network');
    await files().write('webFilter', '/etc/resolv.conf', 'ours');
    put('/etc/resolv.conf', 'second network', 0o640);
    files().adopt('webFilter', '/etc/resolv.conf');
    await files().write('webFilter', '/etc/resolv.conf', 'ours');
    await files().restore('webFilter');
    expect(readFileSync(join(root, 'etc/resolv.conf'), 'utf8')).toBe('second network');
    expect(statSync(join(root, 'etc/resolv.conf')).mode & 0o7777).toBe(0o640);
  });

  it('are the first ones while what another program put there is not adopted', async () => {
    put('/etc/app.conf', 'original');
    await files().write('browser', '/etc/app.conf', 'ours');
    put('/etc/app.conf', 'tampered');
    await files().write('browser', '/etc/app.conf', 'ours');
    await files().restore('browser');
    expect(readFileSync(join(root, 'etc/app.conf'), 'utf8')).toBe('original');
  });

  it('are left alone when they were adopted and not written again', async () => {
    put('/etc/resolv.conf', 'first network');
    await files().write('webFilter', '/etc/resolv.conf', 'ours');
    put('/etc/resolv.conf', 'second network');
    files().adopt('webFilter', '/etc/resolv.conf');
    put('/etc/resolv.conf', 'third network');
    expect(await files().restore('webFilter')).toEqual([]);
    expect(readFileSync(join(root, 'etc/resolv.conf'), 'utf8')).toBe('third network');
  });

  it('that cannot be read any more are named, hold up no other, and are never replaced by what is ours', async () => {
    put('/etc/app.conf', 'original');
    await files().write('browser', '/etc/app.conf', 'ours');
    const [name = ''] = readdirSync(kept);
    writeFileSync(join(kept, name), 'damaged');
    put('/etc/other.conf', 'other');
    await files().write('browser', '/etc/other.conf', 'ours');
    await files().write('browser', '/etc/app.conf', 'ours');
    expect(originals().damaged()).toEqual([join(kept, name)]);
    expect(
      originals()
        .kept('browser')
        .map((item) => item.path),
    ).toEqual(['/etc/other.conf']);
    expect(readFileSync(join(kept, name), 'utf8')).toBe('damaged');
  });

  it('are nothing when nothing was changed', async () => {
    expect(await files().restore('browser')).toEqual([]);
    expect(existsSync(kept)).toBe(false);
  });
});
