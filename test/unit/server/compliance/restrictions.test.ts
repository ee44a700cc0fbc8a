import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { brakeOf } from '../../../../server/compliance/restriction-brake.ts';
import type { StandingDevice } from '../../../../server/compliance/restriction-plan.ts';
import { RestrictionService } from '../../../../server/compliance/restrictions.ts';
import { graceDeadline } from '../../../../shared/compliance/grace.ts';
import type { CompliancePolicy } from '../../../../shared/compliance/policy.ts';
import type { CheckFinding } from '../../../../shared/compliance/verdict.ts';
import type { ErrorCode } from '../../../../shared/errors/catalogue.ts';
import { openPolicyDistrict, type PolicyDistrict } from '../../../fakes/policy-district.ts';

const hour = 3_600_000;
const narrow = { browser: { blockedUrls: ['*'] } };

describe('restrictions', () => {
  let district: PolicyDistrict;
  let service: RestrictionService;
  let profile: string;
  let policy: CompliancePolicy;
  /** Device → what is found on it; absent: out of service. */
  let found: Map<string, CheckFinding[]>;
  /** Devices that were asked about. */
  let asked: string[];

  beforeEach(async () => {
    district = await openPolicyDistrict();
    await district.addOrg('maple', null);
    for (const id of ['ada', 'bob']) await district.addPerson({ id });
    await district.addDevices(['a', 'b', 'spare']);
    await district.give('a', 'ada');
    await district.give('b', 'bob');
    profile = await district.publish('School sites only', narrow);
    found = new Map();
    asked = [];
    await follow({ profileId: profile, afterDays: 0 });
    await start();
  });
  afterEach(async () => {
    await service.stop();
    expect(district.errors).toEqual([]);
    await district.close();
  });

  const start = async () => {
    const { stores, events, bus, clock, random, errors } = district;
    const judged = async (ids: readonly string[]) => {
      asked.push(...ids);
      const inService = ids.filter((id) => found.has(id));
      return new Map(inService.map((id): [string, StandingDevice] => [id, standing(found.get(id) ?? [])]));
    };
    service = new RestrictionService({
      ...{ stores, events, bus, clock, random, judged },
      onError: (error) => errors.push(error),
    });
    await service.start();
  };
  const standing = (findings: CheckFinding[]): StandingDevice => ({ findings, policy, calendar: undefined });
  const follow = async (restrict: NonNullable<CompliancePolicy['steps']>['restrict']) => {
    policy = { graceDays: 5, checks: [], steps: { remindDays: 1, restrict } };
    const { documents, compliancePolicies } = district.stores;
    const version = (await documents.read('compliance-policy'))?.version ?? 0;
    await compliancePolicies.save(policy, version, { at: district.clock.now(), by: 'test' });
  };
  const finding = (change: Partial<CheckFinding> = {}): CheckFinding => ({
    ...{ check: 'firewall-on', title: 'Firewall', status: 'fail', expected: 'on', actual: 'off', why: '', fix: '' },
    ...{ severity: 'critical', failingSince: new Date(district.clock.now()).toISOString() },
    ...change,
  });
  /** As the judge would have it: the findings, and a verdict that says so. */
  const judge = async (findings: Record<string, CheckFinding[]>) => {
    for (const [id, all] of Object.entries(findings)) {
      found.set(id, all);
      const fails = all.some(({ status, waiver }) => status === 'fail' && !waiver);
      await district.db.deleteFrom('verdict').where('subject_id', '=', id).execute();
      const row = { subject_kind: 'device', subject_id: id, reasons: '[]', from_at: 1, to_at: null, custody_id: null };
      const state = fails ? 'noncompliant' : 'compliant';
      await district.db
        .insertInto('verdict')
        .values({ ...row, state })
        .execute();
    }
    district.bus.publish('devices-judged', { deviceIds: Object.keys(findings) });
    await settled();
  };
  const settled = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    await service.settled();
  };
  const open = async () => [...(await district.stores.restrictions.open()).keys()].sort();
  const told = () => district.said.map(({ code }) => code).filter((code) => code.includes('restrict'));
  const lastReason = async () => (await service.list({ open: false })).items[0]?.endReason;
  const refusal = async (promise: Promise<unknown>): Promise<ErrorCode | undefined> =>
    await promise.then(
      () => undefined,
      (error: { code: ErrorCode }) => error.code,
    );

  it('begin when the policy waited long enough, for that device alone, and say why', async () => {
    const heard = district.hear('restrictions-changed');
    await judge({ a: [finding()], b: [finding({ status: 'pass' })] });
    expect(await open()).toEqual(['a']);
    expect(heard).toEqual([{ deviceIds: ['a'] }]);
    const { items } = await service.list({ open: true });
    expect(items).toMatchObject([
      { device: { id: 'a' }, person: { id: 'ada' }, profile: { name: 'School sites only' }, reason: 'Firewall: off' },
    ]);
    expect(district.said.at(-1)).toMatchObject({ actor: 'server', code: 'device-restricted', subject: { id: 'a' } });
    await judge({ a: [finding()] });
    expect([await open(), told()]).toEqual([['a'], ['device-restricted']]);
  });

  it('wait while there is grace, and begin in the pass after it is over', async () => {
    const until = new Date(district.clock.now() + hour).toISOString();
    const inGrace = finding({ severity: 'major', grace: { until, words: 'in grace' } });
    await judge({ a: [inGrace] });
    expect(await open()).toEqual([]);
    district.clock.advance(hour);
    await judge({ a: [inGrace] });
    expect(await open()).toEqual(['a']);
  });

  it('give whoever is handed a failing device the whole time from then on', async () => {
    await follow({ profileId: profile, afterDays: 2 });
    const old = finding({ failingSince: new Date(district.clock.now() - 30 * 24 * hour).toISOString() });
    const since = district.clock.now();
    await judge({ a: [old] });
    expect(await open()).toEqual([]);
    district.clock.advance(graceDeadline(undefined, since, 2) - since - 1);
    await settled();
    expect(await open()).toEqual([]);
    district.clock.advance(1);
    await settled();
    expect(await open()).toEqual(['a']);
  });

  it('reach nobody of whom nothing is known, and no device that nobody holds', async () => {
    await judge({ a: [finding({ status: 'unknown' })], spare: [finding()] });
    expect(await open()).toEqual([]);
  });

  const waiver = () => ({ until: new Date(district.clock.now() + hour).toISOString(), words: 'waived' });
  it.each<[string, () => Promise<void>, string]>([
    ['it is put right', () => judge({ a: [finding({ status: 'pass' })] }), 'put right'],
    ['it no longer applies', () => judge({ a: [finding({ status: 'not-applicable' })] }), 'put right'],
    ['it is waived', () => judge({ a: [finding({ waiver: waiver() })] }), 'waived'],
    ['it only informs now', () => judge({ a: [finding({ severity: 'minor' })] }), 'put right'],
    ['the device is handed back', () => handBack(), 'the device was handed back'],
    ['somebody else has the device', () => district.give('a', 'bob').then(settled), 'somebody else has the device'],
    ['the device is revoked', () => revoke(), 'the device is out of service'],
    ['the policy restricts nobody', () => follow(null).then(again), 'the policy restricts nobody any more'],
    [
      'the policy gives more time',
      () => follow({ profileId: profile, afterDays: 9 }).then(again),
      'what still fails has more time',
    ],
    ['its profile is gone', () => unpublish(), 'its profile is not published any more'],
    ['its profile would shut people out', () => publishFirewall(), expect.stringContaining('also sets firewall')],
  ])('end at once when %s', async (_, change, reason) => {
    await judge({ a: [finding()] });
    expect(await open()).toEqual(['a']);
    await change();
    expect(await open()).toEqual([]);
    expect(await lastReason()).toEqual(reason);
    expect(told()).toEqual(['device-restricted', 'restriction-lifted']);
    expect(district.said.at(-1)).toMatchObject({ code: 'restriction-lifted', subject: { kind: 'device', id: 'a' } });
  });

  const again = () => judge({ a: found.get('a') ?? [] });
  const handBack = async () => {
    await district.stores.custody.close('a', district.clock.now(), 'returned');
    district.bus.publish('device-changed', { deviceIds: ['a'] });
    await settled();
  };
  const revoke = async () => {
    found.delete('a');
    district.bus.publish('device-revoked', { deviceId: 'a' });
    await settled();
  };
  const unpublish = async () => {
    await district.db.updateTable('profile').set({ published_revision: null }).where('id', '=', profile).execute();
    district.bus.publish('policy-changed', {});
    await settled();
  };
  const publishFirewall = async () => {
    await district.publish('School sites only', { ...narrow, firewall: {} });
    await settled();
  };

  it('go on while nothing is known of what failed, for a device could win by keeping silent', async () => {
    await judge({ a: [finding()] });
    await judge({ a: [finding({ status: 'unknown' })] });
    expect(await open()).toEqual(['a']);
    const { failingSince: _, ...forgotten } = finding({ status: 'unknown' });
    await judge({ a: [forgotten] });
    expect(await open()).toEqual([]);
  });

  it('go on while something else still fails', async () => {
    const disk = finding({ check: 'disk-encrypted', title: 'Disk encryption' });
    await judge({ a: [finding(), disk] });
    await judge({ a: [finding({ status: 'pass' }), disk] });
    expect(await open()).toEqual(['a']);
    await judge({ a: [finding({ status: 'pass' }), finding({ ...disk, waiver: waiver() })] });
    expect(await open()).toEqual([]);
  });

  it('follow the policy to another profile without a gap', async () => {
    await judge({ a: [finding()] });
    const before = (await district.stores.restrictions.open()).get('a');
    const other = await district.publish('Sign-in pages only', narrow);
    await follow({ profileId: other, afterDays: 0 });
    await again();
    expect((await district.stores.restrictions.open()).get('a')).toEqual({ ...before, profileId: other });
    expect(told()).toEqual(['device-restricted', 'restriction-moved']);
  });

  it('are looked at for a publication only where the restricting profile differs', async () => {
    const { posture, profiles } = district.stores;
    await district.publish('Something else', { browser: { youtube: 'strict' } }, { kind: 'everyone' });
    await settled();
    const all = vi.spyOn(posture, 'deviceIds');
    district.bus.publish('policy-changed', {});
    await settled();
    expect(all).not.toHaveBeenCalled();
    vi.spyOn(profiles, 'find').mockResolvedValue(undefined);
    district.bus.publish('policy-changed', {});
    await settled();
    expect(all).toHaveBeenCalledOnce();
  });

  it('cost nothing for devices that are well', async () => {
    await judge({ b: [finding({ status: 'pass' })] });
    expect(asked).toEqual([]);
  });

  it('are as they were after a restart, and follow what happened meanwhile', async () => {
    await judge({ a: [finding()], b: [finding()] });
    await service.stop();
    found.set('a', [finding({ status: 'pass' })]);
    await start();
    expect(await open()).toEqual(['b']);
  });

  describe('of many at once', () => {
    const many = Array.from({ length: 30 }, (_, index) => `m${String(index).padStart(2, '0')}`);

    beforeEach(async () => {
      await district.addDevices(many);
      for (const id of many) {
        await district.addPerson({ id: `p-${id}` });
        await district.give(id, `p-${id}`);
      }
      await settled();
      district.said.length = 0;
    });
    const failAll = (ids: readonly string[]) => judge(Object.fromEntries(ids.map((id) => [id, [finding()]])));
    const confirm = async (waiting: number) =>
      await service.decideHold({ action: 'confirm', reason: 'looked at it', waiting }, 'staff:Ada');

    it('are held until somebody looked, who is told how many and why', async () => {
      await failAll(many);
      expect(await open()).toEqual([]);
      expect(told()).toEqual(['restrictions-held']);
      const hold = await service.hold();
      expect(hold).toMatchObject({ held: { by: 'server' }, waiting: 30, open: 0, brake: 20 });
      expect(hold.sample[0]).toEqual({ device: { id: 'm00', name: 'laptop m00' }, reason: 'Firewall: off' });
      await failAll(many);
      expect(told()).toEqual(['restrictions-held']);
    });

    it('begin when somebody confirmed them, and the next few after that begin by themselves', async () => {
      await failAll(many);
      expect(await confirm(30)).toMatchObject({ held: null, waiting: 0, open: 30 });
      expect(district.said.find(({ code }) => code === 'restrictions-confirmed')?.actor).toBe('staff:Ada');
      await judge({ a: [finding()] });
      expect((await open()).length).toBe(31);
    });

    it('count all of an hour together, and forget what is older', async () => {
      await failAll(many.slice(0, 20));
      expect((await open()).length).toBe(20);
      await judge({ a: [finding()] });
      expect([(await open()).length, (await service.hold()).waiting]).toEqual([20, 1]);
      await judge({ a: [finding({ status: 'pass' })] });
      expect((await service.hold()).held).toBeNull();
      district.clock.advance(hour + 1);
      await judge({ a: [finding()] });
      expect((await open()).length).toBe(21);
    });

    it('are let go when the policy was mended, and nothing is held any more', async () => {
      await failAll(many);
      await follow({ profileId: profile, afterDays: 9 });
      await failAll(many);
      expect(await service.hold()).toMatchObject({ held: null, waiting: 0, open: 0 });
      expect(told()).toEqual(['restrictions-held', 'restrictions-released']);
    });

    it('stay held over a restart', async () => {
      await failAll(many);
      await service.stop();
      await start();
      expect(await service.hold()).toMatchObject({ held: { by: 'server' }, waiting: 30 });
      expect(await open()).toEqual([]);
    });

    it('are not confirmed when more wait than the person saw', async () => {
      await failAll(many.slice(0, 25));
      await failAll(many);
      expect(await refusal(confirm(25))).toBe('changed-meanwhile');
      expect(await open()).toEqual([]);
    });

    it('still end while others are held', async () => {
      await judge({ a: [finding()] });
      await failAll(many);
      await judge({ a: [finding({ status: 'pass' })] });
      expect(await open()).toEqual([]);
      expect((await service.hold()).waiting).toBe(30);
    });
  });

  it('can be held by a person, once, and let go, once', async () => {
    const decide = (action: 'hold' | 'confirm', reason = 'exams this week') =>
      service.decideHold({ action, reason, waiting: 5 }, 'staff:Ada');
    expect(await refusal(decide('confirm'))).toBe('conflict');
    expect((await decide('hold')).held).toMatchObject({ by: 'staff:Ada', reason: 'exams this week' });
    expect(await refusal(decide('hold'))).toBe('conflict');
    expect(await refusal(decide('confirm', '\u0007\u0007\u0007'))).toBe('bad-request');
    await judge({ a: [finding()] });
    await judge({ a: [finding({ status: 'pass' })] });
    expect((await service.hold()).held).not.toBeNull();
    await judge({ a: [finding()] });
    expect(await decide('confirm')).toMatchObject({ held: null, open: 1 });
  });

  it.each([
    [0, 20],
    [399, 20],
    [400, 20],
    [1_000, 50],
    [60_000, 3_000],
  ])('of a fleet of %i are held beyond %i in an hour', (fleet, brake) => {
    expect(brakeOf(fleet)).toBe(brake);
  });
});
