import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ComplianceService } from '../../../../server/compliance/compliance-service.ts';
import { complianceDefaults } from '../../../../server/compliance/judge.ts';
import { manifestSections } from '../../../../server/store/desired.ts';
import type { ReportRecord } from '../../../../shared/protocol/messages.ts';
import { openPolicyDistrict, type PolicyDistrict } from '../../../fakes/policy-district.ts';
import { reportedBy } from '../../../fakes/reported.ts';

const day = 86_400_000;
const hour = 3_600_000;
const everyone = { kind: 'everyone' } as const;

describe('compliance', () => {
  let district: PolicyDistrict;
  let compliance: ComplianceService;

  beforeEach(async () => {
    district = await openPolicyDistrict();
    await district.addOrg('maple', null);
    await district.addPerson({ id: 'ada' });
    await district.addPerson({ id: 'bob' });
    await district.addDevices(['a', 'b']);
    const { stores, bus, clock, isConnected, errors } = district;
    const parameters = { ...complianceDefaults, oldestAgent: '1.0.0' };
    const onError = (error: unknown) => errors.push(error);
    compliance = new ComplianceService({ stores, bus, clock, isConnected, parameters, onError });
    await district.desired.start();
    await compliance.start();
    await compliance.settled();
  });
  afterEach(async () => {
    await compliance.stop();
    expect(district.errors).toEqual([]);
    expect(district.clock.pending).toBe(0);
    await district.close();
  });

  /** Something of the device changed besides what it reported. */
  const judge = async (id: string) => {
    district.bus.publish('device-changed', { deviceIds: [id] });
  };
  /** The observations that a verdict needs; the person's rights count since they have been observed. */
  const observe = async (id: string, diskEncryption: string, firewall: string, localAdmins = 'not-admin') => {
    const values = { diskEncryption, firewall, localAdmins };
    for (const [name, state] of Object.entries(values)) {
      const row = { device_id: id, name, value: JSON.stringify({ state, evidence: 'seen' }), at: district.clock.now() };
      await district.db
        .insertInto('observation')
        .values(row)
        .onConflict((conflict) => conflict.columns(['device_id', 'name']).doUpdateSet(row))
        .execute();
    }
    await judge(id);
  };
  /** The device reports a section it should hold with this status. */
  const report = async (id: string, status: string, section = 'browser', evidence: object[] = []) => {
    const row = await district.stores.desired.ofDevice(id);
    const generation = row?.generation ?? 0;
    const states = await district.stores.desired.states([generation]);
    const hash = manifestSections(states.get(generation)?.signed.manifest ?? '')[section] ?? null;
    const failure = status === 'failed' ? JSON.stringify({ code: 'x', message: 'no browser' }) : null;
    const values = {
      device_id: id,
      section,
      generation,
      hash,
      status,
      failure,
      evidence: JSON.stringify(evidence),
      at: district.clock.now(),
    };
    await district.db
      .insertInto('reported_section')
      .values(values)
      .onConflict((conflict) => conflict.columns(['device_id', 'section']).doUpdateSet(values))
      .execute();
    await judge(id);
  };
  const connect = async (id: string) => {
    district.connected.add(id);
    district.bus.publish('presence-changed', { deviceIds: [id], connected: true });
    await compliance.settled();
  };
  const disconnect = async (id: string) => {
    district.connected.delete(id);
    district.bus.publish('presence-changed', { deviceIds: [id], connected: false });
    await compliance.settled();
  };
  const device = async (id: string) => {
    await compliance.settled();
    return (await district.stores.verdicts.open('device', [id])).get(id);
  };
  const person = async (id: string) => {
    await compliance.settled();
    return (await district.stores.verdicts.open('person', [id])).get(id);
  };
  const states = async (kind: 'device' | 'person', id: string) =>
    (await district.stores.verdicts.history(kind, id)).toReversed().map(({ state }) => state);

  it('judges a device by what it reports, and says why', async () => {
    await observe('a', 'encrypted', 'on');
    expect(await device('a')).toMatchObject({ state: 'compliant', reasons: [] });
    district.clock.advance(hour);
    await observe('a', 'not-encrypted', 'on');
    expect(await device('a')).toMatchObject({
      state: 'noncompliant',
      reasons: ['Disk encryption: not encrypted'],
      from: district.clock.now(),
    });
    const checks = await compliance.checksOfDevice('a');
    // What turns the verdict; the rest of the library informs.
    expect(checks.filter(({ severity }) => severity !== 'minor').map(({ check, status }) => [check, status])).toEqual([
      ['agent-current', 'pass'],
      ['disk-encrypted', 'fail'],
      ['firewall-on', 'pass'],
      ['filter-measured', 'not-applicable'],
      ['not-local-admin', 'pass'],
    ]);
  });

  it('fails a device whose person is its administrator', async () => {
    await observe('a', 'encrypted', 'on', 'admin');
    expect(await device('a')).toMatchObject({
      state: 'noncompliant',
      reasons: ['Rights of the person: an administrator'],
    });
  });

  it('shows what only informs, and lets it turn no verdict', async () => {
    await observe('a', 'encrypted', 'on');
    const at = district.clock.now();
    const value = JSON.stringify({ present: true, lostPercent: 90 });
    await district.db.insertInto('health').values({ device_id: 'a', collector: 'battery', value, at }).execute();
    const finding = { device_id: 'a', code: 'clock-changed', detail: 'wrong', opened_at: at, closed_at: null };
    await district.db.insertInto('finding').values(finding).execute();
    await judge('a');
    expect(await device('a')).toMatchObject({ state: 'compliant', reasons: [] });
    const failed = (await compliance.checksOfDevice('a')).filter(({ status }) => status === 'fail');
    expect(failed.map(({ check, severity }) => [check, severity])).toEqual([
      ['clock-right', 'minor'],
      ['battery-worn', 'minor'],
    ]);
    await district.db.updateTable('finding').set({ closed_at: at }).execute();
    expect((await compliance.checksOfDevice('a')).find(({ check }) => check === 'clock-right')?.status).toBe('pass');
  });

  const line = (item: string, ok = true) => ({ item, expected: 'x', seen: 'y', ok });
  it.each([
    ['proves it by what was asked', 'verified', [line('blocking, measured at the filter')], 'pass', 'compliant'],
    ['had nothing to block', 'verified', [line('browsers told to keep to this resolver: x')], 'pass', 'compliant'],
    ['was only set', 'verified', [line('/etc/resolv.conf')], 'unknown', 'unknown'],
    ['leaks', 'failed', [line('programs on this host asking for x', false)], 'fail', 'noncompliant'],
    ['could not be set', 'failed', [line('/etc/resolv.conf', false)], 'unknown', 'noncompliant'],
  ])('judges a filter that %s', async (_, status, evidence, measured, state) => {
    await observe('a', 'encrypted', 'on');
    await district.publish('p', { webFilter: { blockedDomains: ['bad.example'] } }, everyone);
    await report('a', status, 'webFilter', evidence);
    expect((await device('a'))?.state).toBe(state);
    const found = (await compliance.checksOfDevice('a')).find(({ check }) => check === 'filter-measured');
    expect(found?.status).toBe(measured);
  });

  it('knows nothing until something is reported', async () => {
    expect(await device('a')).toMatchObject({ state: 'unknown' });
    await district.db.updateTable('device').set({ last_seen_at: null }).where('id', '=', 'b').execute();
    district.bus.publish('device-changed', { deviceIds: ['b'] });
    expect(await device('b')).toMatchObject({ state: 'unknown', reasons: ['Has never reported.'] });
    expect(await person('ada')).toBeUndefined();
  });

  it('follows custody: the failure stays with whoever held the device', async () => {
    await observe('a', 'not-encrypted', 'on');
    await district.give('a', 'ada');
    expect(await person('ada')).toMatchObject({ state: 'noncompliant', reasons: ['Disk encryption: not encrypted'] });
    district.clock.advance(day);
    await district.give('a', 'bob');
    expect(await person('ada')).toBeUndefined();
    expect(await person('bob')).toMatchObject({ state: 'noncompliant' });
    const rows = await district.stores.verdicts.history('device', 'a');
    expect(new Set(rows.map(({ custodyId }) => custodyId)).size).toBe(rows.length);
    expect(rows[0]?.from).toBe(rows[1]?.to);
  });

  it('judges a person by the worst of their devices', async () => {
    await district.give('a', 'ada');
    await district.give('b', 'ada');
    await observe('a', 'encrypted', 'on');
    await observe('b', 'encrypted', 'off');
    expect(await person('ada')).toMatchObject({ state: 'noncompliant', reasons: ['laptop b: Firewall: off'] });
    await observe('b', 'encrypted', 'on');
    expect(await person('ada')).toMatchObject({ state: 'compliant' });
  });

  it('turns silent at the deadline, by one timer, and back when the device returns', async () => {
    await observe('a', 'encrypted', 'on');
    await connect('a');
    await disconnect('a');
    const left = district.clock.now();
    district.clock.advance(15 * 60_000);
    await compliance.settled();
    expect(district.clock.pending).toBe(1);
    district.clock.advance(left + 7 * day - 1 - district.clock.now());
    expect((await device('a'))?.state).toBe('compliant');
    district.clock.advance(1);
    expect(await device('a')).toMatchObject({
      state: 'silent',
      from: left + 7 * day,
      reasons: [`Not heard of since ${new Date(left).toISOString().slice(0, 10)}.`],
    });
    await connect('a');
    expect((await device('a'))?.state).toBe('compliant');
  });

  it('judges nobody for coming and going who has proved all and is not silent', async () => {
    await district.publish('p', { browser: { youtube: 'strict' } }, everyone);
    await report('a', 'verified');
    await compliance.settled();
    const judged = district.hear('devices-judged');
    await connect('a');
    await disconnect('a');
    await connect('a');
    district.clock.advance(hour);
    await compliance.settled();
    expect(judged).toEqual([]);
    await disconnect('a');
    district.clock.advance(hour);
    await compliance.settled();
    expect(judged).toEqual([{ deviceIds: ['a'] }]);
  });

  it('tells devices of a long pass in parts', async () => {
    const ids = Array.from({ length: 600 }, (_, index) => `cart-${index}`);
    await district.addDevices(ids);
    await compliance.settled();
    const told = district.hear('devices-judged');
    district.bus.publish('device-changed', { deviceIds: ids });
    await compliance.settled();
    const parts = told.map((each) => (each as { deviceIds: string[] }).deviceIds);
    expect(parts.slice(0, 2).map((part) => part.length)).toEqual([500, 100]);
    expect(parts.slice(0, 2).flat()).toEqual(ids);
  });

  it('judges whoever comes while it is judged, where that decides', async () => {
    const { verdicts } = district.stores;
    const endedSince = verdicts.endedSince.bind(verdicts);
    vi.spyOn(verdicts, 'endedSince').mockImplementationOnce(async (...asked) => {
      district.connected.add('a');
      district.bus.publish('presence-changed', { deviceIds: ['a'], connected: true });
      return await endedSince(...asked);
    });
    await district.publish('p', { browser: { youtube: 'strict' } }, everyone);
    await compliance.settled();
    district.clock.advance(hour);
    await compliance.settled();
    expect((await compliance.checksOfDevice('a')).map(({ actual }) => actual)).toContain('not applied in time');
  });

  it('is never silent while connected', async () => {
    await observe('a', 'encrypted', 'on');
    await connect('a');
    district.clock.advance(30 * day);
    expect((await device('a'))?.state).toBe('compliant');
  });

  it('finds at start what became due while the server was down', async () => {
    await observe('a', 'encrypted', 'on');
    await compliance.settled();
    await compliance.stop();
    district.clock.advance(8 * day);
    const { stores, bus, clock, isConnected } = district;
    const parameters = { ...complianceDefaults, oldestAgent: '1.0.0' };
    compliance = new ComplianceService({ stores, bus, clock, isConnected, parameters, onError: () => undefined });
    await compliance.start();
    await compliance.settled();
    expect((await device('a'))?.state).toBe('silent');
  });

  it('gives a new setting an hour, counts from contact, and then fails until it is reported', async () => {
    await observe('a', 'encrypted', 'on');
    await district.publish('p', { browser: { youtube: 'strict' } }, everyone);
    await report('a', 'verified');
    expect((await device('a'))?.state).toBe('compliant');
    await district.publish('p', { browser: { youtube: 'off' } }, everyone);
    district.clock.advance(5 * hour);
    expect((await device('a'))?.state).toBe('compliant');
    await connect('a');
    district.clock.advance(hour - 1);
    expect((await device('a'))?.state).toBe('compliant');
    district.clock.advance(1);
    expect(await device('a')).toMatchObject({ state: 'noncompliant', reasons: ['Browser: not applied in time'] });
    await disconnect('a');
    expect((await device('a'))?.state).toBe('noncompliant');
    await report('a', 'verified');
    expect((await device('a'))?.state).toBe('compliant');
  });

  it.each([
    ['failed', 'noncompliant', ['Browser: failed (no browser)']],
    ['unsupported', 'compliant', []],
    ['applied', 'unknown', ['Browser: applied, but not proved']],
  ])('takes a section that is %s as %s', async (status, state, reasons) => {
    await observe('a', 'encrypted', 'on');
    await district.publish('p', { browser: { youtube: 'strict' } }, everyone);
    await report('a', status);
    expect(await device('a')).toMatchObject({ state, reasons });
  });

  it('ends the verdict of a revoked device, which then does not count for its person', async () => {
    await district.give('a', 'ada');
    await observe('a', 'not-encrypted', 'on');
    await compliance.settled();
    district.clock.advance(hour);
    await district.db.updateTable('device').set({ status: 'revoked' }).where('id', '=', 'a').execute();
    district.bus.publish('device-revoked', { deviceId: 'a' });
    expect(await device('a')).toBeUndefined();
    expect(await person('ada')).toBeUndefined();
    expect(await compliance.checksOfDevice('a')).toEqual([]);
  });

  it('tells what changed, and nothing when nothing did', async () => {
    await district.give('a', 'ada');
    await compliance.settled();
    const heard = district.hear('verdict-changed');
    await observe('a', 'encrypted', 'on');
    await compliance.settled();
    expect(heard).toEqual([{ deviceIds: ['a'], personIds: ['ada'] }]);
    await observe('a', 'encrypted', 'on');
    await compliance.settled();
    expect(heard).toHaveLength(1);
  });

  const seen = (i: number) => {
    const value = { state: i % 2 === 0 ? 'on' : 'off', evidence: 'seen' } as const;
    return { kind: 'observation', at: 0, name: 'firewall', value } as const;
  };

  it('judges a device that reports ten times in a second once or twice', async () => {
    await compliance.settled();
    district.clock.advance(10_000);
    const { posture } = district.stores;
    const ofDevices = posture.ofDevices.bind(posture);
    let judged = 0;
    posture.ofDevices = (ids) => {
      judged += 1;
      return ofDevices(ids);
    };
    for (let i = 0; i < 10; i++) {
      await district.stores.reports.commit([{ deviceId: 'a', epoch: 'e', sequence: i + 1, records: [seen(i)] }], 0);
      district.bus.publish('reported', reportedBy('a', ['observation']));
      district.clock.advance(100);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await compliance.settled();
    expect(judged).toBeGreaterThanOrEqual(1);
    expect(judged).toBeLessThanOrEqual(2);
  });

  it('tells of what was judged although the disk failed behind it', async () => {
    await observe('a', 'encrypted', 'on');
    await compliance.settled();
    const { judgements, reports } = district.stores;
    const write = judgements.write.bind(judgements);
    vi.spyOn(judgements, 'write').mockImplementationOnce(async (found) => {
      await write(found);
      throw new Error('not on disk');
    });
    const [told, changed] = [district.hear('devices-judged'), district.hear('verdict-changed')];
    await reports.commit([{ deviceId: 'a', epoch: 'e', sequence: 1, records: [seen(1)] }], district.clock.now());
    district.bus.publish('reported', reportedBy('a', ['observation']));
    await compliance.settled();
    expect(district.errors.splice(0)).toEqual([new Error('not on disk')]);
    district.clock.advance(5_000);
    await compliance.settled();
    expect(changed.flatMap(({ deviceIds }) => deviceIds)).toEqual(['a']);
    expect(told).toEqual([{ deviceIds: ['a'] }]);
  });

  it('stops between people as between devices', async () => {
    const { judgements } = district.stores;
    const write = judgements.write.bind(judgements);
    let stopped: Promise<void> | undefined;
    const written = vi.spyOn(judgements, 'write').mockImplementation(async (found) => {
      stopped ??= compliance.stop();
      await write(found);
    });
    const personIds = Array.from({ length: 60 }, (_, index) => `p${index}`);
    district.bus.publish('obligations-changed', { personIds });
    await compliance.settled();
    await stopped;
    expect(written).toHaveBeenCalledOnce();
  });

  describe('a connected device that was given a new state', () => {
    /** Applies by saying so. */
    const apply = async (sequence: number) => {
      const { stores, bus, clock } = district;
      const row = await stores.desired.ofDevice('a');
      const { generation = 0 } = row ?? {};
      const hash = manifestSections((await stores.desired.states([generation])).get(generation)?.signed.manifest ?? '')
        .browser as string;
      const about = { kind: 'reported', at: clock.now(), section: 'browser', generation, hash } as const;
      const records: ReportRecord[] = [{ ...about, status: 'verified', evidence: [] }];
      const [outcome] = await stores.reports.commit([{ deviceId: 'a', epoch: 'e', sequence, records }], clock.now());
      expect(outcome?.kind).toBe('committed');
      bus.publish('reported', reportedBy('a', ['reported']));
    };
    const seen = async () => {
      const open = (await district.stores.checkIntervals.open(['a'])).get('a') ?? [];
      return open.find(({ check }) => check === 'policy-verified:browser')?.seen;
    };

    it('is judged when it has reported, and told nothing where it stands as before', async () => {
      await connect('a');
      await district.publish('p', { browser: { youtube: 'strict' } }, everyone);
      await apply(1);
      await compliance.settled();
      expect(await seen()).toBe('in force and proved');
      const told = district.hear('devices-judged');
      const judged = vi.spyOn(district.stores.posture, 'ofDevices');
      await district.publish('p', { browser: { youtube: 'moderate' } }, everyone);
      await apply(2);
      district.clock.advance(1_000);
      await vi.waitFor(() => expect(judged.mock.calls.flat(2)).toContain('a'), 30_000);
      district.clock.advance(10_000);
      await compliance.settled();
      expect(judged.mock.calls.flat(2).filter((id) => id === 'a')).toEqual(['a']);
      expect(told.flatMap(({ deviceIds }) => deviceIds)).not.toContain('a');
      expect(await seen()).toBe('in force and proved');
    });

    it('is judged after ten seconds when it does not report', async () => {
      await connect('a');
      district.clock.advance(1_000);
      await district.publish('p', { browser: { youtube: 'strict' } }, everyone);
      const judged = vi.spyOn(district.stores.posture, 'ofDevices');
      district.clock.advance(9_999);
      await new Promise((resolve) => setImmediate(resolve));
      expect(judged.mock.calls.flat(2)).not.toContain('a');
      district.clock.advance(1);
      await vi.waitFor(async () => expect(await seen()).toBe('not reported yet'), 30_000);
    });
  });

  it('does not judge again for what no check looks at', async () => {
    await compliance.settled();
    district.stores.posture.ofDevices = () => Promise.reject(new Error('judged'));
    district.bus.publish('reported', reportedBy('a', ['health', 'event'], false));
    await compliance.settled();
    expect(district.errors).toEqual([]);
  });

  it('keeps the history of both', async () => {
    await district.give('a', 'ada');
    for (const firewall of ['on', 'off', 'on']) {
      await observe('a', 'encrypted', firewall);
      await compliance.settled();
      district.clock.advance(hour);
    }
    expect(await states('person', 'ada')).toEqual(['compliant', 'noncompliant', 'compliant']);
    expect((await states('device', 'a')).slice(-3)).toEqual(['compliant', 'noncompliant', 'compliant']);
  });
});
