import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fromBufferPromise } from 'yauzl';
import { ExportService } from '../../server/exports/export-service.ts';
import type { NewEvent } from '../../server/services.ts';
import { DevicesView } from '../../server/store/views/devices.ts';
import { PeopleView } from '../../server/store/views/people.ts';
import { addCheck, addCustody, addUnit, addVerdict } from '../fakes/compliance-rows.ts';
import { openHistoryDesk } from '../fakes/history-desk.ts';
import { addDevice, addPerson } from '../fakes/rows.ts';

const day = 86_400_000;
const start = Date.UTC(2026, 8, 1);
const now = start + 30 * day;
const iso = (at: number) => new Date(at).toISOString();
const actor = 'staff:Ada Byrne';
const secretNames = ['Zoë', 'Quist', 'lap-zoe', 'Bertil', 'src-zoe'];

let desk: Awaited<ReturnType<typeof openHistoryDesk>>;
let exports: ExportService;
let said: NewEvent[];

beforeEach(async () => {
  desk = await openHistoryDesk(now);
  said = [];
  const { db, clock, history, stores } = desk;
  const presence = { isConnected: () => false, connectedIds: () => [] };
  exports = new ExportService({
    ...{ history, clock, district: 'Maple County' },
    events: { add: async (event) => void said.push(event) },
    views: { people: new PeopleView(db), devices: new DevicesView(db, presence), compliance: stores.history },
  });
  await addUnit(db, 'oak');
  await addUnit(db, 'elm');
  await addPerson(db, 'zoe', { given_name: 'Zoë', family_name: 'Quist', org_id: 'oak', sourced_id: 'src-zoe' });
  await addPerson(db, 'ber', { given_name: '=Bertil', family_name: 'Ek', org_id: 'elm' });
  await addDevice(db, 'd1', { name: 'lap-zoe' });
  const custody = await addCustody(db, ['d1', 'zoe'], [start, null]);
  const off = { org: 'oak', custody, reasons: ['Firewall: off'] };
  await addCheck(db, ['d1', 'firewall-on'], 'pass', [start, start + 10 * day], { org: 'oak', custody });
  await addCheck(db, ['d1', 'firewall-on'], 'fail', [start + 10 * day, null], { org: 'oak', custody, seen: 'off' });
  await addVerdict(db, ['device', 'd1'], 'compliant', [start, start + 10 * day], { org: 'oak', custody });
  await addVerdict(db, ['device', 'd1'], 'noncompliant', [start + 10 * day, null], off);
  await addVerdict(db, ['person', 'zoe'], 'compliant', [start, start + 10 * day], { org: 'oak' });
  await addVerdict(db, ['person', 'zoe'], 'noncompliant', [start + 10 * day, null], off);
});
afterEach(async () => {
  await desk.close();
});

const rowsOf = (bytes: Uint8Array) =>
  parse(Buffer.from(bytes), { bom: true, columns: true }) as Record<string, string>[];

async function unzipped(bytes: Uint8Array): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  const zip = await fromBufferPromise(Buffer.from(bytes));
  for await (const entry of zip.eachEntry())
    files.set(entry.fileName, await buffer(await zip.openReadStreamPromise(entry)));
  return files;
}

