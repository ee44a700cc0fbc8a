import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HostFiles } from '../../../../agent/platform/host-files.ts';
import { replaceFile, temporaryOf } from '../../../../agent/platform/replace-file.ts';
import { StoredOriginals } from '../../../../agent/store/originals.ts';

let folder: string;
let root: string;
let outside: string;
let files: HostFiles;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-root-'));
  root = join(folder, 'root');
  outside = join(folder, 'outside');
  mkdirSync(root);
  mkdirSync(outside);
  writeFileSync(join(outside, 'app.conf'), 'precious');
  files = new HostFiles(root, new StoredOriginals(join(folder, 'originals')));
});
afterEach(() => rmSync(folder, { recursive: true }));

const precious = () => readFileSync(join(outside, 'app.conf'), 'utf8');

/** Tests of other systems pretend that a root is the host itself; files must stay below it all the same. */
class Pretended extends HostFiles {
  override get isHost(): boolean {
    return true;
  }
}

describe('with --root, nothing outside it', () => {
  it('is written by files that pass for the host', async () => {
    const path = join(outside, 'app.conf');
    await new Pretended(root, new StoredOriginals(join(folder, 'originals'))).write('browser', path, 'ours');
    expect([precious(), readFileSync(join(root, path), 'utf8')]).toEqual(['precious', 'ours']);
  });

  const ways: [string, string, () => void][] = [
    ['a folder that is a link', '/etc/app.conf', () => symlinkSync(outside, join(root, 'etc'))],
    [
      'a link further up',
      '/etc/app/deep/app.conf',
      () => {
        mkdirSync(join(root, 'etc'));
        symlinkSync(folder, join(root, 'etc/app'));
      },
    ],
    ['steps upwards', '/../outside/app.conf', () => undefined],
    ['steps upwards in the middle', '/etc/../../outside/app.conf', () => undefined],
  ];
  for (const [name, path, prepare] of ways) {
    it(`is written, removed, read or listed by way of ${name}`, async () => {
      prepare();
      await expect(files.write('browser', path, 'ours')).rejects.toThrow(/leads out of/);
      await expect(files.remove('browser', path)).rejects.toThrow(/leads out of/);
      await expect(files.read(path)).rejects.toThrow(/leads out of/);
      await expect(files.list(`${path}/..`)).rejects.toThrow(/leads out of/);
      expect(precious()).toBe('precious');
      expect(existsSync(join(folder, 'deep'))).toBe(false);
    });
  }

  it('is read through a link; writing puts a file in the place of the link', async () => {
    mkdirSync(join(root, 'etc'));
    symlinkSync(join(outside, 'app.conf'), join(root, 'etc/app.conf'));
    await expect(files.read('/etc/app.conf')).rejects.toThrow(/leads out of/);
    await files.write('browser', '/etc/app.conf', 'ours');
    expect([precious(), await files.read('/etc/app.conf')]).toEqual(['precious', 'ours']);
  });

  it('while links within it are followed', async () => {
    mkdirSync(join(root, 'usr/etc'), { recursive: true });
    symlinkSync('usr/etc', join(root, 'etc'));
    await files.write('browser', '/etc/app.conf', 'ours');
    expect(readFileSync(join(root, 'usr/etc/app.conf'), 'utf8')).toBe('ours');
  });

  it('and a root that is itself reached by a link, or not there yet, is fine', async () => {
    symlinkSync(root, join(folder, 'link'));
    const linked = new HostFiles(join(folder, 'link'), new StoredOriginals(join(folder, 'o1')));
    await linked.write('browser', '/etc/a', 'a');
    const fresh = new HostFiles(join(folder, 'fresh/root'), new StoredOriginals(join(folder, 'o2')));
    await fresh.write('browser', '/etc/b', 'b');
    expect([await linked.read('/etc/a'), await fresh.read('/etc/b')]).toEqual(['a', 'b']);
  });
});

it('a link planted where the new content is written first is not followed', async () => {
  const target = join(folder, 'target');
  symlinkSync(join(outside, 'app.conf'), temporaryOf(target));
  await replaceFile(target, 'ours', 0o644);
  expect([precious(), readFileSync(target, 'utf8')]).toEqual(['precious', 'ours']);
});
