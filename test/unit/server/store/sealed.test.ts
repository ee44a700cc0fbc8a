import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemRandom } from '../../../../server/clock.ts';
import { isSealed, SealingKeys } from '../../../../server/store/sealed.ts';

let folder: string;
const path = () => join(folder, 'secrets.key');
const open = () => SealingKeys.open(path(), systemRandom);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-sealed-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a sealed secret', () => {
  it('is read again by whoever has the key file, also after a restart', () => {
    const sealed = open().seal('päss wörd', 'webhook 1');
    expect(open().open(sealed, 'webhook 1')).toBe('päss wörd');
  });

  it('tells nothing of itself and is never twice the same', () => {
    const keys = open();
    const [one, two] = [keys.seal('secret', 'a'), keys.seal('secret', 'a')];
    expect(isSealed(one)).toBe(true);
    expect(one).not.toBe(two);
    expect(Buffer.from(one.split(':').at(-1) ?? '', 'base64url').includes('secret')).toBe(false);
  });

  it('is empty when what was sealed is', () => {
    const keys = open();
    expect(keys.open(keys.seal('', 'a'), 'a')).toBe('');
  });

  it.each([
    ['is of another row', (sealed: string) => sealed, 'webhook 2', /belongs to something else/],
    ['lost its end', (sealed: string) => sealed.slice(0, -4), 'webhook 1', /was altered/],
    ['was altered in the middle', (sealed: string) => swapped(sealed, 40), 'webhook 1', /was altered/],
    ['is empty behind its key', (sealed: string) => sealed.replace(/[^:]*$/, ''), 'webhook 1', /was altered/],
    [
      'names a key that is not there',
      (sealed: string) => sealed.replace(/:1:.{8}/, ':1:AAAAAAAA'),
      'webhook 1',
      /not in/,
    ],
    ['was never sealed', () => 'whsec_plain', 'webhook 1', /not in/],
  ])('is refused with the remedy when it %s', (_what, change, about, words) => {
    const keys = open();
    const sealed = change(keys.seal('a secret of some length', 'webhook 1'));
    expect(() => keys.open(sealed, about)).toThrow(words);
    expect(() => keys.open(sealed, about)).toThrow(/Restore both from one backup/);
  });
});

describe('the key file', () => {
  it('is closed to other users', () => {
    open();
    expect(statSync(path()).mode & 0o777).toBe(0o600);
  });

  it('gets a new key which seals, while the old one opens until it is let go', () => {
    const keys = open();
    const old = keys.seal('secret', 'a');
    keys.add();
    const fresh = keys.seal('secret', 'a');
    expect(open().open(old, 'a')).toBe('secret');
    keys.keepNewest();
    expect(open().open(fresh, 'a')).toBe('secret');
    expect(() => open().open(old, 'a')).toThrow(/not in/);
    expect(readFileSync(path(), 'utf8').trim().split('\n')).toHaveLength(1);
  });

  it.each([
    ['empty', ''],
    ['cut short', 'abcdefgh shor'],
    ['something else', '{"key": 1}\n'],
  ])('is refused with the remedy when it is %s', (_what, content) => {
    writeFileSync(path(), content);
    expect(open).toThrow(/is damaged. Restore it from the backup/);
  });
});

function swapped(text: string, at: number): string {
  const other = text[at] === 'A' ? 'B' : 'A';
  return text.slice(0, at) + other + text.slice(at + 1);
}
