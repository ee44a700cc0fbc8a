import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../../server/store/open.ts';
import { type WaiverRecord, WaiverStore } from '../../server/store/waivers.ts';

const waiver = (id: string, change: Partial<WaiverRecord> = {}): WaiverRecord => ({
  ...{ id, check: 'disk-encrypted', target: { kind: 'device', id: 'd' }, reason: 'why', by: 'staff:Kim' },
  ...{ from: 100, until: 200, endedAt: null },
  ...change,
});

describe.each(['in memory', 'in a file'])('the stores of grace and waivers %s', (where) => {
  let folder: string;
  let db: Awaited<ReturnType<typeof openStore>>;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rollcall-waivers-'));
    db = await openStore(where === 'in memory' ? ':memory:' : join(folder, 'store.db'));
  });
  afterEach(async () => {
    await db.destroy();
    await rm(folder, { recursive: true });
  });

  it('give a waiver back as it was put in', async () => {
    const store = new WaiverStore(db);
    const every = waiver('w', { check: null, target: { kind: 'person', id: 'p' } });
    await store.insert(every);
    expect(await store.find('w')).toEqual(every);
    expect(await store.find('x')).toBeUndefined();
  });

  it('tell those in force from those that are over, page by page', async () => {
    const store = new WaiverStore(db);
    for (const id of ['a', 'b', 'c']) await store.insert(waiver(id));
    await store.insert(waiver('old', { from: 50, until: 99 }));
    await store.insert(waiver('ended', { endedAt: 120 }));
    expect((await store.inForce(150)).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    const first = await store.page({ limit: 2, inForce: { at: 150, is: true } });
    expect([first.total, ...first.items.map(({ id }) => id)]).toEqual([3, 'c', 'b']);
    const next = await store.page({ limit: 2, inForce: { at: 150, is: true }, cursor: first.nextCursor ?? '' });
    expect([next.nextCursor, ...next.items.map(({ id }) => id)]).toEqual([null, 'a']);
    const over = await store.page({ inForce: { at: 150, is: false } });
    expect(over.items.map(({ id }) => id)).toEqual(['ended', 'old']);
    expect((await store.page({})).total).toBe(5);
  });

  it('end one once, and what is overdue at its own time', async () => {
    const store = new WaiverStore(db);
    for (const id of ['a', 'b']) await store.insert(waiver(id));
    expect([await store.end('a', 150), await store.end('a', 160), await store.end('b', 200)]).toEqual([
      true,
      false,
      false,
    ]);
    expect((await store.endOverdue(250)).map(({ id, endedAt }) => [id, endedAt])).toEqual([['b', 200]]);
    expect(await store.endOverdue(250)).toEqual([]);
  });

  it('are found by whom they are for, however long they are over', async () => {
    const store = new WaiverStore(db);
    for (const id of ['a', 'b']) await store.insert(waiver(id));
    expect(await store.everOf(['none'])).toEqual([]);
    const { target } = waiver('a');
    await store.endOverdue(10_000_000_000_000);
    expect((await store.everOf([target.id])).map(({ id }) => id)).toEqual(['a', 'b']);
  });
});