describe('an export of people, devices and checks', () => {
  it('holds everybody as they stand now, without formulas, and is on record', async () => {
    const file = await exports.compliance({ what: 'people', format: 'csv' }, actor);
    expect(file).toMatchObject({ name: 'compliance-people-2026-10-01.csv', type: 'text/csv; charset=utf-8' });
    const rows = rowsOf(file.bytes);
    expect(rows.map((row) => [row.Name, row.Verdict, row.Reasons])).toEqual([
      ["'=Bertil Ek", 'unknown', 'Has no device.'],
      ['Zoë Quist', 'noncompliant', 'Firewall: off'],
    ]);
    expect(said).toEqual([
      expect.objectContaining({ actor, code: 'compliance-exported', words: expect.stringMatching(/2 people .*CSV/) }),
    ]);
  });

  it('holds them as they stood at an instant, of a unit, of a verdict', async () => {
    const at = iso(start + 5 * day);
    const devices = rowsOf((await exports.compliance({ what: 'devices', format: 'csv', at }, actor)).bytes);
    expect(devices).toMatchObject([
      { Device: 'lap-zoe', Verdict: 'compliant', 'Held by': 'Zoë Quist', Unit: 'School oak' },
    ]);
    const asked = { what: 'people', format: 'csv', at, org: 'oak', verdict: 'noncompliant' } as const;
    expect(rowsOf((await exports.compliance(asked, actor)).bytes)).toEqual([]);
    expect(said.at(-1)?.words).toContain('of unit oak with the verdict noncompliant');
  });

  it('counts checks by unit', async () => {
    const rows = rowsOf((await exports.compliance({ what: 'checks', format: 'csv' }, actor)).bytes);
    expect(rows).toMatchObject([
      { Unit: 'School oak', Check: 'firewall-on', Fail: '1', Pass: '0', 'Share that passes': '0.000' },
    ]);
  });

  it('goes on over many slices and loses nobody', async () => {
    for (let n = 0; n < 2_100; n++) await addPerson(desk.db, `p${n}`);
    const rows = rowsOf((await exports.compliance({ what: 'people', format: 'csv' }, actor)).bytes);
    expect(new Set(rows.map((row) => row.Username)).size).toBe(2_102);
    const refused = exports.compliance({ what: 'people', format: 'pdf' }, actor);
    await expect(refused).rejects.toMatchObject({ code: 'too-large', message: expect.stringMatching(/2102.*CSV/) });
    expect(said).toHaveLength(1);
  });

  it('is a PDF where one is asked for', async () => {
    const file = await exports.compliance({ what: 'people', format: 'pdf' }, actor);
    expect(file.type).toBe('application/pdf');
    expect(Buffer.from(file.bytes.subarray(0, 5)).toString()).toBe('%PDF-');
  });

  it.each<[string, Parameters<ExportService['compliance']>[0], string]>([
    ['a unit there is not', { what: 'people', format: 'csv', org: 'ash' }, 'not-found'],
    ['a verdict of checks', { what: 'checks', format: 'csv', verdict: 'silent' }, 'bad-request'],
    ['an instant in the future', { what: 'devices', format: 'csv', at: iso(now + 1) }, 'bad-request'],
  ])('refuses %s, and nothing is on record', async (_, asked, code) => {
    await expect(exports.compliance(asked, actor)).rejects.toMatchObject({ code });
    expect(said).toEqual([]);
  });
});

