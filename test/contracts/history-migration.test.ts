import Database from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { expect, it } from 'vitest';
import * as foundation from '../../server/store/migrations/0001-foundation.ts';
import * as webFilter from '../../server/store/migrations/0002-web-filter.ts';
import * as graceAndWaivers from '../../server/store/migrations/0003-grace-and-waivers.ts';
import * as history from '../../server/store/migrations/0004-history.ts';

it('keeps since when checks fail, as intervals in the custody and unit of now, and counts them', async () => {
  const sqlite = new Database(':memory:');
  const db = new Kysely<never>({ dialect: new SqliteDialect({ database: sqlite }) });
  for (const migration of [foundation, webFilter, graceAndWaivers]) await migration.up(db as never);
  sqlite.pragma('foreign_keys = off');
  const put = (table: string, row: Record<string, unknown>) => {
    const columns = Object.keys(row);
    const marks = columns.map(() => '?').join();
    sqlite.prepare(`insert into ${table} (${columns.join()}) values (${marks})`).run(Object.values(row));
  };
  const names = { sourced_id: 's', given_name: 'Ada', family_name: 'B', username: 'ada', role: 'student' };
  put('person', { id: 'p', ...names, org_id: 'maple', active: 1, updated_at: 0 });
  put('custody', { id: 'c', device_id: 'd', person_id: 'p', kind: 'primary', starts_at: 500, by_actor: 'x' });
  put('check_failure', { device_id: 'd', check_name: 'firewall-on', since: 100 });
  put('check_failure', { device_id: 'e', check_name: 'firewall-on', since: 200 });
  const verdict = { subject_kind: 'person', subject_id: 'p', state: 'compliant', reasons: '[]' };
  put('verdict', { ...verdict, from_at: 1_000, to_at: 4_000 });
  await history.up(db as never);
  const rows = sqlite.prepare('select * from check_interval order by device_id').all();
  const open = { check_name: 'firewall-on', status: 'fail', to_at: null };
  expect(rows).toMatchObject([
    { ...open, device_id: 'd', from_at: 100, failure_from: 100, failing_since: 500, custody_id: 'c', org_id: 'maple' },
    { ...open, device_id: 'e', from_at: 200, failure_from: 200, failing_since: 200, custody_id: null, org_id: '' },
  ]);
  const sums = sqlite.prepare('select org_id, state, change, moment from compliance_change order by state, org_id');
  expect(sums.all()).toEqual([
    { org_id: 'maple', state: 'compliant', change: 0, moment: -3_000 },
    { org_id: '', state: 'fail', change: 1, moment: 0 },
    { org_id: 'maple', state: 'fail', change: 1, moment: 0 },
  ]);
  await db.destroy();
});
