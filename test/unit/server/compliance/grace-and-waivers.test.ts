import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ComplianceService } from '../../../../server/compliance/compliance-service.ts';
import { complianceDefaults } from '../../../../server/compliance/judge.ts';
import { DistrictCompliancePolicy } from '../../../../server/compliance/policy.ts';
import { WaiverService } from '../../../../server/compliance/waivers.ts';
import type { SchoolCalendar } from '../../../../shared/calendar/calendar.ts';
import type { CheckPolicy } from '../../../../shared/compliance/policy.ts';
import { FakeClock } from '../../../fakes/clock.ts';
import { openPolicyDistrict, type PolicyDistrict } from '../../../fakes/policy-district.ts';
import { at, calendarIn } from '../../calendar/calendars.ts';

const hour = 3_600_000;
const day = 24 * hour;
/** The Monday before Thanksgiving; the calendar names school on that Monday, Tuesday, and from the next Monday on. */
const monday = at('2026-11-23T10:00-06:00');
const calendar: SchoolCalendar = calendarIn('America/Chicago', {
  terms: [{ title: 'Year', from: '2026-08-17', to: '2027-06-04' }],
  holidays: [{ title: 'Thanksgiving', from: '2026-11-25', to: '2026-11-27' }],
  exceptions: [],
  freezes: [],
});