describe('the export of one person', () => {
  it('tells verdicts, custody, checks and marks in one order, newest first', async () => {
    const file = await exports.personHistory('zoe', { format: 'csv', from: iso(start) }, actor);
    const rows = rowsOf(file.bytes);
    expect(rows.filter((row) => row.Kind === 'verdict of the person').map((row) => [row.State, row.Why])).toEqual([
      ['noncompliant', 'Firewall: off'],
      ['compliant', ''],
    ]);
    expect(rows.find((row) => row.Kind === 'Firewall' && row.State === 'fail')).toMatchObject({
      Of: 'lap-zoe',
      Why: 'off',
    });
    expect(rows.find((row) => row.Kind === 'custody')).toMatchObject({ Of: 'lap-zoe', From: iso(start), To: '' });
    expect(said).toMatchObject([{ actor, code: 'compliance-exported', subject: { kind: 'person', id: 'zoe' } }]);
    expect(file.name).not.toMatch(/zoe|quist/i);
  });

  it('is a PDF where one is asked for, and refuses a person there is not', async () => {
    const file = await exports.personHistory('zoe', { format: 'pdf' }, actor);
    expect(Buffer.from(file.bytes.subarray(0, 5)).toString()).toBe('%PDF-');
    await expect(exports.personHistory('nobody', { format: 'pdf' }, actor)).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});

describe('the evidence pack', () => {
  const at = iso(start + 20 * day);

  beforeEach(async () => {
    const { db } = desk;
    const policy = {
      graceDays: 3,
      checks: [
        {
          check: 'disk-space',
          counts: true,
          graceDays: null,
          severity: null,
          binds: [{ kind: 'person', person: 'src-zoe' }],
        },
      ],
    };
    const revision = { content: JSON.stringify(policy), by_actor: actor };
    await db
      .insertInto('compliance_policy_revision')
      .values([
        { ...revision, version: 2, from_at: start + 15 * day },
        { ...revision, version: 3, from_at: start + 25 * day },
      ])
      .execute();
    const waiver = { target_kind: 'person', target_id: 'zoe', reason: 'Zoë is ill', by_actor: actor, ended_at: null };
    await db
      .insertInto('waiver')
      .values([
        { ...waiver, id: 'w1', check_name: 'firewall-on', from_at: start + 18 * day, until_at: start + 22 * day },
        {
          ...waiver,
          id: 'w2',
          check_name: null,
          target_kind: 'device',
          target_id: 'd1',
          from_at: start,
          until_at: now,
        },
        { ...waiver, id: 'w3', check_name: null, from_at: start + 21 * day, until_at: now },
      ])
      .execute();
    await db
      .insertInto('profile')
      .values({
        id: 'p1',
        name: 'Students',
        description: '',
        draft: null,
        version: 3,
        published_revision: 2,
        created_at: start,
      })
      .execute();
    const published = { profile_id: 'p1', settings: '{"firewall":{"secret":"hunter2"}}', by_actor: actor, note: '' };
    const assignments = JSON.stringify([{ to: { kind: 'person', person: 'src-zoe' }, priority: 100 }]);
    await db
      .insertInto('profile_revision')
      .values([
        { ...published, assignments, number: 1, published_at: start + day },
        { ...published, assignments, number: 2, published_at: start + 28 * day },
      ])
      .execute();
  });

  it('holds what was in force at that instant, and counts that agree with the map', async () => {
    const file = await exports.evidencePack({ at }, actor);
    expect(file).toMatchObject({ name: 'evidence-2026-09-21.zip', type: 'application/zip' });
    const files = await unzipped(file.bytes);
    expect([...files.keys()]).toEqual([
      ...['README.txt', 'policy.json', 'coverage.csv', 'verdicts.csv', 'exceptions.csv', 'trend.csv', 'summary.pdf'],
      ...['SHA256SUMS', 'MADE-AT.txt'],
    ]);
    const csv = (name: string) => rowsOf(files.get(name) ?? Buffer.of());
    expect(JSON.parse(String(files.get('policy.json')))).toMatchObject({
      ...{ at, revision: 2, inForceSince: iso(start + 15 * day), policy: { graceDays: 3 } },
      profiles: [{ profile: 'Students', revision: 1, capabilities: ['firewall'] }],
    });
    expect(csv('coverage.csv')).toMatchObject([{ Unit: 'School oak', Check: 'firewall-on', Fail: '1' }]);
    expect(csv('verdicts.csv')).toMatchObject([
      { Unit: 'School oak', 'People noncompliant': '1', 'Devices noncompliant': '1' },
    ]);
    expect(csv('exceptions.csv').map((row) => [row.Kind, row.Of, row.For, row.Unit, row['In force']])).toEqual([
      ['waiver', 'Every check', 'one device', 'School oak', '1'],
      ['waiver', 'Firewall', 'one person', 'School oak', '1'],
    ]);
    const trend = csv('trend.csv');
    expect(trend).toHaveLength(21);
    expect(trend[0]).toMatchObject({ Day: '2026-09-01', 'People compliant': '1' });
    expect(trend.at(-1)).toMatchObject({ Day: '2026-09-21', 'People noncompliant': '1', 'People compliant': '0' });
    expect(said).toMatchObject([{ actor, code: 'evidence-pack-made' }]);
  });

  it('names nobody and gives no secret away', async () => {
    const files = await unzipped((await exports.evidencePack({ at }, actor)).bytes);
    for (const [name, bytes] of files)
      for (const secret of [...secretNames, 'hunter2', 'ill', 'Ada'])
        expect(name !== 'README.txt' && bytes.includes(secret), `${secret} in ${name}`).toBe(false);
  });

  it('lists the sum of every file but itself and when it was made', async () => {
    const files = await unzipped((await exports.evidencePack({ at }, actor)).bytes);
    const sums = String(files.get('SHA256SUMS')).trimEnd().split('\n');
    const expected = [...files].filter(([name]) => name !== 'SHA256SUMS' && name !== 'MADE-AT.txt');
    expect(sums).toEqual(
      expected.map(([name, bytes]) => `${createHash('sha256').update(bytes).digest('hex')}  ${name}`),
    );
  });

  it('has the same bytes when it is asked for later, but for when it was made', async () => {
    const once = await unzipped((await exports.evidencePack({ at }, actor)).bytes);
    desk.clock.advance(3 * day);
    await addVerdict(desk.db, ['device', 'd9'], 'silent', [now + day, null], { org: 'elm' });
    const again = await unzipped((await exports.evidencePack({ at }, actor)).bytes);
    expect(String(again.get('MADE-AT.txt'))).not.toBe(String(once.get('MADE-AT.txt')));
    for (const [name, bytes] of once)
      if (name !== 'MADE-AT.txt') expect(again.get(name)?.equals(bytes), name).toBe(true);
  });

  it('begins its trend where the roster begins the school year', async () => {
    const session = {
      sourced_id: 's',
      title: '2026',
      type: 'schoolYear',
      parent_sourced_id: null,
      school_year: '2027',
    };
    await desk.db
      .insertInto('academic_session')
      .values({ ...session, id: 's', start_date: '2026-09-14', end_date: '2027-06-11' })
      .execute();
    const trend = rowsOf(
      (await unzipped((await exports.evidencePack({ at }, actor)).bytes)).get('trend.csv') ?? Buffer.of(),
    );
    expect(trend[0]?.Day).toBe('2026-09-14');
  });

  it('is refused for an instant nothing is known of, and nothing is on record', async () => {
    await expect(exports.evidencePack({ at: iso(start - 1) }, actor)).rejects.toMatchObject({ code: 'bad-request' });
    expect(said).toEqual([]);
  });
});
