import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import SqliteDatabase from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyChain } from '../../server/audit/verify.ts';
import { AuditStore } from '../../server/store/audit.ts';
import { EventChain } from '../../server/store/event-chain.ts';
import * as foundation from '../../server/store/migrations/0001-foundation.ts';
import * as webFilter from '../../server/store/migrations/0002-web-filter.ts';
import * as graceAndWaivers from '../../server/store/migrations/0003-grace-and-waivers.ts';
import * as history from '../../server/store/migrations/0004-history.ts';
import * as policy from '../../server/store/migrations/0005-policy.ts';
import { openStore } from '../../server/store/open.ts';
import { each } from '../fakes/audit-desk.ts';

const earlier = {
  ...{ '0001-foundation': foundation, '0002-web-filter': webFilter, '0003-grace-and-waivers': graceAndWaivers },
  ...{ '0004-history': history, '0005-policy': policy },
};
const writer = join(import.meta.dirname, '../fakes/event-writer.ts');
const run = promisify(execFile);

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-chain-'));
  path = join(folder, 'rollcall.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

async function verified() {
  const db = await openStore(path);
  const key = { seal: () => null, signed: () => false };
  const check = await verifyChain({ store: new AuditStore(db, new EventChain()), key, logged: each([]), given: [] });
  const rows = await db.selectFrom('event').select(['id', 'actor', 'words']).orderBy('id').execute();
  await db.destroy();
  return { check, rows };
}

describe('the log of a database', () => {
  it('is one chain without a gap when two processes write to it at once', async () => {
    await (await openStore(path)).destroy();
    await Promise.all(['one', 'two'].map((name) => run(process.execPath, [writer, path, name, '40'])));
    const { check, rows } = await verified();
    expect(check.problems).toEqual([]);
    expect(rows.map(({ id }) => id)).toEqual(Array.from({ length: 80 }, (_, n) => n + 1));
    expect(rows.filter(({ actor }) => actor === 'two')).toHaveLength(40);
  }, 60_000);

  it('is linked when the server is upgraded, in its order, and without the gaps it had', async () => {
    const sqlite = new SqliteDatabase(path);
    const old = new Kysely<unknown>({ dialect: new SqliteDialect({ database: sqlite }) });
    const migrator = new Migrator({ db: old, provider: { getMigrations: async () => earlier } });
    expect((await migrator.migrateToLatest()).error).toBeUndefined();
    const put = sqlite.prepare('insert into event (id, at, actor, code, words) values (?, ?, ?, ?, ?)');
    const ids = [1, 2, 5, 6, 7, ...Array.from({ length: 2_500 }, (_, n) => n + 100)];
    sqlite.transaction(() => {
      for (const id of ids) put.run(id, id, 'server', 'old', `row ${id}`);
    })();
    await old.destroy();
    const { check, rows } = await verified();
    expect(check).toMatchObject({ rows: ids.length, problems: [] });
    expect(rows.map(({ id }) => id)).toEqual(ids.map((_, n) => n + 1));
    expect(rows.map(({ words }) => words)).toEqual(ids.map((id) => `row ${id}`));
  });
});
