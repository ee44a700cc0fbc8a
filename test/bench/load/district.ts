import { createHash } from 'node:crypto';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { prepareHome } from '../../../server/home.ts';
import { openStores } from '../../../server/store/stores.ts';
import type { Scope } from '../scope.ts';
import type { Credential, Credentials } from './credentials.ts';

const pupilsOfASchool = 600;
/** One in twelve teaches. */
const teacherEach = 12;
const grades = 12;
const enrolledAt = 1_760_000_000_000;

export const hardwareIdOf = (deviceId: string) => createHash('sha256').update(deviceId).digest('hex');
export const nameOf = (index: number) => `LT-${String(index).padStart(6, '0')}`;
/** As its agent says and its row has it, so that a device that returns has nothing new. */
export const described = { osName: 'Debian', osVersion: '13', agentVersion: '0.1.0', maker: 'Some', model: 'Book 3' };

/**
 * A server's home that lasts as long as the scope: the authority of the credentials, and a district in which each of
 * so many active devices is held by a person of one of its schools.
 */
export async function districtHome(scope: Scope, credentials: Credentials, count: number): Promise<string> {
  const home = scope.folder('server');
  prepareHome(home);
  cpSync(join(credentials.folder, 'pki'), join(home, 'pki'), { recursive: true });
  const path = join(home, 'rollcall.db');
  await (await openStores(path)).close();
  const db = new Database(path);
  db.pragma('synchronous = OFF');
  db.transaction(() => fill(db, credentials.read(0, count), count))();
  db.close();
  return home;
}

type Row = Record<string, string | number | null>;

/** By SQL alone: the stores enrol one device in a transaction, which is right and takes a hundred times as long. */
function fill(db: Database.Database, devices: Iterable<[number, Credential]>, count: number): void {
  const insert = inserter(db);
  const schools = Math.max(1, Math.round(count / pupilsOfASchool));
  insert('org', orgRow('district', null));
  for (let school = 0; school < schools; school++) insert('org', orgRow(`school-${school}`, 'district'));
  for (const [index, credential] of devices) {
    const school = `school-${index % schools}`;
    const role = index % teacherEach === 0 ? 'teacher' : 'student';
    const ids = { person_id: `person-${index}`, device_id: credential.deviceId };
    insert('person', personRow(index, role, school));
    insert('person_org', { person_id: ids.person_id, org_id: school, role, is_primary: 1 });
    insert('device', deviceRow(index, credential));
    insert('certificate', certificateRow(credential));
    const held = { kind: 'primary', starts_at: enrolledAt, by_actor: 'bench' };
    insert('custody', { id: `custody-${index}`, ...ids, ...held });
  }
}

/** Prepares each statement once. */
function inserter(db: Database.Database): (table: string, row: Row) => void {
  const prepared = new Map<string, Database.Statement>();
  return (table, row) => {
    const columns = Object.keys(row);
    const sql = `insert into ${table} (${columns.join()}) values (${columns.map((column) => `@${column}`).join()})`;
    const statement = prepared.get(table) ?? db.prepare(sql);
    prepared.set(table, statement);
    statement.run(row);
  };
}

function orgRow(id: string, parent: string | null): Row {
  return { id, sourced_id: id, name: id, type: parent ? 'school' : 'district', parent_id: parent, active: 1 };
}

function personRow(index: number, role: string, school: string): Row {
  const id = `person-${index}`;
  return {
    ...{ id, sourced_id: id, role, given_name: `Given ${index}`, family_name: `Family ${(index * 7919) % 10_007}` },
    ...{ username: id, email: `${id}@example.org`, org_id: school, grade: index % grades, active: 1 },
    updated_at: enrolledAt,
  };
}

function deviceRow(index: number, { deviceId: id }: Credential): Row {
  const { osName: os_name, osVersion: os_version, agentVersion: agent_version, maker, model } = described;
  return {
    ...{ id, name: nameOf(index), serial: `SN-${index}`, maker, model, hardware_id: hardwareIdOf(id) },
    ...{ platform: 'linux', os_name, os_version, agent_version, status: 'active', simulated: 0 },
    ...{ enrolled_at: enrolledAt, spool_sequence: 0 },
  };
}

function certificateRow({ deviceId: device_id, serial, fingerprint, keyHash, notBefore, notAfter }: Credential): Row {
  return {
    ...{ serial, device_id, fingerprint, key_hash: keyHash, status: 'active' },
    ...{ not_before: notBefore, not_after: notAfter, issued_at: enrolledAt },
  };
}
