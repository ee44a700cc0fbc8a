import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CertificateStore, type EnrolmentOutcome } from '../../server/store/certificates.ts';
import { DeviceStore } from '../../server/store/devices.ts';
import { openStore } from '../../server/store/open.ts';
import { type Greeting, PresenceStore } from '../../server/store/presence.ts';
import { type DeviceReport, ReportStore } from '../../server/store/reports.ts';
import { type TokenRow, TokenStore } from '../../server/store/tokens.ts';
import type { ReportRecord } from '../../shared/protocol/messages.ts';

type Db = Awaited<ReturnType<typeof openStore>>;

describe.each(['in memory', 'in a file'])('the stores of devices %s', (where) => {
  let folder: string;
  let db: Db;
  let number = 0;
  let id: string;

  const path = () => (where === 'in memory' ? ':memory:' : join(folder, 'store.sqlite'));
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rollcall-devices-'));
    db = await openStore(path());
    const org = { sourced_id: 's', type: 'school', parent_id: null, identifier: null, active: 1 };
    await db
      .insertInto('org')
      .values({ ...org, id: 'o1', name: '«Maple» Elementary' })
      .execute();
    await db
      .insertInto('org')
      .values({ ...org, id: 'o2', sourced_id: 's2', name: 'Closed', active: 0 })
      .execute();
  });
  beforeEach(async () => {
    number += 1;
    id = `d${number}`;
    await enrol();
  });
  afterAll(async () => {
    await db.destroy();
    await rm(folder, { recursive: true });
  });

  const token = (changes: Partial<TokenRow> = {}): TokenRow => ({
    ...{
      id: `t${number}`,
      secret_hash: `hash ${number}`,
      label: '',
      max_uses: 2,
      uses: 0,
      expires_at: 9,
      org_id: null,
    },
    ...{ platform: null, approval: 'automatic', person_id: null, tags: '[]', simulated: 0, created_at: number },
    ...{ created_by: 'test', revoked_at: null, ...changes },
  });
  const outcome = (serial: string, changes: Partial<EnrolmentOutcome> = {}): EnrolmentOutcome => ({
    device: {
      ...{
        id,
        name: `name of ${id}`,
        serial: null,
        maker: null,
        model: null,
        hardware_id: `hw ${id}`,
        platform: 'linux',
      },
      ...{
        os_name: 'Debian',
        os_version: '12',
        agent_version: '1',
        status: 'active',
        simulated: 0,
        token_id: `t${number}`,
      },
    },
    certificate: { serial, fingerprint: `f ${serial}`, keyHash: `k ${serial}`, notBefore: 0, notAfter: 100 },
    tags: ['a'],
    countsUse: true,
    ...changes,
  });
  const asked = () => ({ secretHash: `hash ${number}`, hardwareId: `hw ${id}`, keyHash: `k ${id}` });
  const certificates = () => new CertificateStore(db);
  const presence = () => new PresenceStore(db);
  const reports = () => new ReportStore(db);

  async function enrol(): Promise<void> {
    await new TokenStore(db).create(token());
    await certificates().enrol(asked(), 1000, async () => outcome(`${id}-1`));
  }
  async function renew(serial: string): Promise<void> {
    const { certificate } = outcome(serial);
    await certificates().renew({ serial: `${id}-1`, keyHash: 'new' }, 1000, async () => ({
      deviceId: id,
      certificate,
    }));
  }
  const greeting = (changes: Partial<Greeting> = {}): Greeting => ({
    ...{ name: `name of ${id}`, hardwareId: `hw ${id}`, serial: null, maker: null, model: null, osName: 'Debian' },
    ...{ osVersion: '12', agentVersion: '1', spoolEpoch: 'e1', ...changes },
  });
  const statuses = async () =>
    (await db.selectFrom('certificate').selectAll().where('device_id', '=', id).orderBy('issued_at').execute()).map(
      ({ status }) => status,
    );
  const device = async () => await db.selectFrom('device').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  const event = (code: string): ReportRecord => ({ kind: 'event', at: 5, code, detail: 'words' });
  const batch = (sequence: number, records: ReportRecord[] = [event('x')], changes = {}): DeviceReport => ({
    ...{ deviceId: id, epoch: 'e1', sequence, records, ...changes },
  });
  const rowsOf = async (table: 'event' | 'finding' | 'health' | 'observation' | 'reported_section') => {
    const column = table === 'event' ? 'subject_id' : 'device_id';
    return await db
      .selectFrom(table)
      .selectAll()
      .where(column as 'device_id', '=', id)
      .execute();
  };

  describe('tokens', () => {
    it('for a school carry its name as a tag', async () => {
      const listing = await new TokenStore(db).create(
        token({ id: `s${number}`, secret_hash: `s${number}`, org_id: 'o1', tags: '["b"]' }),
      );
      expect([listing.org_name, listing.tags]).toEqual(['«Maple» Elementary', '["b","Maple Elementary"]']);
      expect(Object.keys(listing)).not.toContain('secret_hash');
    });

    it('name only schools and people of the roster', async () => {
      for (const wrong of [{ org_id: 'o2' }, { org_id: 'none' }, { person_id: 'none' }])
        await expect(new TokenStore(db).create(token({ id: 'wrong', ...wrong }))).rejects.toMatchObject({
          code: 'not-found',
        });
    });

    it('are revoked once', async () => {
      const store = new TokenStore(db);
      expect([await store.revoke(`t${number}`, 5), await store.revoke(`t${number}`, 6)]).toEqual([true, false]);
      await expect(store.revoke('none', 5)).rejects.toMatchObject({ code: 'not-found' });
      expect((await store.list())[0]).toMatchObject({ id: `t${number}`, revoked_at: 5 });
    });
  });

  describe('enrolment', () => {
    it('writes nothing when it is refused', async () => {
      const refused = certificates().enrol({ ...asked(), hardwareId: 'new' }, 1, async () => {
        throw new Error('refused');
      });
      await expect(refused).rejects.toThrow('refused');
      expect(await statuses()).toEqual(['active']);
    });

    it('writes nothing when its last step fails', async () => {
      const twice = outcome(`${id}-1`, { device: { ...outcome('').device, id: 'half', hardware_id: 'half' } });
      await expect(certificates().enrol(asked(), 1, async () => twice)).rejects.toThrow(/UNIQUE/i);
      expect(await db.selectFrom('device').select('id').where('id', '=', 'half').execute()).toEqual([]);
      const row = await db
        .selectFrom('enrolment_token')
        .select('uses')
        .where('id', '=', `t${number}`)
        .executeTakeFirst();
      expect(row?.uses).toBe(1);
    });

    it('again supersedes, and forgets what the earlier installation reported', async () => {
      await reports().commit([batch(7, [{ kind: 'finding', at: 1, code: 'f', open: true, detail: '' }])], 10);
      await certificates().enrol(asked(), 2000, async (facts) => {
        expect(facts.device?.id).toBe(id);
        expect(facts.token?.uses).toBe(1);
        return outcome(`${id}-2`, { tags: ['a', 'b'], countsUse: false });
      });
      expect(await statuses()).toEqual(['superseded', 'active']);
      expect(await device()).toMatchObject({ spool_epoch: null, spool_sequence: 0, enrolled_at: 2000 });
      expect(await rowsOf('finding')).toMatchObject([{ closed_at: 2000 }]);
      const tags = await db.selectFrom('device_tag').select('tag').where('device_id', '=', id).execute();
      expect(tags.map(({ tag }) => tag).sort()).toEqual(['a', 'b']);
    });

    it('finds the owner of a key', async () => {
      await certificates().enrol({ ...asked(), keyHash: `k ${id}-1` }, 1, async (facts) => {
        expect(facts.keyOwner).toBe(id);
        return outcome(`${id}-2`);
      });
    });
  });

  describe('a session', () => {
    it('is opened for the certificate’s device, with the position of its spool', async () => {
      await reports().commit([batch(3)], 10);
      expect(await presence().open(`${id}-1`, greeting(), 20)).toMatchObject({
        ...{ kind: 'open', identity: { deviceId: id }, acknowledged: 3, changed: false },
      });
      const other = await presence().open(`${id}-1`, greeting({ spoolEpoch: 'e2', osVersion: '13' }), 20);
      expect(other).toMatchObject({ acknowledged: 0, changed: true });
      expect((await device()).os_version).toBe('13');
    });

    it('says where the server sees the device now, and whether that is elsewhere', async () => {
      const seen = (place: string | null) => presence().open(`${id}-1`, greeting({ place }), 20);
      expect(await seen('on-campus')).toMatchObject({ changed: false, moved: true });
      expect(await seen('on-campus')).toMatchObject({ changed: false, moved: false });
      expect((await device()).place).toBe('on-campus');
      expect(await seen(null)).toMatchObject({ moved: true });
      expect(await presence().open(`${id}-1`, greeting(), 20)).toMatchObject({ moved: false });
    });

    it('supersedes earlier certificates when a newer one is first used, not before, and never later ones', async () => {
      await renew(`${id}-2`);
      await renew(`${id}-3`);
      await presence().open(`${id}-1`, greeting(), 20);
      expect(await statuses()).toEqual(['active', 'active', 'active']);
      await presence().open(`${id}-2`, greeting(), 20);
      expect(await statuses()).toEqual(['superseded', 'active', 'active']);
      expect(await presence().open(`${id}-1`, greeting(), 20)).toMatchObject({ kind: 'refused' });
    });

    it('is opened with others at once as if one came after the other', async () => {
      await renew(`${id}-2`);
      const openings = await presence().openAll(
        [
          { serial: `${id}-1`, greeting: greeting() },
          { serial: 'none', greeting: greeting() },
          { serial: `${id}-2`, greeting: greeting({ osVersion: '13' }) },
          { serial: `${id}-2`, greeting: greeting() },
          { serial: `${id}-1`, greeting: greeting() },
        ],
        20,
      );
      expect(openings.map(({ kind }) => kind)).toEqual(['open', 'refused', 'open', 'open', 'refused']);
      expect(openings.slice(2, 4)).toMatchObject([{ changed: true }, { changed: true }]);
      expect((await device()).os_version).toBe('12');
    });

    it('that has nothing new writes nothing', async () => {
      const written = async () => (await sql<{ n: number }>`select total_changes() as n`.execute(db)).rows[0]?.n;
      const before = await written();
      const opened = await presence().open(`${id}-1`, greeting(), 20);
      expect([opened.kind, await written()]).toEqual(['open', before]);
    });

    it('on other hardware opens one finding and changes nothing', async () => {
      await renew(`${id}-2`);
      const copied = greeting({ hardwareId: 'thief', name: 'thief' });
      expect(await presence().open(`${id}-2`, copied, 20)).toMatchObject({ kind: 'clone', isNew: true });
      expect(await presence().open(`${id}-2`, copied, 21)).toMatchObject({ kind: 'clone', isNew: false });
      expect(await rowsOf('finding')).toMatchObject([{ code: 'clone', opened_at: 20, closed_at: null }]);
      expect(await statuses()).toEqual(['active', 'active']);
      expect((await device()).name).toBe(`name of ${id}`);
    });

    it('is refused to the revoked, the held and the unknown', async () => {
      await db.updateTable('device').set({ status: 'held' }).where('id', '=', id).execute();
      expect(await presence().open(`${id}-1`, greeting(), 20)).toMatchObject({ kind: 'refused' });
      await new DeviceStore(db).approve(id);
      await new DeviceStore(db).revoke(id, 30, 'lost');
      expect(await presence().open(`${id}-1`, greeting(), 20)).toMatchObject({ kind: 'refused' });
      expect(await presence().open('none', greeting(), 20)).toEqual({ kind: 'refused', identity: undefined });
    });

    it('leaves when it was last seen, and an earlier time never wins', async () => {
      await presence().seen([id, 'none'], 50);
      await presence().seen([id], 40);
      await presence().seen([], 60);
      expect((await device()).last_seen_at).toBe(50);
    });
  });

  describe('the life of a device', () => {
    it('approves the held only', async () => {
      const store = new DeviceStore(db);
      await expect(store.approve(id)).rejects.toMatchObject({ code: 'conflict' });
      await expect(store.approve('none')).rejects.toMatchObject({ code: 'not-found' });
    });

    it('revokes all certificates, once', async () => {
      await renew(`${id}-2`);
      const store = new DeviceStore(db);
      expect([await store.revoke(id, 5, 'lost'), await store.revoke(id, 6, 'again')]).toEqual([true, false]);
      expect(await statuses()).toEqual(['revoked', 'revoked']);
      await expect(store.revoke('none', 5, '')).rejects.toMatchObject({ code: 'not-found' });
    });

    it('replaces tags and says whether that changed anything', async () => {
      const store = new DeviceStore(db);
      expect([await store.setTags(id, ['b', 'c', 'b']), await store.setTags(id, ['c', 'b'])]).toEqual([
        ['a'],
        undefined,
      ]);
      expect(await store.setTags(id, [])).toEqual(['b', 'c']);
      await expect(store.setTags('none', [])).rejects.toMatchObject({ code: 'not-found' });
    });
  });

  describe('reports', () => {
    it('count once, tell gaps, and start over with a new spool', async () => {
      const outcomes = await reports().commit(
        [batch(1), batch(1), batch(4), batch(2), batch(1, [event('x')], { epoch: 'e2' })],
        10,
      );
      expect(outcomes.map((each) => (each.kind === 'committed' ? each.missing : each.kind))).toEqual([
        ...[0, 'duplicate', 2, 'duplicate', 0],
      ]);
      expect(await rowsOf('event')).toHaveLength(3);
      expect(await device()).toMatchObject({ spool_epoch: 'e2', spool_sequence: 1 });
    });

    it('of a device that is not active are refused, those beside them are not', async () => {
      await db
        .insertInto('device')
        .values({ ...(await device()), id: `${id}-revoked`, status: 'revoked' })
        .execute();
      const outcomes = await reports().commit(
        [batch(1, undefined, { deviceId: `${id}-revoked` }), batch(1), batch(1, undefined, { deviceId: 'none' })],
        10,
      );
      expect(outcomes.map(({ kind }) => kind)).toEqual(['refused', 'committed', 'refused']);
    });

    it('replace what they are about: the newest generation, the latest value, never a future time', async () => {
      const section = (generation: number, status: 'failed' | 'verified', at = 5): ReportRecord => ({
        ...{ kind: 'reported', at, section: 'webFilter', generation, status, evidence: [] },
      });
      await reports().commit([batch(1, [section(3, 'failed'), section(2, 'verified')])], 10);
      await reports().commit([batch(2, [section(1, 'verified')])], 10);
      expect(await rowsOf('reported_section')).toMatchObject([{ generation: 3, status: 'failed' }]);
      await reports().commit([batch(3, [section(3, 'verified', 9999)])], 10);
      expect(await rowsOf('reported_section')).toMatchObject([{ generation: 3, status: 'verified', at: 10 }]);
      const load = (cpuPercent: number): ReportRecord => ({
        ...{ kind: 'health', at: 5, collector: 'load', value: { cpuPercent, memoryUsedPercent: 1 } },
      });
      await reports().commit([batch(4, [load(1), load(2)])], 10);
      expect(await rowsOf('health')).toMatchObject([{ value: '{"cpuPercent":2,"memoryUsedPercent":1}' }]);
    });

    it('about a generation the device was never given are no reports', async () => {
      const given = { device_id: id, generation: 4, content_hash: 'h', scope: '[]', since: 0 };
      await db.insertInto('device_desired').values(given).execute();
      const claimed: ReportRecord = {
        ...{ kind: 'reported', at: 5, section: 'webFilter', generation: 5, status: 'verified', evidence: [] },
      };
      await reports().commit([batch(1, [claimed])], 10);
      expect(await rowsOf('reported_section')).toEqual([]);
    });

    it('open and close findings, but not those of the server', async () => {
      const finding = (code: string, open: boolean, at: number): ReportRecord => ({
        ...{ kind: 'finding', at, code, open, detail: 'd' },
      });
      await presence().open(`${id}-1`, greeting({ hardwareId: 'thief' }), 1);
      await reports().commit(
        [
          batch(1, [
            finding('a', true, 1),
            finding('a', true, 2),
            finding('a', false, 3),
            finding('a', true, 4),
            finding('clone', false, 5),
          ]),
        ],
        10,
      );
      expect((await rowsOf('finding')).map((row) => 'code' in row && [row.code, row.opened_at, row.closed_at])).toEqual(
        [
          ...[
            ['clone', 1, null],
            ['a', 1, 3],
            ['a', 4, null],
          ],
        ],
      );
    });

    it('cannot fill the store with names they make up', async () => {
      const records = Array.from({ length: 100 }, (_, n): ReportRecord[] => [
        { kind: 'reported', at: 1, section: `s${n}`, generation: 1, status: 'verified', evidence: [] },
        { kind: 'finding', at: 1, code: `f${n}`, open: true, detail: '' },
      ]).flat();
      await reports().commit([batch(1, records)], 10);
      await reports().commit([batch(2, records.toReversed())], 10);
      expect([(await rowsOf('reported_section')).length, (await rowsOf('finding')).length]).toEqual([64, 64]);
    });

    it('that were committed are there after the store was opened again', async () => {
      if (where === 'in memory') return expect(path()).toBe(':memory:');
      await reports().commit([batch(1)], 10);
      await db.destroy();
      db = await openStore(path());
      expect((await reports().commit([batch(1)], 20)).map(({ kind }) => kind)).toEqual(['duplicate']);
      expect(await rowsOf('event')).toHaveLength(1);
    });
  });
});
