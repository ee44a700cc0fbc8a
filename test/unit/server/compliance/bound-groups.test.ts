import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ComplianceService } from '../../../../server/compliance/compliance-service.ts';
import { complianceDefaults } from '../../../../server/compliance/judge.ts';
import { DistrictCompliancePolicy } from '../../../../server/compliance/policy.ts';
import { publishGroup } from '../../../../server/store/groups.ts';
import { setPublished } from '../../../../server/store/publishable.ts';
import { compliancePolicyDefaults } from '../../../../shared/compliance/policy.ts';
import type { GroupContent } from '../../../../shared/policy/group.ts';
import type { Selector } from '../../../../shared/policy/selector.ts';
import { FakeClock } from '../../../fakes/clock.ts';
import { openPolicyDistrict, type PolicyDistrict } from '../../../fakes/policy-district.ts';

const day = 86_400_000;
const begin = Date.UTC(2026, 10, 2, 15);
const pilot: Selector = { kind: 'group', group: 'Pilot' };
const list = (...people: string[]): GroupContent => ({ kind: 'list', people, devices: [] });

describe('whom a check binds by a saved group', () => {
  let district: PolicyDistrict;
  let compliance: ComplianceService;
  let policy: DistrictCompliancePolicy;

  beforeEach(async () => {
    district = await openPolicyDistrict(':memory:', new FakeClock(begin));
    await district.addOrg('maple', null);
    for (const id of ['ada', 'ben']) await district.addPerson({ id });
    await district.addDevices(['a', 'b']);
    await district.give('a', 'ada');
    await district.give('b', 'ben');
    await district.stores.groups.insert({
      id: 'g',
      name: 'Pilot',
      description: '',
      draft: list('ada'),
      createdAt: begin,
    });
    policy = new DistrictCompliancePolicy(district);
    const { stores, bus, clock, isConnected, errors } = district;
    const parameters = { ...complianceDefaults, silentAfterMs: 400 * day, oldestAgent: '1.0.0' };
    compliance = new ComplianceService({
      ...{ stores, bus, clock, isConnected, parameters },
      onError: (error) => errors.push(error),
    });
    for (const deviceId of ['a', 'b']) await observe(deviceId);
    await compliance.start();
    await compliance.settled();
  });
  afterEach(async () => {
    await compliance.stop();
    expect(district.errors).toEqual([]);
    await district.close();
  });

  const observe = async (id: string) => {
    const value = JSON.stringify({ state: 'not-encrypted', evidence: 'seen' });
    const row = { device_id: id, name: 'diskEncryption', value, at: district.clock.now() };
    await district.db.insertInto('observation').values(row).execute();
  };
  const bind = async (...binds: Selector[]) => {
    const { version } = await policy.read();
    const checks = [{ check: 'disk-encrypted', counts: true, graceDays: null, severity: null, binds }];
    await policy.save({ ...compliancePolicyDefaults, checks }, version, 'staff:Kim');
    await compliance.settled();
  };
  const publish = async (content: GroupContent) => {
    district.clock.advance(day);
    const said = { content, publishedAt: district.clock.now(), by: 'staff:Kim', note: '' };
    await district.db.transaction().execute((trx) => publishGroup(trx, 'g', said, 0));
    district.bus.publish('policy-changed', {});
  };
  /** Which of the devices fail, as it is stored. */
  const failing = async () => {
    await compliance.settled();
    const open = await district.stores.verdicts.open('device', ['a', 'b']);
    return [...open].flatMap(([id, { state }]) => (state === 'noncompliant' ? [id] : [])).sort();
  };
  const inTime = { timeout: 20_000 };

  it('follows each publication of the group, without another word of the policy', async () => {
    await publish(list('ada'));
    await bind(pilot);
    expect(await failing()).toEqual(['a']);
    await publish(list('ben'));
    await expect.poll(failing, inTime).toEqual(['b']);
    await publish(list('ada', 'ben'));
    await expect.poll(failing, inTime).toEqual(['a', 'b']);
  });

  it('follows a publication that is taken back', async () => {
    await publish(list('ada'));
    await bind(pilot);
    await publish(list('ada', 'ben'));
    await expect.poll(failing, inTime).toEqual(['a', 'b']);
    await district.db.transaction().execute((trx) => setPublished(trx, { kind: 'group', id: 'g' }, 1));
    district.bus.publish('policy-changed', {});
    await expect.poll(failing, inTime).toEqual(['a']);
  });

  it('binds everybody while nobody knows whom it means', async () => {
    await publish(list('ada'));
    await bind(pilot);
    await district.db.transaction().execute((trx) => setPublished(trx, { kind: 'group', id: 'g' }, null));
    district.bus.publish('policy-changed', {});
    await expect.poll(failing, inTime).toEqual(['a', 'b']);
  });

  it('leaves the past as it was when the group changes', async () => {
    await publish(list('ada'));
    await bind(pilot);
    await publish(list('ben'));
    await expect.poll(failing, inTime).toEqual(['b']);
    const past = await district.stores.verdicts.history('device', 'a');
    expect(past.map(({ state, from, to }) => [state, from - begin, to === null ? null : to - begin])).toEqual([
      expect.arrayContaining([2 * day, null]),
      ['noncompliant', 0, 2 * day],
    ]);
  });

  it.each<[string, Selector[], string[]]>([
    ['a platform', [{ kind: 'platform', platform: 'linux' }], ['a', 'b']],
    ['another platform', [{ kind: 'platform', platform: 'win32' }], []],
    ['a version of the system', [{ kind: 'os', atLeast: '12' }], ['a', 'b']],
    ['a later version', [{ kind: 'os', atLeast: '13' }], []],
    ['a kind of custody', [{ kind: 'custody', custody: 'loan' }], ['a', 'b']],
    ['one person left out', [{ kind: 'not', of: { kind: 'person', person: 'ada' } }], ['b']],
    ['a model, which is not known here', [{ kind: 'model', model: 'X' }], ['a', 'b']],
    [
      'several of which one holds',
      [
        { kind: 'person', person: 'ben' },
        { kind: 'tag', tag: 'lab' },
      ],
      ['b'],
    ],
  ])('understands %s', async (_, binds, expected) => {
    await bind(...binds);
    expect(await failing()).toEqual(expected);
  });

  it.each<[string, Selector, RegExp]>([
    ['where a device is', { kind: 'place', place: 'off-campus' }, /^Disk encryption: where a device is/],
    ['a group that is not there', { kind: 'group', group: 'gone' }, /: there is no group “gone”/],
    ['a unit deep inside', { kind: 'not', of: { kind: 'org', org: 'gone' } }, /: the roster has no unit gone/],
  ])('is not saved when it asks %s', async (_, selector, words) => {
    await expect(bind(selector)).rejects.toMatchObject({
      code: 'bad-compliance-policy',
      details: [expect.stringMatching(words)],
    });
  });
});
