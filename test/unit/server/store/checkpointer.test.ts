import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Checkpointer } from '../../../../server/store/checkpointer.ts';

/** Bytes of a page in the log (https://sqlite.org/fileformat2.html#walformat). */
const frame = 4096 + 24;
const pagesDue = 50;

describe('the log of a database', () => {
  let folder: string;
  let path: string;
  let db: SqliteDatabase.Database;
  let checkpointer: Checkpointer;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rollcall-checkpoint-'));
    path = join(folder, 'store.db');
    db = new SqliteDatabase(path);
    db.pragma('journal_mode = WAL');
    db.exec('create table word (id integer primary key, text text not null)');
    checkpointer = new Checkpointer(path, db, pagesDue);
  });
  afterEach(async () => {
    await checkpointer.stop();
    if (db.open) db.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const state = () => (db.pragma('wal_checkpoint(noop)') as { log: number; checkpointed: number }[])[0];
  const isWrittenBack = () => state()?.log === state()?.checkpointed;
  /** What comes while the thread is at work waits for the commit after that. */
  const writtenBack = () =>
    until(() => {
      checkpointer.afterCommit();
      return isWrittenBack();
    });
  const count = (from = db) => from.prepare('select count(*) from word').pluck().get();
  function commit(pages = pagesDue): void {
    db.prepare('insert into word (text) values (?)').run('x'.repeat(4096 * pages));
    checkpointer.afterCommit();
  }

  it('is written back aside and begins anew, so that it stays short', async () => {
    for (let round = 0; round < 20; round++) {
      commit();
      await writtenBack();
    }
    expect(statSync(`${path}-wal`).size).toBeLessThan(4 * pagesDue * frame);
    expect(count()).toBe(20);
  });

  it('waits for somebody who still reads what was before, and is written back after that', async () => {
    commit();
    await writtenBack();
    const reader = new SqliteDatabase(path, { readonly: true });
    reader.exec('begin');
    expect(count(reader)).toBe(1);
    for (let round = 0; round < 5; round++) commit();
    expect([count(), count(reader), isWrittenBack()]).toEqual([6, 1, false]);
    reader.exec('commit');
    reader.close();
    await writtenBack();
    commit();
    expect(state()?.log).toBeLessThan(3 * pagesDue);
  });

  it('is left alone while little waits in it', () => {
    commit(1);
    expect(state()).toMatchObject({ checkpointed: 0 });
  });

  it('leaves nothing open when it is stopped, also in the middle of its work', async () => {
    for (let round = 0; round < 10; round++) commit();
    await checkpointer.stop();
    await checkpointer.stop();
    commit();
    db.close();
    // The last connection takes the log away: nobody else had one.
    expect([existsSync(`${path}-wal`), existsSync(`${path}-shm`)]).toEqual([false, false]);
    const again = new SqliteDatabase(path);
    expect(count(again)).toBe(11);
    again.close();
  });

  it('is written back by SQLite itself where the thread cannot be had', async () => {
    checkpointer = new Checkpointer(join(folder, 'elsewhere.db'), db, pagesDue);
    commit();
    await until(() => {
      commit(1_000);
      return (state()?.checkpointed ?? 0) > 0;
    });
    await checkpointer.stop();
    expect(statSync(`${path}-wal`).size).toBeLessThan(20_000 * frame);
  });
});

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}
