import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ComplianceService } from '../../../../server/compliance/compliance-service.ts';
import { complianceDefaults } from '../../../../server/compliance/judge.ts';
import { DistrictCompliancePolicy } from '../../../../server/compliance/policy.ts';
import { PolicyPreviews } from '../../../../server/compliance/preview.ts';
import { PeopleNamesView } from '../../../../server/store/views/people-names.ts';
import type { CompliancePolicy } from '../../../../shared/compliance/policy.ts';
import { verdictStates } from '../../../../shared/compliance/verdict.ts';
import { FakeClock } from '../../../fakes/clock.ts';
import { openPolicyDistrict, type PolicyDistrict } from '../../../fakes/policy-district.ts';

const start = Date.UTC(2026, 2, 2, 15);
const day = 86_400_000;
const parameters = { ...complianceDefaults, oldestAgent: '1.0.0' };
const devices = ['a', 'b', 'c', 'd'];

const device = fc.record({
  firewall: fc.constantFrom('on', 'off', 'unknown'),
  diskEncryption: fc.constantFrom('encrypted', 'not-encrypted'),
  usedPercent: fc.constantFrom(10, 80, 99),
  holder: fc.constantFrom('ada', 'bob', null),
});
const rule = (check: string) => ({ check, counts: true, graceDays: null });
const policies = fc.record({
  graceDays: fc.integer({ min: 0, max: 4 }),
  checks: fc.record({
    firewall: fc.boolean(),
    severity: fc.constantFrom('critical' as const, 'major' as const),
    leastFreePercent: fc.option(fc.constantFrom(5, 30)),
  }),
});

type Chosen = typeof policies extends fc.Arbitrary<infer T> ? T : never;

function policyOf({ graceDays, checks }: Chosen): CompliancePolicy {
  const { firewall, severity, leastFreePercent } = checks;
  const parametersOfDisk = leastFreePercent === null ? {} : { parameters: { leastFreePercent } };
  return {
    graceDays,
    checks: [
      { ...rule('firewall-on'), counts: firewall, severity },
      { ...rule('disk-encrypted'), severity: 'major' },
      { ...rule('disk-space'), severity: 'major', ...parametersOfDisk },
    ],
  };
}

it('a preview says how all stand, and how they do once the policy is saved', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(device, { minLength: 1, maxLength: 4 }),
      policies,
      policies,
      async (all, first, second) => {
        const district = await openPolicyDistrict(':memory:', new FakeClock(start));
        const { stores, bus, clock, isConnected, errors, db } = district;
        const onError = (error: unknown) => void errors.push(error);
        const policy = new DistrictCompliancePolicy(district);
        const compliance = new ComplianceService({ stores, bus, clock, isConnected, parameters, onError });
        const cases = (ids: readonly string[]) => compliance.cases(ids);
        const previews = new PolicyPreviews({ stores, names: new PeopleNamesView(db), clock, parameters, cases });
        await fill(district, all);
        await policy.save(policyOf(first), 0, 'staff:Kim');
        await compliance.start();
        await compliance.settled();
        clock.advance(2 * day);
        await compliance.settled();

        const preview = await previews.preview(policyOf(first), policyOf(second));
        expect(preview.devices.before).toEqual(await standing(district, 'device'));
        expect(preview.people.before).toEqual(await standing(district, 'person'));
        await policy.save(policyOf(second), 1, 'staff:Kim');
        await compliance.settled();
        expect(preview.devices.after).toEqual(await standing(district, 'device'));
        expect(preview.people.after).toEqual(await standing(district, 'person'));
        expect(errors).toEqual([]);
        await compliance.stop();
        await district.close();
      },
    ),
    { numRuns: 25 },
  );
});

it('a preview that nobody waits for any more is not worked out, and holds up no other', async () => {
  const district = await openPolicyDistrict(':memory:', new FakeClock(start));
  const { stores, bus, clock, isConnected, db } = district;
  await district.addDevices(['a']);
  const compliance = new ComplianceService({ stores, bus, clock, isConnected, parameters, onError: () => undefined });
  const read: (readonly string[])[] = [];
  const cases = (ids: readonly string[]) => {
    read.push(ids);
    return compliance.cases(ids);
  };
  const previews = new PolicyPreviews({ stores, names: new PeopleNamesView(db), clock, parameters, cases });
  const policy = policyOf({ graceDays: 1, checks: { firewall: true, severity: 'major', leastFreePercent: null } });
  const gone = new AbortController();
  const [first, withdrawn, last] = [
    previews.preview(policy, policy),
    previews.preview(policy, policy, gone.signal),
    previews.preview(policy, policy),
  ];
  gone.abort();
  await expect(withdrawn).rejects.toMatchObject({ code: 'bad-request' });
  expect(await first).toEqual(await last);
  expect(read).toEqual([['a'], ['a']]);
  await district.close();
});

type Seen = typeof device extends fc.Arbitrary<infer T> ? T : never;

async function fill(district: PolicyDistrict, all: readonly Seen[]) {
  const { db } = district;
  await district.addOrg('maple', null);
  for (const id of ['ada', 'bob']) await district.addPerson({ id });
  await district.addDevices(devices.slice(0, all.length));
  for (const [n, { holder, usedPercent, ...states }] of all.entries()) {
    const id = devices[n] ?? '';
    if (holder) await district.give(id, holder);
    for (const [name, state] of Object.entries({ ...states, localAdmins: 'not-admin' })) {
      const value = JSON.stringify({ state, evidence: 'x' });
      await db.insertInto('observation').values({ device_id: id, name, value, at: start }).execute();
    }
    const volumes = [{ mount: '/', kind: 'ext4', sizeBytes: 250e9, usedPercent }];
    const value = JSON.stringify({ volumes, drives: [] });
    await db.insertInto('health').values({ device_id: id, collector: 'disks', at: start, value }).execute();
  }
}

/** How many are in each state now, as it is stored. */
async function standing({ stores }: PolicyDistrict, kind: 'device' | 'person'): Promise<Record<string, number>> {
  const counts = Object.fromEntries(verdictStates.map((state) => [state, 0]));
  for (const { state } of (await stores.verdicts.open(kind)).values()) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}
