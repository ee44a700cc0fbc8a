import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readFolder, writeFolder } from '../../../../server/commands/policy-folder.ts';
import type { Policy } from '../../../../shared/api/schemas.ts';

let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'rollcall-policy-folder-'));
  folder = join(root, 'policy');
  writeFolder(folder, exported, new Map());
});
afterEach(() => rmSync(root, { recursive: true }));

const policy: Policy = {
  profiles: [{ name: 'Lab', description: '', settings: { screenLock: { idleMinutes: 5 } }, assignments: [] }],
  ...{ groups: [], calendars: [], lists: [] },
};
const exported = { policy, district: 'a'.repeat(64), folder: 'f-1', names: {} };

const lab = 'profiles/lab.yaml';
const elsewhere = (name: string, text: string) => {
  writeFileSync(join(root, name), text);
  return join(root, name);
};
const labText = () => readFileSync(join(folder, lab), 'utf8');

describe('a folder that is read', () => {
  it('comes back as it was written, whatever else lies beside', () => {
    writeFileSync(join(folder, 'profiles/README.md'), 'about these');
    writeFileSync(join(folder, 'profiles/.keep'), '');
    mkdirSync(join(folder, 'lists/artifacts'), { recursive: true });
    expect(readFolder(folder).wish).toMatchObject({ policy, folder: { id: 'f-1' } });
  });

  const unread: [string, () => void, RegExp][] = [
    [
      'a link to a document',
      () =>
        symlinkSync(elsewhere('other.yaml', labText().replace('Lab', 'Other')), join(folder, 'profiles/other.yaml')),
      /profiles\/other\.yaml is a link/,
    ],
    [
      'a link to nothing',
      () => symlinkSync(join(root, 'none'), join(folder, 'profiles/x.yaml')),
      /profiles\/x\.yaml is a link/,
    ],
    [
      'a link in place of a folder of documents',
      () => {
        mkdirSync(join(root, 'groups'));
        symlinkSync(join(root, 'groups'), join(folder, 'groups'));
      },
      /groups is a link/,
    ],
    ['a folder of documents within', () => mkdirSync(join(folder, 'profiles/maple')), /profiles\/maple is a folder/],
    [
      'a document whose name ends otherwise',
      () => writeFileSync(join(folder, 'profiles/other.YAML'), labText()),
      /profiles\/other\.YAML: let the name end in \.yaml/,
    ],
    [
      'settings whose file is called otherwise',
      () => writeFileSync(join(folder, 'filter.yml'), ''),
      /filter\.yml: call it filter\.yaml/,
    ],
    [
      'a link to settings',
      () => symlinkSync(elsewhere('filter.yaml', ''), join(folder, 'filter.yaml')),
      /filter\.yaml is a link/,
    ],
  ];
  it.each(unread)('is refused for what would not be read and so count as taken away: %s', (_, make, words) => {
    make();
    expect(() => readFolder(folder)).toThrow(words);
  });
});

describe('a folder that is written', () => {
  it.each(['profiles', '.rollcall', 'schemas'])('is not written through a link: %s', (name) => {
    rmSync(join(folder, name), { recursive: true });
    const other = join(root, 'other');
    mkdirSync(other);
    writeFileSync(join(other, 'mine.yaml'), 'mine');
    symlinkSync(other, join(folder, name));
    expect(() => writeFolder(folder, exported, new Map())).toThrow(/is a link|something else/);
    expect(readdirSync(other)).toEqual(['mine.yaml']);
  });

  it('does not write over what a link leads to', () => {
    rmSync(join(folder, lab));
    const own = elsewhere('own.yaml', 'mine');
    symlinkSync(own, join(folder, lab));
    expect(() => writeFolder(folder, exported, new Map())).toThrow(/profiles\/lab\.yaml is a link/);
    expect(readFileSync(own, 'utf8')).toBe('mine');
  });
});
