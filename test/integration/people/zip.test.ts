import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { district11, openRosterDesk, type RosterDesk, zipOf } from '../../fakes/roster-desk.ts';

/** Writes over the bytes of every record of a zip that begins with `signature`. */
function forged(zip: Buffer, signature: number, offset: number, write: (at: number, into: Buffer) => void): Buffer {
  const copy = Buffer.from(zip);
  for (let at = 0; at + 4 <= copy.length; at++) if (copy.readUInt32LE(at) === signature) write(at + offset, copy);
  return copy;
}

const centralEntry = 0x02014b50;

describe('a zip', () => {
  let desk: RosterDesk;
  let folder: string;
  beforeEach(async () => {
    desk = await openRosterDesk();
    folder = await mkdtemp(join(tmpdir(), 'rollcall-zip-'));
  });
  afterEach(async () => {
    await desk.close();
    await rm(folder, { recursive: true });
  });

  it('is read from bytes, from a file, and as the folder it was', async () => {
    const zip = await zipOf(district11());
    expect((await desk.importZip(zip)).applied).toBe(true);
    await writeFile(join(folder, 'roster.zip'), zip);
    expect((await desk.importPath(join(folder, 'roster.zip'))).problems).toEqual([]);
    for (const [name, text] of district11()) await writeFile(join(folder, name), text);
    const again = await desk.importPath(folder);
    expect(again.changes.every(({ added, changed, removed }) => added + changed + removed === 0)).toBe(true);
  });

  it('may hold one folder in lenient mode, as a file manager packs it', async () => {
    const files = district11().map(([name, text]) => [`export/${name}`, text] as const);
    const zip = await zipOf([...files, ['__MACOSX/export/._users.csv', 'litter']]);
    expect((await desk.importZip(zip)).applied).toBe(false);
    const lenient = await desk.importZip(zip, { mode: 'lenient' });
    expect(lenient.applied).toBe(true);
    expect(lenient.problems).toMatchObject([{ words: expect.stringMatching(/stand in a folder/) }]);
  });

  const hostile: [string, () => Promise<Buffer>, string, RegExp][] = [
    ['is no zip', async () => Buffer.from('PK this is not a zip'), 'bad-file', /not a zip that can be read/],
    ['is empty', async () => Buffer.alloc(0), 'bad-file', /not a zip that can be read/],
    ['is cut off', async () => (await zipOf(district11())).subarray(0, 900), 'bad-file', /not a zip/],
    [
      'unpacks a thousandfold',
      async () => zipOf([...district11({ 'users.csv': undefined }), ['users.csv', Buffer.alloc(40_000_000, 65)]]),
      'too-large',
      /users.csv unpacks to far more/,
    ],
    [
      'holds thousands of entries',
      async () => zipOf(Array.from({ length: 501 }, (_, n) => [`f${n}.csv`, ''] as const)),
      'too-large',
      /holds 501 entries/,
    ],
    [
      'names a file outside',
      async () => {
        const zip = await zipOf([...district11(), ['aa/evil.csv', 'x']]);
        return Buffer.from(zip.toString('latin1').replaceAll('aa/evil.csv', '../evil.csv'), 'latin1');
      },
      'bad-file',
      /not a zip that can be read/,
    ],
    [
      'holds a file twice',
      async () => zipOf([...district11(), ['users.csv', 'sourcedId\n']]),
      'bad-file',
      /holds users.csv twice/,
    ],
    [
      'is protected by a password',
      async () => forged(await zipOf(district11()), centralEntry, 8, (at, zip) => zip.writeUInt16LE(1, at)),
      'bad-file',
      /protected by a password/,
    ],
    [
      'claims a size of gigabytes',
      async () => forged(await zipOf(district11()), centralEntry, 24, (at, zip) => zip.writeUInt32LE(0xf0000000, at)),
      'too-large',
      /larger than 1024 MB/,
    ],
  ];
  it.each(hostile)('that %s is refused with words, and nothing changes', async (_, zip, code, words) => {
    const bytes = await zip();
    await expect(desk.importZip(bytes, { mode: 'lenient' })).rejects.toMatchObject({ code, message: words });
    expect(await desk.people.countActive()).toBe(0);
    expect(desk.said).toEqual([]);
  });

  it('that lies about the size of an entry stops there, and nothing changes', async () => {
    const honest = await zipOf(district11());
    const lie = forged(honest, centralEntry, 24, (at, zip) => zip.writeUInt32LE(zip.readUInt32LE(at) - 5, at));
    const result = await desk.importZip(lie, { mode: 'strict' });
    expect(result.applied).toBe(false);
    expect(result.problems[0]?.words).toMatch(/zip is damaged/);
  });

  it('with damaged bytes stops there, and nothing changes', async () => {
    const zip = await zipOf(district11());
    const start = zip.indexOf('users.csv') + 9;
    zip.fill(0xff, start, start + 60);
    const result = await desk.importZip(zip, { mode: 'strict' });
    expect(result.applied).toBe(false);
    expect(result.problems.map((problem) => problem.words).join()).toMatch(/zip is damaged/);
  });

  it.each(['nowhere', 'nowhere/roster.zip'])('that is not there is named: %s', async (path) => {
    await expect(desk.importPath(join(folder, path))).rejects.toMatchObject({
      code: 'bad-file',
      message: expect.stringContaining(path),
    });
  });
});