describe('grace and waivers', () => {
  let district: PolicyDistrict;
  let compliance: ComplianceService;
  let policy: DistrictCompliancePolicy;
  let waivers: WaiverService;

  beforeEach(async () => {
    district = await openPolicyDistrict(':memory:', new FakeClock(monday));
    await district.addOrg('maple', null);
    for (const id of ['ada', 'bob']) await district.addPerson({ id });
    await district.addDevices(['a', 'b', 'c']);
    await district.stores.calendars.save('maple', calendar, monday);
    await district.give('a', 'ada');
    await district.give('b', 'bob');
    policy = new DistrictCompliancePolicy(district);
    waivers = new WaiverService({ ...district, onError: (error) => district.errors.push(error) });
    await waivers.start();
    await start();
  });
  afterEach(async () => {
    await compliance.stop();
    await waivers.stop();
    expect(district.errors).toEqual([]);
    expect(district.clock.pending).toBe(0);
    await district.close();
  });

  const start = async (silentAfterMs = 400 * day) => {
    const { stores, bus, clock, isConnected, errors } = district;
    const parameters = { ...complianceDefaults, silentAfterMs, oldestAgent: '1.0.0' };
    compliance = new ComplianceService({
      ...{ stores, bus, clock, isConnected, parameters },
      onError: (error) => errors.push(error),
    });
    await compliance.start();
    await compliance.settled();
  };
  const observe = async (id: string, diskEncryption: string, firewall = 'on') => {
    for (const [name, state] of Object.entries({ diskEncryption, firewall, localAdmins: 'not-admin' })) {
      const row = { device_id: id, name, value: JSON.stringify({ state, evidence: 'seen' }), at: district.clock.now() };
      await district.db
        .insertInto('observation')
        .values(row)
        .onConflict((conflict) => conflict.columns(['device_id', 'name']).doUpdateSet(row))
        .execute();
    }
    await judge(id);
  };
  const setAgent = async (id: string, version: string) => {
    await district.db.updateTable('device').set({ agent_version: version }).where('id', '=', id).execute();
    await judge(id);
  };
  const judge = async (id: string) => {
    district.bus.publish('device-changed', { deviceIds: [id] });
    await compliance.settled();
  };
  const demand = async (graceDays: number, ...checks: CheckPolicy[]) => {
    const { version } = await policy.read();
    await policy.save({ graceDays, checks }, version, 'staff:Kim');
    await compliance.settled();
  };
  const majorDisk = { check: 'disk-encrypted', counts: true, graceDays: null, severity: 'major' } as const;
  const setCalendar = async (changed: SchoolCalendar) => {
    await district.stores.calendars.save('maple', changed, district.clock.now());
    district.bus.publish('calendars-changed', {});
    await compliance.settled();
  };
  const passTo = async (moment: string) => {
    district.clock.advance(at(moment) - district.clock.now());
    await waivers.settled();
    await compliance.settled();
  };
  const open = async (kind: 'device' | 'person', id: string) =>
    (await district.stores.verdicts.open(kind, [id])).get(id);
  const history = async (kind: 'device' | 'person', id: string) =>
    (await district.stores.verdicts.history(kind, id))
      .toReversed()
      .map(({ state, from }) => `${new Date(from).toISOString().slice(0, 16)} ${state}`);
  const waive = (target: { kind: 'device' | 'person'; id: string }, until: string, check: string | null = null) =>
    waivers.create({ check, target, reason: 'parts on order', until: new Date(at(until)).toISOString() }, 'staff:Kim');

  it('lets a failure pass until the last bell of the last school day, over a break, and then turns by the timer', async () => {
    await demand(2, majorDisk);
    await observe('a', 'encrypted');
    await observe('a', 'not-encrypted');
    const until = at('2026-11-30T15:00-06:00');
    const reasons = ['Disk encryption: not encrypted (in grace until Mon 30 Nov 2026)'];
    expect(await open('device', 'a')).toMatchObject({ state: 'in-grace', until, reasons });
    expect(await open('person', 'ada')).toMatchObject({ state: 'in-grace', until, reasons });
    await passTo('2026-11-30T14:59-06:00');
    expect((await open('device', 'a'))?.state).toBe('in-grace');
    await passTo('2026-11-30T15:00-06:00');
    expect(await open('device', 'a')).toMatchObject({ state: 'noncompliant', from: until });
    expect(await open('person', 'ada')).toMatchObject({ state: 'noncompliant', from: until });
    await observe('a', 'encrypted');
    expect((await open('person', 'ada'))?.state).toBe('compliant');
  });

  it('gives a critical failure no grace, whatever the policy says', async () => {
    await demand(30);
    await observe('a', 'not-encrypted');
    expect((await open('device', 'a'))?.state).toBe('noncompliant');
    await demand(30, { ...majorDisk, severity: 'critical', graceDays: 30 });
    expect((await open('device', 'a'))?.state).toBe('noncompliant');
  });

  it('takes back what had expired when a snow day is added afterwards', async () => {
    await demand(1, majorDisk);
    await observe('a', 'not-encrypted');
    expect((await open('device', 'a'))?.until).toBe(at('2026-11-24T15:00-06:00'));
    await passTo('2026-11-24T15:00-06:00');
    expect((await open('device', 'a'))?.state).toBe('noncompliant');
    await passTo('2026-11-24T16:00-06:00');
    await setCalendar({ ...calendar, exceptions: [{ date: '2026-11-24', title: 'Snow day', bells: null }] });
    expect(await open('device', 'a')).toMatchObject({ state: 'in-grace', until: at('2026-11-30T15:00-06:00') });
    expect(await history('device', 'a')).toEqual(['2026-11-23T16:00 in-grace']);
    expect((await history('person', 'ada')).at(-1)).toBe('2026-11-23T16:00 in-grace');
  });

  it('only moves the end when the deadline moves before it has passed', async () => {
    await demand(1, majorDisk);
    await observe('a', 'not-encrypted');
    const before = await history('device', 'a');
    district.clock.advance(hour);
    await setCalendar({ ...calendar, exceptions: [{ date: '2026-11-24', title: 'Snow day', bells: null }] });
    expect((await open('device', 'a'))?.until).toBe(at('2026-11-30T15:00-06:00'));
    expect(await history('device', 'a')).toEqual(before);
  });

  it('counts weekdays and says so where there is no calendar', async () => {
    await district.stores.calendars.delete('maple');
    await demand(1, majorDisk);
    await observe('a', 'not-encrypted');
    expect(await open('device', 'a')).toMatchObject({
      until: at('2026-11-25T00:00Z'),
      reasons: [
        'Disk encryption: not encrypted (in grace until Tue 24 Nov 2026; weekdays count, for there is no school calendar)',
      ],
    });
  });

  it('waits for a longer calendar where it names too few school days', async () => {
    await setCalendar({ ...calendar, terms: [{ title: 'Fall', from: '2026-08-17', to: '2026-11-23' }] });
    await demand(1, majorDisk);
    await observe('a', 'not-encrypted');
    expect(await open('device', 'a')).toMatchObject({ state: 'in-grace' });
    expect((await open('device', 'a'))?.until).toBeUndefined();
    await setCalendar(calendar);
    expect((await open('device', 'a'))?.until).toBe(at('2026-11-24T15:00-06:00'));
  });

  it('keeps the beginning of a failure over a restart and over silence, and forgets it once it passes', async () => {
    await demand(1, majorDisk);
    await observe('a', 'not-encrypted');
    await compliance.stop();
    district.clock.advance(8 * day);
    await start();
    expect(await open('device', 'a')).toMatchObject({ state: 'noncompliant' });
    await observe('a', 'unknown');
    expect((await open('device', 'a'))?.state).toBe('unknown');
    await observe('a', 'not-encrypted');
    expect((await open('device', 'a'))?.state).toBe('noncompliant');
    district.clock.advance(hour);
    await observe('a', 'encrypted');
    district.clock.advance(hour);
    await observe('a', 'not-encrypted');
    expect((await open('device', 'a'))?.state).toBe('in-grace');
  });

  it('judges by what the policy counts, also by what is read only then', async () => {
    await observe('a', 'encrypted');
    const value = JSON.stringify({ present: true, lostPercent: 90 });
    const row = { device_id: 'a', collector: 'battery', value, at: monday };
    await district.db.insertInto('health').values(row).execute();
    await judge('a');
    expect((await open('device', 'a'))?.state).toBe('compliant');
    await demand(3, { check: 'battery-worn', counts: true, graceDays: 0, severity: null });
    expect(await open('device', 'a')).toMatchObject({ state: 'noncompliant' });
    await district.db
      .updateTable('health')
      .set({ value: JSON.stringify({ present: false }) })
      .execute();
    await judge('a');
    expect((await open('device', 'a'))?.state).toBe('compliant');
    await demand(3, { check: 'disk-encrypted', counts: false, graceDays: null, severity: null });
    await observe('a', 'not-encrypted');
    expect((await open('device', 'a'))?.state).toBe('compliant');
  });

  it('moves exactly the intervals of a waived device and its person, with an event that says who', async () => {
    for (const id of ['a', 'b', 'c']) await observe(id, 'not-encrypted');
    const others = async () => [
      await history('device', 'b'),
      await history('device', 'c'),
      await history('person', 'bob'),
    ];
    const before = await others();
    district.clock.advance(hour);
    await waive({ kind: 'device', id: 'a' }, '2026-12-10T12:00-06:00', 'disk-encrypted');
    await compliance.settled();
    const until = at('2026-12-10T12:00-06:00');
    const reasons = ['Disk encryption: not encrypted (waived until Thu 10 Dec 2026 by Kim)'];
    expect(await open('device', 'a')).toMatchObject({ state: 'waived', until, reasons, from: monday + hour });
    expect(await open('person', 'ada')).toMatchObject({ state: 'waived', until, reasons, from: monday + hour });
    expect(await others()).toEqual(before);
    await passTo('2026-12-10T12:00-06:00');
    expect(await open('device', 'a')).toMatchObject({ state: 'noncompliant', from: until });
    expect(await open('person', 'ada')).toMatchObject({ state: 'noncompliant', from: until });
    expect(await others()).toEqual(before);
    expect(
      district.said
        .filter(({ code }) => code.startsWith('waiver'))
        .map(({ actor, code, words }) => [actor, code, words]),
    ).toEqual([
      [
        'staff:Kim',
        'waiver-made',
        'Waiver of “Disk encryption” for this device until 2026-12-10T18:00:00.000Z. parts on order',
      ],
      ['server', 'waiver-ended', 'Waiver of “Disk encryption” for this device ended by itself.'],
    ]);
  });

  it('follows a person’s waiver to the device they get, and not to the one they gave back', async () => {
    for (const id of ['a', 'c']) await observe(id, 'not-encrypted');
    await waive({ kind: 'person', id: 'ada' }, '2026-12-10T12:00-06:00');
    await compliance.settled();
    expect((await open('person', 'ada'))?.state).toBe('waived');
    district.clock.advance(hour);
    await district.give('a', 'bob');
    await district.give('c', 'ada');
    await compliance.settled();
    expect((await open('device', 'a'))?.state).toBe('noncompliant');
    expect((await open('device', 'c'))?.state).toBe('waived');
  });

  it('lets only what is named pass', async () => {
    await observe('a', 'not-encrypted', 'off');
    await waive({ kind: 'device', id: 'a' }, '2026-12-10T12:00-06:00', 'disk-encrypted');
    await compliance.settled();
    expect(await open('device', 'a')).toMatchObject({ state: 'noncompliant', reasons: ['Firewall: off'] });
    await waive({ kind: 'device', id: 'a' }, '2026-12-05T12:00-06:00');
    await compliance.settled();
    expect(await open('device', 'a')).toMatchObject({ state: 'waived', until: at('2026-12-05T12:00-06:00') });
  });

  it('ends early when somebody says so, once', async () => {
    await observe('a', 'not-encrypted');
    const { id } = await waive({ kind: 'device', id: 'a' }, '2026-12-10T12:00-06:00');
    await compliance.settled();
    district.clock.advance(hour);
    expect(await waivers.end(id, 'staff:Lee')).toMatchObject({ inForce: false });
    await compliance.settled();
    expect(await open('device', 'a')).toMatchObject({ state: 'noncompliant', from: monday + hour });
    expect(district.said.at(-1)).toMatchObject({ actor: 'staff:Lee', code: 'waiver-ended', subject: { id: 'a' } });
    await expect(waivers.end(id, 'staff:Lee')).rejects.toMatchObject({ code: 'conflict' });
    await expect(waivers.end('none', 'staff:Lee')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('ends at start what ended while the server was away', async () => {
    await waive({ kind: 'device', id: 'a' }, '2026-11-24T12:00-06:00');
    await waivers.stop();
    await passTo('2026-11-25T12:00-06:00');
    await waivers.start();
    expect((await waivers.list({ inForce: false })).items).toHaveLength(1);
    expect(district.said.at(-1)).toMatchObject({ actor: 'server', code: 'waiver-ended' });
  });

  it.each<[string, Partial<Parameters<WaiverService['create']>[0]>, string]>([
    ['a device nobody knows', { target: { kind: 'device', id: 'x' } }, 'not-found'],
    ['a person nobody knows', { target: { kind: 'person', id: 'x' } }, 'not-found'],
    ['a check there is not', { check: 'tidy-desk' }, 'bad-waiver'],
    ['an end that is no time', { until: 'soon' }, 'bad-waiver'],
    ['an end in the past', { until: '2026-11-22T00:00:00Z' }, 'bad-waiver'],
    ['more than a year', { until: '2027-11-30T00:00:00Z' }, 'bad-waiver'],
  ])('refuses %s', async (_, wrong, code) => {
    const input = {
      check: null,
      target: { kind: 'device', id: 'a' },
      reason: 'why not',
      until: '2026-12-01T00:00:00Z',
    } as const;
    await expect(waivers.create({ ...input, ...wrong }, 'staff:Kim')).rejects.toMatchObject({ code });
    expect((await waivers.list({})).total).toBe(0);
    expect(district.said.filter(({ code: said }) => said === 'waiver-made')).toEqual([]);
  });

  it('refuses a policy with checks that there are not, or twice, and one made on an older version', async () => {
    await expect(
      policy.save({ graceDays: 5, checks: [{ ...majorDisk, check: 'x' }, majorDisk, majorDisk] }, 0, 'staff:Kim'),
    ).rejects.toMatchObject({
      code: 'bad-compliance-policy',
      details: ['There is no check “x”.', 'The check “disk-encrypted” is named twice.'],
    });
    await policy.save({ graceDays: 3, checks: [majorDisk] }, 0, 'staff:Kim');
    await expect(policy.save({ graceDays: 4, checks: [] }, 0, 'staff:Lee')).rejects.toMatchObject({
      code: 'changed-meanwhile',
    });
    expect(await policy.read()).toMatchObject({ version: 1, policy: { graceDays: 3 } });
    expect(district.said.at(-1)).toMatchObject({
      actor: 'staff:Kim',
      words: 'The compliance policy was saved: grace of 3 school days, disk encryption.',
    });
  });

  it('takes a laptop that is shut over a break for silent only after school days', async () => {
    await observe('a', 'encrypted');
    await compliance.stop();
    await start(2 * day);
    await passTo('2026-11-30T14:59-06:00');
    expect((await open('device', 'a'))?.state).toBe('compliant');
    await passTo('2026-11-30T15:00-06:00');
    expect(await open('device', 'a')).toMatchObject({ state: 'silent', from: at('2026-11-30T15:00-06:00') });
    await setCalendar({ ...calendar, terms: [{ title: 'Fall', from: '2026-08-17', to: '2026-11-23' }] });
    expect((await open('device', 'a'))?.state).toBe('compliant');
  });

  it('keeps the agent’s version in grace by default', async () => {
    await observe('a', 'encrypted');
    await setAgent('a', '0.9.0');
    expect(await open('device', 'a')).toMatchObject({ state: 'in-grace', until: at('2026-12-03T15:00-06:00') });
  });
});
