import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PathWatcher } from '../../../../agent/reconcile/path-watcher.ts';
import { FakeLog } from '../../../fakes/log.ts';

let root: string;
let watcher: PathWatcher;
let heard: number;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'rollcall-watch-'));
  heard = 0;
  watcher = new PathWatcher(() => {
    heard += 1;
  }, new FakeLog());
});
afterEach(() => {
  watcher.stop();
  rmSync(root, { recursive: true });
});

const at = (...names: string[]) => join(root, ...names);

describe('a watch', () => {
  it.each<[string, string[], () => void]>([
    ['a file that is written', ['a.conf'], () => writeFileSync(at('a.conf'), 'x')],
    ['any file of a folder that is named with a slash', ['d/'], () => writeFileSync(at('d', 'new.conf'), 'x')],
    ['a folder that is not there yet', ['e/'], () => mkdirSync(at('e'))],
    ['a file whose folders are not there yet', ['f/g/h.conf'], () => mkdirSync(at('f'))],
  ])('hears of %s', async (_name, paths, change) => {
    mkdirSync(at('d'));
    watcher.watch(paths.map((path) => `${root}/${path}`));
    change();
    await expect.poll(() => heard).toBeGreaterThan(0);
  });

  it('does not hear of other files beside one', async () => {
    watcher.watch([at('a.conf')]);
    let others = 0;
    const another = new PathWatcher(() => {
      others += 1;
    }, new FakeLog());
    another.watch([at('b.conf')]);
    writeFileSync(at('b.conf'), 'x');
    await expect.poll(() => others).toBeGreaterThan(0);
    another.stop();
    expect(heard).toBe(0);
  });
});
