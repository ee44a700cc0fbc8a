import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GroupStore, publishGroup } from '../../server/store/groups.ts';
import { openStore } from '../../server/store/open.ts';
import { setPublished } from '../../server/store/publishable.ts';
import type { GroupContent } from '../../shared/policy/group.ts';

const fifth: GroupContent = { kind: 'rule', selector: { kind: 'grade', grade: '05' } };
const sixth: GroupContent = { kind: 'rule', selector: { kind: 'grade', grade: '06' } };
const pilot: GroupContent = { kind: 'list', people: ['ada'], devices: ['S1'] };
const said = { publishedAt: 5, by: 'staff:Kim', note: 'n' };

describe.each(['memory', 'file'])('the store of groups in %s', (kind) => {
  let folder: string;
  let db: Awaited<ReturnType<typeof openStore>>;
  let groups: GroupStore;

  const publish = (content: GroupContent, frozenAt: number) =>
    db.transaction().execute((trx) => publishGroup(trx, 'g', { content, ...said }, frozenAt));

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rollcall-groups-'));
    db = await openStore(kind === 'memory' ? ':memory:' : join(folder, 'store.db'));
    groups = new GroupStore(db);
    await groups.insert({ id: 'g', name: 'Pilot', description: 'First', draft: fifth, createdAt: 1 });
  });
  afterEach(async () => {
    await db.destroy();
    await rm(folder, { recursive: true });
  });

  it('finds a group by id and by name, with a draft that reaches nobody', async () => {
    const made = { id: 'g', name: 'Pilot', description: 'First', draft: fifth, version: 1, published: null };
    expect(await groups.find('g')).toEqual(made);
    expect(await groups.findByName('Pilot')).toEqual(made);
    expect(await groups.findByName('pilot')).toBeUndefined();
    expect(await groups.published()).toEqual(new Map());
  });

  it('refuses a name that is taken', async () => {
    const again = groups.insert({ id: 'h', name: 'Pilot', description: '', draft: sixth, createdAt: 2 });
    await expect(again).rejects.toMatchObject({ code: 'conflict' });
    expect(await groups.list()).toHaveLength(1);
  });

  it('refuses to write over what somebody else has saved since, and loses nothing', async () => {
    await groups.saveDraft('g', sixth, 1);
    await expect(groups.saveDraft('g', pilot, 1)).rejects.toMatchObject({ code: 'changed-meanwhile' });
    await expect(groups.saveDraft('g', null, 1)).rejects.toMatchObject({ code: 'changed-meanwhile' });
    await expect(groups.setDescription('g', 'x', 1)).rejects.toMatchObject({ code: 'changed-meanwhile' });
    await expect(groups.saveDraft('h', pilot, 1)).rejects.toMatchObject({ code: 'not-found' });
    expect(await groups.find('g')).toMatchObject({ draft: sixth, version: 2, description: 'First' });
  });

  it('throws a draft away and changes a description', async () => {
    await groups.saveDraft('g', null, 1);
    await groups.setDescription('g', 'Second', 2);
    expect(await groups.find('g')).toMatchObject({ draft: null, description: 'Second', version: 3 });
  });

  it('publishes in a transaction of the caller’s, each revision with its number', async () => {
    expect(await publish(fifth, 1)).toBe(1);
    expect(await groups.find('g')).toMatchObject({
      draft: null,
      version: 2,
      published: { number: 1, content: fifth, ...said },
    });
    expect(await groups.published()).toEqual(new Map([['Pilot', { ...fifth, id: 'g', revision: 1 }]]));
    expect(await publish(pilot, 2)).toBe(2);
    expect((await groups.revisions('g')).map(({ number, content }) => [number, content])).toEqual([
      [2, pilot],
      [1, fifth],
    ]);
    expect(await groups.contents('g', 1)).toMatchObject(fifth);
    expect(await groups.contents('g', 3)).toBeUndefined();
  });

  it('keeps the draft that somebody saved after the content was frozen', async () => {
    await groups.saveDraft('g', sixth, 1);
    await publish(fifth, 1);
    expect(await groups.find('g')).toMatchObject({ draft: sixth, published: { number: 1, content: fifth } });
  });

  it('publishes nothing when the transaction fails, and takes the number again', async () => {
    const failed = db.transaction().execute(async (trx) => {
      await publishGroup(trx, 'g', { content: pilot, ...said }, 1);
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    expect(await groups.published()).toEqual(new Map());
    expect(await publish(fifth, 1)).toBe(1);
    expect(await groups.contents('g', 1)).toMatchObject(fifth);
  });

  it('goes back to an earlier revision, and to none', async () => {
    await publish(fifth, 1);
    await publish(sixth, 2);
    await db.transaction().execute((trx) => setPublished(trx, { kind: 'group', id: 'g' }, 1));
    expect((await groups.published()).get('Pilot')).toMatchObject({ ...fifth, revision: 1 });
    await db.transaction().execute((trx) => setPublished(trx, { kind: 'group', id: 'g' }, null));
    expect(await groups.published()).toEqual(new Map());
    expect(await publish(pilot, 1)).toBe(3);
  });

  it('hands out one value for a published revision, so that a long list is indexed once', async () => {
    await publish(pilot, 1);
    expect((await groups.published()).get('Pilot')).toBe((await groups.published()).get('Pilot'));
  });

  it('deletes a group with its revisions', async () => {
    await publish(pilot, 1);
    await groups.delete('g');
    expect(await groups.find('g')).toBeUndefined();
    expect(await groups.revisions('g')).toEqual([]);
    expect(await groups.contents('g', 1)).toBeUndefined();
  });
});
