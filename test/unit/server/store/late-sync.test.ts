import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Kysely, sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LateSync } from '../../../../server/store/late-sync.ts';
import { openStore } from '../../../../server/store/open.ts';
import type { Database } from '../../../../server/store/schema.ts';

describe('a transaction that waits for the disk aside', () => {
  let folder: string;
  let db: Kysely<Database>;
  let late: LateSync;
  /** What the disk is asked, to be answered by the test. */
  const asked: { resolve(): void; reject(error: Error): void }[] = [];
  const disk = {
    datasync: () => new Promise<void>((resolve, reject) => asked.push({ resolve, reject })),
    close: async () => undefined,
  };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rollcall-late-'));
    db = await openStore(join(folder, 'store.db'));
    late = new LateSync(db, disk);
    asked.length = 0;
  });
  afterEach(async () => {
    await db.destroy();
    rmSync(folder, { recursive: true, force: true });
  });

  const save = (name: string, how = late) =>
    how.run(async (trx) => {
      await trx.insertInto('setting').values({ name, value: '' }).execute();
      return name;
    });
  const saved = async () => {
    const rows = await db
      .selectFrom('setting')
      .select('name')
      .where('name', 'like', 'test-%')
      .orderBy('name')
      .execute();
    return rows.map(({ name }) => name);
  };
  const isFull = async () =>
    (await sql<{ synchronous: number }>`pragma synchronous`.execute(db)).rows[0]?.synchronous === 2;

  it('is through when the disk is, while others read and write', async () => {
    let isThrough = false;
    const saving = save('test-1').then((name) => {
      isThrough = true;
      return name;
    });
    await until(() => asked.length === 1);
    await db.insertInto('setting').values({ name: 'test-2', value: '' }).execute();
    expect([await saved(), isThrough, await isFull()]).toEqual([['test-1', 'test-2'], false, true]);
    asked[0]?.resolve();
    expect(await saving).toBe('test-1');
  });

  it('that fails leaves nothing behind, and other commits as durable as before', async () => {
    await expect(
      late.run(async (trx) => {
        await trx.insertInto('setting').values({ name: 'test-3', value: '' }).execute();
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect([await saved(), await isFull(), asked.length]).toEqual([[], true, 0]);
  });

  it('is not through when the disk fails, and none is after that', async () => {
    const saving = expect(save('test-4')).rejects.toThrow(/restart the server/);
    await until(() => asked.length === 1);
    asked[0]?.reject(new Error('EIO'));
    await saving;
    await expect(save('test-5')).rejects.toThrow(/restart the server/);
    expect([await saved(), asked.length]).toEqual([['test-4'], 1]);
  });

  it('is taken by the disk it lies on', async () => {
    const real = await LateSync.open(db, join(folder, 'store.db'));
    expect(await save('test-6', real)).toBe('test-6');
    await real.close();
    await expect(save('test-7', real)).rejects.toThrow();
  });
});

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}
