import SqliteDatabase from 'better-sqlite3';
import { Kysely, SqliteDialect, sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StatementCache } from '../../../../server/store/statement-cache.ts';

interface Tables {
  word: { id: number; text: string };
}

describe('statements that are kept', () => {
  let sqlite: SqliteDatabase.Database;
  let db: Kysely<Tables>;
  const insert = (id: number, text: string, on = db) => on.insertInto('word').values({ id, text }).execute();
  const texts = async () =>
    (await db.selectFrom('word').select('text').orderBy('id').execute()).map(({ text }) => text);

  beforeEach(async () => {
    sqlite = new SqliteDatabase(':memory:');
    db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: new StatementCache(sqlite) }) });
    await sql`create table word (id integer primary key, text text not null)`.execute(db);
    for (const [id, text] of ['a', 'b', 'c'].entries()) await insert(id, text);
  });
  afterEach(() => db.destroy());

  it('are prepared once however often they run', async () => {
    const prepare = vi.spyOn(sqlite, 'prepare');
    expect([await texts(), await texts(), await texts()]).toEqual(Array(3).fill(['a', 'b', 'c']));
    expect(prepare).toHaveBeenCalledTimes(1);
  });

  it('are their own for each that is walked through, so that these overlap with others of the same text', () => {
    const cache = new StatementCache(sqlite);
    const text = 'select text from word order by id';
    const walk = () => cache.prepare(text).iterate([]);
    const [first, second] = [walk(), walk()];
    const word = (walked: IterableIterator<unknown>) => (walked.next().value as { text: string }).text;
    expect([word(first), word(second), word(first)]).toEqual(['a', 'a', 'b']);
    expect(cache.prepare(text).all([])).toHaveLength(3);
    expect([word(second), word(first)]).toEqual(['b', 'c']);
    first.return?.();
    second.return?.();
  });

  it('work after one that failed, and what was rolled back is gone', async () => {
    await expect(
      db.transaction().execute(async (trx) => {
        await insert(3, 'd', trx);
        await insert(3, 'again', trx);
      }),
    ).rejects.toThrow(/UNIQUE/);
    await insert(3, 'e');
    expect(await texts()).toEqual(['a', 'b', 'c', 'e']);
  });

  it('follow a table that was changed', async () => {
    const all = () => db.selectFrom('word').selectAll().where('id', '=', 0).execute();
    expect(await all()).toEqual([{ id: 0, text: 'a' }]);
    await sql`alter table word add column tongue text`.execute(db);
    expect(await all()).toEqual([{ id: 0, text: 'a', tongue: null }]);
  });

  it('are no pragmas, which act while they are prepared', async () => {
    const level = async () => (await sql<{ synchronous: number }>`pragma synchronous`.execute(db)).rows[0]?.synchronous;
    for (const expected of [1, 2, 1, 2]) {
      await (expected === 1 ? sql`pragma synchronous = normal` : sql`pragma synchronous = full`).execute(db);
      expect(await level()).toBe(expected);
    }
  });

  it('are bounded: what was longest unused is prepared again, what is used is not', () => {
    const cache = new StatementCache(sqlite);
    const prepare = vi.spyOn(sqlite, 'prepare');
    cache.prepare('select 0');
    for (let number = 1; number <= 600; number++) {
      cache.prepare(`select ${number}`);
      cache.prepare('select 0');
    }
    expect(prepare).toHaveBeenCalledTimes(601);
    cache.prepare('select 1');
    expect(prepare).toHaveBeenCalledTimes(602);
  });

  it('are no long lists', () => {
    const cache = new StatementCache(sqlite);
    const prepare = vi.spyOn(sqlite, 'prepare');
    const long = `select * from word where id in (${Array(2_500).fill('?').join(',')})`;
    cache.prepare(long);
    cache.prepare(long);
    expect(prepare).toHaveBeenCalledTimes(2);
  });

  it('tell what is wrong with a text, each time', () => {
    const cache = new StatementCache(sqlite);
    for (let time = 0; time < 2; time++) expect(() => cache.prepare('selec 1')).toThrow(/syntax error/);
  });
});
