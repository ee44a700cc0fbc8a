import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { publishProfile } from '../../../../server/store/profiles.ts';
import { openPolicyDistrict, type PolicyDistrict } from '../../../fakes/policy-district.ts';

const everyone = { kind: 'everyone' } as const;
const strict = { browser: { youtube: 'strict' } } as const;
const moderate = { browser: { youtube: 'moderate' } } as const;

describe('desired states', () => {
  let district: PolicyDistrict;

  beforeEach(async () => {
    district = await openPolicyDistrict();
    await district.addOrg('district', null);
    await district.addOrg('maple', 'district');
  });
  afterEach(async () => {
    expect(district.errors).toEqual([]);
    await district.close();
  });

  const generationOf = async (id: string) => (await district.desired.forDevice(id)).generation;

  it('are signed once for each distinct state, however many devices hold it', async () => {
    const ids = Array.from({ length: 1000 }, (_, i) => `d${i}`);
    await district.addDevices(ids);
    await district.db
      .insertInto('device_tag')
      .values([
        ...ids.slice(0, 300).map((device_id) => ({ device_id, tag: 'lab' })),
        ...ids.slice(300, 600).map((device_id) => ({ device_id, tag: 'cart' })),
      ])
      .execute();
    await district.desired.start();
    district.signed.length = 0;
    await district.publish('lab', strict, { kind: 'tag', tag: 'lab' });
    expect(district.signed).toHaveLength(1);
    await district.publish('cart', moderate, { kind: 'tag', tag: 'cart' });
    expect(district.signed).toHaveLength(2);
    const changed = district.hear('desired-changed');
    await district.publish('all', { webFilter: { safeSearch: true } }, everyone);
    expect(district.signed).toHaveLength(5);
    expect(changed.map(({ deviceIds }) => deviceIds.length)).toEqual([1000]);
  });

  it('are told to those whose rows were written although others could not be, and to these when they are', async () => {
    const ids = Array.from({ length: 5_002 }, (_, i) => `d${String(i).padStart(4, '0')}`);
    await district.addDevices(ids);
    await district.desired.start();
    await district.desired.settled();
    const changed = district.hear('desired-changed');
    const last = sql.lit('d5001');
    await sql`create trigger broken before update on device_desired when new.device_id = ${last}
      begin select raise(abort, 'the disk is gone'); end`.execute(district.db);
    await district.publish('all', strict, everyone);
    expect(changed.map(({ deviceIds }) => deviceIds.length)).toEqual([5_000]);
    expect(String(district.errors.splice(0))).toContain('the disk is gone');
    await sql`drop trigger broken`.execute(district.db);
    await district.desired.settled();
    expect(changed.map(({ deviceIds }) => deviceIds)).toEqual([expect.anything(), ['d5000', 'd5001']]);
    expect(await generationOf('d5001')).toBe(await generationOf('d0000'));
  });

  it('name the audience, the generation and the hash of each section', async () => {
    await district.addDevices(['d']);
    await district.desired.start();
    await district.publish('a', strict, everyone);
    const { generation, signed } = await district.desired.forDevice('d');
    const manifest = JSON.parse(signed.manifest) as { sections: Record<string, string> };
    expect(manifest).toMatchObject({ format: 1, audience: 'a'.repeat(64), generation, issuedAt: district.clock.now() });
    expect(Object.keys(manifest.sections)).toEqual(['browser']);
    expect(await district.desired.section(manifest.sections.browser ?? '')).toBe('{"youtube":"strict"}');
    expect(await district.desired.section('0'.repeat(64))).toBeUndefined();
  });

  it('carry every capability that a profile sets', async () => {
    const settings = { browser: {}, firewall: { allowedPorts: ['22/tcp'] }, timeSync: {}, usbStorage: {} };
    await district.addDevices(['a']);
    await district.publish('baseline', settings, everyone);
    const { signed } = await district.desired.forDevice('a');
    const manifest = JSON.parse(signed.manifest) as { sections: Record<string, string> };
    expect(Object.keys(manifest.sections).sort()).toEqual(Object.keys(settings));
    expect(await district.desired.section(manifest.sections.firewall ?? '')).toBe('{"allowedPorts":["22/tcp"]}');
  });

  it('hand out the same signed bytes to every device with the same state', async () => {
    await district.addDevices(['a', 'b']);
    await district.desired.start();
    await district.publish('p', strict, everyone);
    expect((await district.desired.forDevice('a')).signed).toBe((await district.desired.forDevice('b')).signed);
  });

  it('give a new device the newest state of its content without signing again', async () => {
    await district.addDevices(['a']);
    await district.desired.start();
    await district.publish('p', strict, everyone);
    district.signed.length = 0;
    await district.addDevices(['late']);
    expect(await generationOf('late')).toBe(await generationOf('a'));
    expect(district.signed).toEqual([]);
  });

  it('give a device that goes back to an earlier content a later generation', async () => {
    await district.addDevices(['a']);
    await district.desired.start();
    await district.publish('p', strict, everyone);
    const first = await generationOf('a');
    await district.publish('p', moderate, everyone);
    const second = await generationOf('a');
    await district.publish('p', strict, everyone);
    const third = await generationOf('a');
    expect(second).toBeGreaterThan(first);
    expect(third).toBeGreaterThan(second);
  });

  it('leave a device alone that another profile does not reach', async () => {
    await district.addDevices(['a']);
    await district.desired.start();
    await district.publish('p', strict, everyone);
    const changed = district.hear('desired-changed');
    await district.publish('q', moderate, { kind: 'tag', tag: 'nobody' });
    expect(changed).toEqual([]);
  });

  it('count on when the clock goes back', async () => {
    await district.addDevices(['a']);
    await district.desired.start();
    await district.publish('p', strict, everyone);
    const before = await generationOf('a');
    district.clock.jump(-3_600_000);
    await district.publish('p', moderate, everyone);
    expect(await generationOf('a')).toBe(before + 1);
  });

  it('are signed anew for a device that holds a later one, as after a restored backup', async () => {
    await district.addDevices(['a', 'b']);
    await district.desired.start();
    await district.publish('p', strict, everyone);
    district.clock.advance(60_000);
    const held = (await generationOf('a')) + 30_000;
    const { generation } = await district.desired.forDevice('a', held);
    expect(generation).toBeGreaterThan(held);
    expect((await district.desired.forDevice('a', held)).generation).toBe(generation);
    district.signed.length = 0;
    expect((await district.desired.forDevice('b', held)).generation).toBe(generation);
    expect(district.signed).toEqual([]);
  });

  it('are not signed anew time and again for a device that claims one more each time', async () => {
    await district.addDevices(['a']);
    await district.desired.start();
    district.clock.advance(3_600_000);
    district.signed.length = 0;
    for (let n = 0; n < 20; n++) {
      district.clock.advance(1_000);
      await district.desired.forDevice('a', district.clock.now() - 1);
    }
    expect(district.signed).toHaveLength(4);
  });

  it('are signed anew, once each, when the state key was changed', async () => {
    await district.addDevices(['a', 'b', 'c']);
    await district.db.insertInto('device_tag').values({ device_id: 'c', tag: 'lab' }).execute();
    await district.desired.start();
    await district.publish('p', strict, everyone);
    await district.publish('q', { webFilter: { safeSearch: true } }, { kind: 'tag', tag: 'lab' });
    const before = await Promise.all(['a', 'b', 'c'].map(generationOf));
    district.signed.length = 0;
    district.signer.keyId = 'key-2';
    const changed = district.hear('desired-changed');
    // One device is looked at before the others: they must not be left behind with the state it is given.
    district.bus.publish('device-changed', { deviceIds: ['a'] });
    await district.desired.settled();
    district.bus.publish('state-key-rotated', {});
    await district.desired.settled();
    for (const [index, id] of ['a', 'b', 'c'].entries()) {
      const { generation, signed } = await district.desired.forDevice(id);
      expect([id, signed.keyId, generation > (before[index] ?? 0)]).toEqual([id, 'key-2', true]);
    }
    expect(await generationOf('b')).toBe(await generationOf('a'));
    expect(district.signed).toHaveLength(2);
    expect(changed.flatMap(({ deviceIds }) => deviceIds).toSorted()).toEqual(['a', 'b', 'c']);
    district.bus.publish('policy-changed', {});
    await district.desired.settled();
    expect(district.signed).toHaveLength(2);
  });

  it('do not believe a device that claims a generation of the far future', async () => {
    await district.addDevices(['a']);
    await district.desired.start();
    const before = await generationOf('a');
    expect((await district.desired.forDevice('a', Number.MAX_SAFE_INTEGER)).generation).toBe(before);
  });

  it('are given to many as to each, without one that has none', async () => {
    await district.addDevices(['a', 'b', 'c']);
    await district.addDevices(['h'], 'held');
    await district.desired.start();
    await district.publish('p', strict, everyone);
    district.clock.advance(60_000);
    const later = (await generationOf('a')) + 30_000;
    const given = await district.desired.forDevices(new Map(['a', 'b', 'h', 'nobody'].map((id) => [id, 0])));
    expect([...given.keys()]).toEqual(['a', 'b']);
    for (const [id, state] of given) expect(state).toEqual(await district.desired.forDevice(id));
    expect(given.get('a')?.signed).toBe(given.get('b')?.signed);
    const anew = await district.desired.forDevices(
      new Map([
        ['a', later],
        ['b', 0],
      ]),
    );
    expect(anew.get('a')?.generation).toBeGreaterThan(later);
    expect(anew.get('b')).toEqual(given.get('b'));
  });

  it.each([
    ['an unknown device', 'nobody', 'active'],
    ['a device that is held for approval', 'h', 'held'],
    ['a revoked device', 'r', 'revoked'],
  ])('refuse %s', async (_, id, status) => {
    if (id !== 'nobody') await district.addDevices([id], status);
    await district.desired.start();
    await expect(district.desired.forDevice(id)).rejects.toMatchObject({ code: 'device-unknown' });
  });

  it('are forgotten when a device is revoked', async () => {
    await district.addDevices(['a']);
    await district.desired.start();
    await district.db.updateTable('device').set({ status: 'revoked' }).execute();
    district.bus.publish('device-revoked', { deviceId: 'a' });
    await district.desired.settled();
    expect(await district.stores.desired.ofDevice('a')).toBeUndefined();
  });

  it('follow custody, and stay when the roster forgets', async () => {
    await district.addDevices(['a']);
    await district.addPerson({ id: 'ada', grade: '06' });
    await district.desired.start();
    await district.publish('p', strict, { kind: 'grade', grade: '06' });
    await district.give('a', 'ada');
    await district.desired.settled();
    const [setting] = await district.profiles.settingsOfDevice('a');
    expect(setting).toMatchObject({ setting: 'youtube', value: 'strict', from: [{ profile: 'p', to: 'grade 06' }] });
    const before = await generationOf('a');
    await district.db.updateTable('person').set({ grade: null }).execute();
    district.bus.publish('roster-changed', {});
    await district.desired.settled();
    expect(await generationOf('a')).toBe(before);
    await district.db.updateTable('person').set({ grade: '07' }).execute();
    district.bus.publish('roster-changed', {});
    await district.desired.settled();
    expect(await district.profiles.settingsOfDevice('a')).toEqual([]);
  });

  it('try again when the store fails, and lose nothing', async () => {
    await district.addDevices(['a']);
    await district.desired.start();
    const commit = district.stores.desired.commit.bind(district.stores.desired);
    district.stores.desired.commit = () => Promise.reject(new Error('the disk is full'));
    await district.publish('p', strict, everyone);
    expect(district.errors.splice(0)).toContainEqual(expect.objectContaining({ message: 'the disk is full' }));
    district.stores.desired.commit = commit;
    district.clock.advance(5_000);
    await district.desired.settled();
    expect(await district.profiles.settingsOfDevice('a')).toHaveLength(1);
    expect((await district.desired.forDevice('a')).signed.manifest).toContain('browser');
  });

  it('keep what they are when a section would be too large to send', async () => {
    await district.addDevices(['a']);
    await district.desired.start();
    const before = await generationOf('a');
    const names = (prefix: string) =>
      Array.from(
        { length: 1500 },
        (_, i) => `${prefix}${String(i).padStart(4, '0')}.${`${'x'.repeat(62)}.`.repeat(3)}org`,
      );
    const revision = { assignments: [{ to: everyone, priority: 1 }], publishedAt: 1, by: 'test', note: '' };
    for (const prefix of ['a', 'b', 'c', 'd']) {
      const id = (await district.profiles.create(prefix, '', 'test')).profile.id;
      const large = { ...revision, settings: { webFilter: { blockedDomains: names(prefix) } } };
      await district.db.transaction().execute((trx) => publishProfile(trx, id, large, 1));
    }
    district.bus.publish('policy-changed', {});
    await district.desired.settled();
    expect(await generationOf('a')).toBe(before);
    expect(district.errors.splice(0)).toEqual([
      expect.objectContaining({ message: expect.stringContaining('too large') }),
    ]);
  });

  it('forget after a week what no device should hold, but never the newest generation', async () => {
    await district.addDevices(['a']);
    await district.desired.start();
    await district.publish('p', strict, everyone);
    const { signed } = await district.desired.forDevice('a');
    const old = (JSON.parse(signed.manifest) as { sections: { browser: string } }).sections.browser;
    await district.publish('p', moderate, everyone);
    const newest = await district.stores.desired.lastGeneration();
    await district.stores.desired.prune(district.clock.now());
    expect(await district.desired.section(old)).toBeDefined();
    await district.stores.desired.prune(district.clock.now() + 1);
    expect(await district.desired.section(old)).toBeUndefined();
    expect(await district.stores.desired.lastGeneration()).toBe(newest);
  });
});
