import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as foundation from '../../server/store/migrations/0001-foundation.ts';
import * as webFilter from '../../server/store/migrations/0002-web-filter.ts';
import * as graceAndWaivers from '../../server/store/migrations/0003-grace-and-waivers.ts';
import * as history from '../../server/store/migrations/0004-history.ts';
import type { ProfileSettings } from '../../shared/profile/registry.ts';
import { openPolicyDistrict, type PolicyDistrict } from '../fakes/policy-district.ts';

const earlier = {
  '0001-foundation': foundation,
  '0002-web-filter': webFilter,
  '0003-grace-and-waivers': graceAndWaivers,
  '0004-history': history,
};

let folder: string;
let district: PolicyDistrict | undefined;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-upgrade-'));
  await fillEarlier(join(folder, 'rollcall.db'));
});
afterEach(async () => {
  await district?.close();
  district = undefined;
  rmSync(folder, { recursive: true });
});

/** A database as the version before groups and rollouts left it: scopes are plain keys of selectors. */
async function fillEarlier(path: string): Promise<void> {
  const sqlite = new SqliteDatabase(path);
  const db = new Kysely<unknown>({ dialect: new SqliteDialect({ database: sqlite }) });
  const migrator = new Migrator({ db, provider: { getMigrations: async () => earlier } });
  expect((await migrator.migrateToLatest()).error).toBeUndefined();
  const put = (table: string, row: Record<string, unknown>) => {
    const columns = Object.keys(row);
    const marks = columns.map(() => '?').join();
    sqlite.prepare(`insert into ${table} (${columns.join()}) values (${marks})`).run(Object.values(row));
  };
  const org = { type: 'school', identifier: null, active: 1 };
  put('org', { id: 'district', sourced_id: 'district', name: 'District', parent_id: null, ...org });
  put('org', { id: 'maple', sourced_id: 'maple', name: 'Maple', parent_id: 'district', ...org });
  const person = { given_name: 'A', family_name: 'B', email: null, active: 1, updated_at: 0 };
  for (const [id, role, grade, org_id] of [
    ['known', 'student', '06', 'maple'],
    ['short', 'student', null, null],
  ])
    put('person', { ...person, id, sourced_id: id, username: id, role, grade, org_id });
  put('desired_state', {
    ...{ generation: 7, content_hash: 'earlier', manifest: '{"sections":{}}', signature: 's' },
    ...{ key_id: 'key-1', created_at: 0 },
  });
  for (const [id, custodian, scope] of [
    ['of-known', 'known', ['everyone', 'grade:06', 'org:district', 'org:maple', 'role:student']],
    ['of-short', 'short', ['everyone', 'grade:06', 'org:district', 'org:maple', 'role:student']],
    ['in-cupboard', null, ['everyone', 'grade:06', 'org:district', 'org:maple', 'role:student']],
    ['never-used', null, ['everyone']],
  ] as const) {
    put('device', {
      ...{ id, name: id, serial: null, maker: null, model: null, hardware_id: id, platform: 'linux' },
      ...{ os_name: 'Debian', os_version: '12', agent_version: '1.0.0', status: 'active', simulated: 0 },
      ...{ token_id: null, enrolled_at: 0, last_seen_at: 0, spool_epoch: null, spool_sequence: 0 },
    });
    if (custodian)
      put('custody', {
        ...{ id: `c-${id}`, device_id: id, person_id: custodian, kind: 'primary', starts_at: 0, by_actor: 'test' },
      });
    put('device_desired', {
      ...{ device_id: id, generation: 7, content_hash: 'earlier', scope: JSON.stringify(scope), since: 0 },
    });
  }
  const profile = (id: string, to: object, priority: number, settings: ProfileSettings) => {
    const [assignments, shown] = [JSON.stringify([{ to, priority }]), JSON.stringify(settings)];
    put('profile', {
      ...{ id, name: id, description: '', draft: null, version: 1, published_revision: 1, created_at: 0 },
    });
    put('profile_revision', {
      ...{ profile_id: id, number: 1, settings: shown, assignments, published_at: 0, by_actor: 'test', note: '' },
    });
  };
  profile('All', { kind: 'everyone' }, 50, { browser: { homePage: 'https://all.example/' } });
  profile('District', { kind: 'org', org: 'district' }, 200, { browser: { homePage: 'https://district.example/' } });
  profile('Maple', { kind: 'org', org: 'maple' }, 100, { browser: { homePage: 'https://maple.example/' } });
  profile('Students', { kind: 'role', role: 'student' }, 300, {
    browser: { homePage: 'https://students.example/', youtube: 'strict' },
  });
  profile('Sixth', { kind: 'grade', grade: '06' }, 100, { screenLock: { idleMinutes: 3 } });
  await db.destroy();
}

async function held(device: string): Promise<unknown> {
  const { signed } = (await district?.desired.forDevice(device)) ?? {};
  const { sections } = JSON.parse(signed?.manifest ?? '{}') as { sections: Record<string, string> };
  const contents: Record<string, unknown> = {};
  for (const [name, hash] of Object.entries(sections))
    contents[name] = JSON.parse((await district?.desired.section(hash)) ?? 'null');
  return contents;
}

async function start(): Promise<void> {
  await district?.close();
  district = await openPolicyDistrict(join(folder, 'rollcall.db'));
  await district.desired.start();
}

const students = {
  browser: { homePage: 'https://students.example/', youtube: 'strict' },
  screenLock: expect.anything(),
};

describe('a server that is upgraded', () => {
  const cases: [string, string, unknown][] = [
    [
      'goes by the nearest unit where it is known',
      'of-known',
      { ...students, browser: { homePage: 'https://maple.example/', youtube: 'strict' } },
    ],
    ['takes nothing from a device whose person the roster lost, nor lets another profile win', 'of-short', students],
    ['takes nothing from a device that nobody has', 'in-cupboard', students],
    [
      'gives nothing to a device of which nothing was ever known',
      'never-used',
      { browser: { homePage: 'https://all.example/' } },
    ],
  ];
  it.each(cases)('%s', async (_, device, settings) => {
    await start();
    expect(await held(device)).toEqual(settings);
    await start();
    expect(await held(device)).toEqual(settings);
    expect(district?.errors).toEqual([]);
  });
});
