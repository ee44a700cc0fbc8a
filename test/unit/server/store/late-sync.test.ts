import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
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

  async function failed(name: string): Promise<void> {
    const saving = expect(save(name)).rejects.toMatchObject({ code: 'SQLITE_IOERR_FSYNC' });
    await until(() => asked.length === 1);
    asked[0]?.reject(new Error('EIO'));
    await saving;
  }
  const patience = async () => (await sql<{ timeout: number }>`pragma busy_timeout`.execute(db)).rows[0]?.timeout;
  const log = async () => (await sql<{ log: number }>`pragma wal_checkpoint(noop)`.execute(db)).rows[0]?.log ?? -1;

  it('is not through when the disk fails; before the next, all of the log goes into the database', async () => {
    await failed('test-4');
    const before = await log();
    const saving = save('test-5');
    await until(() => asked.length === 2);
    expect(await log()).toBeLessThan(before);
    asked[1]?.resolve();
    expect([await saving, await saved()]).toEqual(['test-5', ['test-4', 'test-5']]);
  });

  it('is refused while the log cannot go into the database, and waits for nobody', async () => {
    await failed('test-6');
    const reader = new SqliteDatabase(join(folder, 'store.db'), { readonly: true });
    reader.exec('begin; select * from setting');
    // SQLite would have been patient for so long with the reader, and the loop with it.
    await sql`pragma busy_timeout = 600000`.execute(db);
    await expect(save('test-7')).rejects.toMatchObject({ code: 'SQLITE_IOERR_FSYNC' });
    expect(await patience()).toBe(600_000);
    reader.close();
    const saving = save('test-8');
    await until(() => asked.length === 2);
    asked[1]?.resolve();
    expect([await saving, await saved()]).toEqual(['test-8', ['test-6', 'test-8']]);
  });

  it('is settled for others when the disk has it, and not while the log can go nowhere', async () => {
    await late.settled();
    let isSettled = false;
    const saving = save('test-9');
    await until(() => asked.length === 1);
    const settling = late.settled().then(() => {
      isSettled = true;
    });
    expect([await saved(), isSettled]).toEqual([['test-9'], false]);
    asked[0]?.resolve();
    await Promise.all([saving, settling]);
    asked.length = 0;
    await failed('test-10');
    const before = await log();
    await Promise.all([late.settled(), late.settled()]);
    expect(await log()).toBeLessThan(before);
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
