import { createHash } from 'node:crypto';
import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pickCanary } from '../../../../server/filter/compile.ts';
import { publishProfile } from '../../../../server/store/profiles.ts';
import { CatalogueEntry } from '../../../../shared/api/schemas.ts';
import { openCompiled } from '../../../../shared/filter/compiled.ts';
import type { ProfileSettings } from '../../../../shared/profile/registry.ts';
import { validator } from '../../../../shared/schema.ts';
import { type ListDesk, openListDesk } from '../../../fakes/list-desk.ts';
import type { PolicyDistrict } from '../../../fakes/policy-district.ts';

const everyone = { kind: 'everyone' } as const;

describe('importing a list', () => {
  let desk: ListDesk;
  let folder: string;
  let district: PolicyDistrict;

  beforeEach(async () => {
    desk = await openListDesk();
    ({ district, folder } = desk);
  });
  afterEach(async () => {
    expect(district.errors).toEqual([]);
    await desk.close();
  });

  const take: ListDesk['take'] = (...given) => desk.take(...given);

  it.each([
    ['plain domains', 'casino.example\nbets.example\n', 2, 0],
    ['a hosts file', '# comment\n127.0.0.1 localhost\n0.0.0.0 casino.example\n', 1, 0],
    ['wildcards', '*.casino.example\n', 1, 0],
    ['Adblock rules', '! title\n||casino.example^\n', 1, 0],
    ['Windows line ends', 'casino.example\r\nbets.example\r\n', 2, 0],
    ['the same name twice', 'casino.example\nCASINO.example.\n', 1, 0],
    ['good rows among bad ones', 'casino.example\nnot a name at all !!\n', 1, 1],
  ])('takes %s', async (_, text, names, skipped) => {
    const { list } = await take(text);
    expect(list).toMatchObject({ category: 'gambling', names, skipped });
    const path = await desk.lists.artifactPath(list.hash);
    const artifact = await readFile(path ?? '');
    expect(createHash('sha256').update(artifact).digest('hex')).toBe(list.hash);
    expect(openCompiled(artifact).has('casino.example')).toBe(true);
  });

  it.each<[string, string | Uint8Array, RegExp]>([
    ['nothing', '', /no names/],
    ['comments only', '# one\n# two\n', /no names/],
    ['a web page', '<!DOCTYPE html><html><body>Not found</body></html>', /web page/],
    ['a compressed file', Uint8Array.from([0x1f, 0x8b, 8, 0]), /compressed/],
    ['bytes that are no text', Uint8Array.from({ length: 400 }, (_, i) => i % 7), /NUL/],
    ['sentences', 'this is not a list!\nneither is this one?\n', /no names/],
  ])('refuses %s, and the earlier list stays', async (_, wrong, words) => {
    const before = (await take('casino.example\n')).list;
    await expect(take(wrong)).rejects.toMatchObject({ code: 'bad-list', message: expect.stringMatching(words) });
    expect(await desk.lists.list()).toEqual([before]);
    expect(await readdir(join(folder, 'artifacts'))).toEqual([before.hash]);
  });

  it.each(['', 'Gambling', '../etc', 'a b', `a${'b'.repeat(63)}`])('refuses the category “%s”', async (category) => {
    await expect(take('casino.example', {}, category)).rejects.toMatchObject({ code: 'bad-list' });
  });

  it('refuses a large list of nonsense, read in a thread of its own', async () => {
    await expect(take('?? nonsense ??\n'.repeat(30_000))).rejects.toMatchObject({
      code: 'bad-list',
      message: expect.stringContaining('no names'),
      details: expect.arrayContaining([expect.stringMatching(/row 1/)]),
    });
  });

  it('compiles a large list to the same artefact whatever the order of its rows', async () => {
    const rows = Array.from({ length: 30_000 }, (_, i) => `site-${i}.example`);
    const first = await take(rows.join('\n'));
    const second = await take(rows.toReversed().join('\n'));
    expect(second.list.hash).toBe(first.list.hash);
    expect((await district.stores.lists.find('gambling'))?.canary).toBe('site-0.example');
  });

  it('keeps what was said about a list until something else is said', async () => {
    await take('casino.example', { title: 'Gambling', source: 'UT1', licence: 'CC BY-SA 4.0' });
    const { list } = await take('bets.example', { licence: 'MIT' });
    expect(list).toMatchObject({ title: 'Gambling', source: 'UT1', licence: 'MIT' });
    expect(district.said.map(({ code, subject }) => [code, subject])).toEqual([
      ['list-imported', { kind: 'list', id: 'gambling' }],
      ['list-imported', { kind: 'list', id: 'gambling' }],
    ]);
  });

  it('warns when a list shrank to less than half', async () => {
    await take('a.example\nb.example\nc.example\n');
    const { problems } = await take('a.example\n');
    expect(problems).toEqual([
      expect.objectContaining({ severity: 'warning', words: expect.stringMatching(/cut short/) }),
    ]);
  });

  it('reaches the devices that block the category, with a name to prove it by', async () => {
    await district.addDevices(['a']);
    await district.desired.start();
    await take('casino.example\nbets.example\n');
    await district.publish('p', { webFilter: { blockedCategories: ['gambling'] } }, everyone);
    const before = await district.desired.forDevice('a');
    const { list } = await take('bets.example\nother.example\n', { title: 'Gambling' });
    await district.desired.settled();
    const after = await district.desired.forDevice('a');
    expect(after.generation).toBeGreaterThan(before.generation);
    const { sections } = JSON.parse(after.signed.manifest) as { sections: { webFilter: string } };
    expect(JSON.parse((await district.desired.section(sections.webFilter)) ?? '')).toMatchObject({
      settings: { blockedCategories: ['gambling'] },
      lists: [
        { category: 'gambling', title: 'Gambling', hash: list.hash, bytes: 32, names: 2, canary: 'bets.example' },
      ],
    });
  });

  it('says how the rows are written, and keeps what the list itself takes out', async () => {
    const { list } = await take('||a.example^\n||b.example^\n@@||ok.a.example^\n@@||b.example^\n');
    expect(list).toMatchObject({ format: 'adblock', names: 1, exceptions: [], url: null, rollout: null });
    const versions = (await desk.lists.versions())('any').get('gambling');
    expect(versions).toMatchObject({ exceptions: ['ok.a.example'], canary: 'a.example' });
  });

  it('refuses a list that would block what the district cannot do without, and names it', async () => {
    await take('casino.example\n');
    desk.essentials = ['=login.school.example', '*.portal.example', 'mail.example'];
    const bad = 'school.example\nportal.example\nother.example\n';
    await expect(take(bad)).rejects.toMatchObject({
      code: 'list-blocks-essentials',
      message: expect.stringMatching(/login\.school\.example, portal\.example/),
    });
    expect((await desk.lists.list())[0]).toMatchObject({ names: 1 });
    await desk.lists.setExceptions('gambling', ['school.example', 'Portal.example.'], 'staff:Kim');
    expect((await take(bad)).list).toMatchObject({ names: 3, exceptions: ['portal.example', 'school.example'] });
  });

  it('takes names out for the devices, the canary with them', async () => {
    await take('bets.example\ncasino.example\n');
    const list = await desk.lists.setExceptions('gambling', ['bets.example'], 'staff:Kim');
    expect(list.exceptions).toEqual(['bets.example']);
    expect((await desk.lists.versions())('any').get('gambling')).toMatchObject({
      canary: null,
      exceptions: ['bets.example'],
    });
    await take('bets.example\ncasino.example\n');
    expect((await desk.lists.versions())('any').get('gambling')).toMatchObject({ canary: 'casino.example' });
  });

  it.each(['192.0.2.1', 'two words', ''])('refuses “%s” as an exception', async (name) => {
    await take('bets.example\n');
    await expect(desk.lists.setExceptions('gambling', ['a.example', name], 'staff:Kim')).rejects.toMatchObject({
      code: 'bad-list',
      message: expect.stringContaining('Nothing was changed'),
    });
    expect((await desk.lists.list())[0]?.exceptions).toEqual([]);
  });

  it.each([
    { blockedCategories: ['gambling'] },
    { lockedCategories: ['gambling'] },
    {
      schedules: [
        {
          title: 'Lessons',
          action: 'block',
          categories: ['gambling'],
          domains: [],
          when: { kind: 'always' },
          place: 'anywhere',
        },
      ],
    },
  ])('is not deleted while a published profile says %j', async (webFilter) => {
    await take('bets.example\n');
    await district.stores.profiles.insert({ id: 'p', name: 'Students', description: '', createdAt: 0 });
    const assignments = [{ to: { kind: 'everyone' } as const, priority: 100 }];
    const revision = { settings: { webFilter } as ProfileSettings, assignments, publishedAt: 0, by: 'x', note: '' };
    await district.db.transaction().execute((trx) => publishProfile(trx, 'p', revision, 1));
    await expect(desk.lists.delete('gambling', 'staff:Kim')).rejects.toMatchObject({
      code: 'list-in-use',
      details: ['Students'],
    });
    expect(await desk.lists.list()).toHaveLength(1);
  });

  it('is deleted when nobody uses it, and then nobody knows it', async () => {
    await take('bets.example\n');
    await desk.lists.delete('gambling', 'staff:Kim');
    expect(await desk.lists.list()).toEqual([]);
    await expect(desk.lists.delete('gambling', 'staff:Kim')).rejects.toMatchObject({ code: 'not-found' });
    await expect(desk.lists.refresh('gambling', 'staff:Kim')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('knows well-known lists, each with a licence, at one address and under one category', () => {
    const entries = desk.lists.catalogue();
    expect(entries.length).toBeGreaterThan(20);
    expect(new Set(entries.map(({ category }) => category)).size).toBe(entries.length);
    expect(new Set(entries.map(({ url }) => url)).size).toBe(entries.length);
    const schema = validator(CatalogueEntry);
    expect(entries.flatMap((entry) => schema.problems(entry))).toEqual([]);
    expect(entries.filter(({ url, licence }) => !url.startsWith('https://') || licence === '')).toEqual([]);
  });

  it('changes nothing on devices when the same list comes again', async () => {
    await take('casino.example\n');
    const heard = district.hear('filter-changed');
    await take('CASINO.example\n');
    expect(heard).toEqual([]);
  });

  it.each(['bets.example', '*.example', '=bets.example', 'EXAMPLE.'])(
    'names no canary that %s allows',
    async (allowed) => {
      await district.addDevices(['a']);
      await district.desired.start();
      await take('bets.example\n');
      const settings = { webFilter: { blockedCategories: ['gambling'], allowedDomains: [allowed] } };
      await district.publish('p', settings, everyone);
      const { signed } = await district.desired.forDevice('a');
      const { sections } = JSON.parse(signed.manifest) as { sections: { webFilter: string } };
      expect(await district.desired.section(sections.webFilter)).not.toContain('canary');
    },
  );

  it.each(['0'.repeat(64), '../../etc/passwd', '', 'ABC'])('has no artefact “%s”', async (hash) => {
    expect(await desk.lists.artifactPath(hash)).toBeUndefined();
  });

  it('deletes at start what nothing names and a week has passed over, and nothing else', async () => {
    const old = (await take('old.example\n')).list.hash;
    const now = (await take('new.example\n')).list.hash;
    const path = join(folder, 'artifacts');
    const young = 'f'.repeat(64);
    const part = `${'e'.repeat(64)}.x.part`;
    await writeFile(join(path, young), '');
    await writeFile(join(path, part), '');
    await writeFile(join(path, 'notes.txt'), '');
    const longAgo = new Date(district.clock.now() - 8 * 86_400_000);
    for (const name of [old, now, part, 'notes.txt']) await utimes(join(path, name), longAgo, longAgo);
    await utimes(join(path, young), new Date(district.clock.now()), new Date(district.clock.now()));
    await desk.reopen();
    expect((await readdir(path)).toSorted()).toEqual([now, young, 'notes.txt'].toSorted());
  });
});

describe('a canary', () => {
  it('is none of the names that are taken out, nor below one', () => {
    expect(pickCanary(['a.example', 'x.b.example', 'c.example'], ['a.example', 'b.example'])).toBe('c.example');
  });

  it.each<[string, string[], string | null]>([
    ['is the first name in the alphabet', ['b.example', 'a.example'], 'a.example'],
    ['is never a whole top-level domain', ['aaa', 'b.example'], 'b.example'],
    ['is missing where no name suits', ['aaa'], null],
    ['is missing for no names', [], null],
  ])('%s', (_, names, canary) => {
    expect(pickCanary(names)).toBe(canary);
  });
});
