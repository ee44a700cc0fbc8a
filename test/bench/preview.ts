import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { ComplianceService } from '../../server/compliance/compliance-service.ts';
import { complianceDefaults } from '../../server/compliance/judge.ts';
import { PolicyPreviews } from '../../server/compliance/preview.ts';
import { inChunks } from '../../server/store/chunks.ts';
import { PeopleNamesView } from '../../server/store/views/people-names.ts';
import { type CompliancePolicy, compliancePolicyDefaults } from '../../shared/compliance/policy.ts';
import { FakeClock } from '../fakes/clock.ts';
import { openPolicyDistrict, type PolicyDistrict } from '../fakes/policy-district.ts';
import { bench } from './bench.ts';
import type { Report } from './report.ts';

const now = Date.UTC(2026, 10, 20, 17);
const peopleInASchool = 1_000;
const parameters = { ...complianceDefaults, oldestAgent: '1.0.0' };

const rule = { graceDays: null, severity: null };
const proposals: Record<string, CompliancePolicy> = {
  'the policy in force': compliancePolicyDefaults,
  'less grace, one check more': {
    ...compliancePolicyDefaults,
    ...{ graceDays: 1, checks: [{ ...rule, check: 'updates-automatic', counts: true, severity: 'major' }] },
  },
  'a parameter of a check': {
    ...compliancePolicyDefaults,
    checks: [{ ...rule, check: 'disk-space', counts: true, parameters: { leastFreePercent: 30 } }],
  },
};

/** What a preview of the compliance policy costs, and for how long it keeps the server from everything else. */
export const preview = bench({
  summary: 'previews of the compliance policy: processor time, and the longest the server hears nothing meanwhile',
  sizes: { devices: { default: 2_000, words: 'devices in service, each with a person and all its observations' } },
  async run({ devices }, report, scope) {
    const district = await openPolicyDistrict(join(scope.folder('preview'), 'rollcall.db'), new FakeClock(now));
    scope.defer(() => district.close());
    await fill(district, devices);
    const { stores, bus, clock, isConnected, errors, db } = district;
    const onError = (error: unknown) => void errors.push(error);
    const compliance = new ComplianceService({ stores, bus, clock, isConnected, parameters, onError });
    await measured('first verdicts of all', report, async () => {
      await compliance.start();
      await compliance.settled();
    });
    scope.defer(() => compliance.stop());
    const cases = (ids: readonly string[]) => compliance.cases(ids);
    report.note('\n“Longest unheard”: ms in which the server looked at no socket.\n');
    const previews = new PolicyPreviews({ stores, names: new PeopleNamesView(db), clock, parameters, cases });
    for (const [name, proposed] of Object.entries(proposals))
      await measured(name, report, async () => {
        const { changed } = await previews.preview(compliancePolicyDefaults, proposed);
        report.figure(`${name}: people who change`, changed, '');
      });
    if (errors.length > 0) throw errors[0];
  },
});

async function measured(name: string, report: Report, run: () => Promise<void>): Promise<void> {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const [started, used] = [performance.now(), process.cpuUsage()];
  await run();
  const { user, system } = process.cpuUsage(used);
  delay.disable();
  report.figure(`${name}: processor time`, (user + system) / 1e6, 's');
  report.figure(`${name}: elapsed`, (performance.now() - started) / 1e3, 's');
  report.figure(`${name}: longest unheard`, delay.max / 1e6, 'ms');
}

/** One device in ten does not encrypt its disk; one in seven does not update by itself. */
async function fill({ db, addOrg, addDevices }: PolicyDistrict, devices: number): Promise<void> {
  const all = Array.from({ length: devices }, (_, n) => n);
  const school = (n: number) => `school-${Math.floor(n / peopleInASchool)}`;
  for (const id of new Set(all.map(school))) await addOrg(id, null);
  await addDevices(all.map((n) => `device-${n}`));
  await inChunks(
    all,
    async (some) => {
      const people = some.map((n) => ({
        ...{ id: `person-${n}`, sourced_id: `person-${n}`, given_name: `Given${n}`, family_name: 'Example' },
        ...{ username: `person-${n}`, email: null, role: 'student', grade: '06', org_id: school(n) },
        ...{ active: 1, updated_at: now },
      }));
      await db.insertInto('person').values(people).execute();
      const custodies = some.map((n) => ({
        ...{ id: `custody-${n}`, device_id: `device-${n}`, person_id: `person-${n}`, kind: 'primary' },
        ...{ starts_at: now - 1, by_actor: 'bench' },
      }));
      await db.insertInto('custody').values(custodies).execute();
      await db.insertInto('observation').values(some.flatMap(observationsOf)).execute();
      await db.insertInto('health').values(some.map(disksOf)).execute();
      return [];
    },
    500,
  );
}

function observationsOf(n: number) {
  const states = {
    diskEncryption: n % 10 === 0 ? 'not-encrypted' : 'encrypted',
    firewall: 'on',
    localAdmins: 'not-admin',
    screenLock: 'on',
    updates: n % 7 === 0 ? 'off' : 'on',
    usbStorage: 'blocked',
    guestAccount: 'off',
    antivirus: 'on',
    secureBoot: 'on',
    timeSync: 'on',
  };
  return Object.entries(states).map(([name, state]) => ({
    ...{ device_id: `device-${n}`, name, at: now },
    value: JSON.stringify({ state, evidence: 'as the system said' }),
  }));
}

function disksOf(n: number) {
  const volumes = [{ mount: '/', kind: 'ext4', sizeBytes: 250e9, usedPercent: n % 100 }];
  return { device_id: `device-${n}`, collector: 'disks', at: now, value: JSON.stringify({ volumes, drives: [] }) };
}
