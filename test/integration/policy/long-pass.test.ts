import { afterEach, beforeEach, expect, it } from 'vitest';
import { ComplianceService } from '../../../server/compliance/compliance-service.ts';
import { complianceDefaults } from '../../../server/compliance/judge.ts';
import type { ReportRecord } from '../../../shared/protocol/messages.ts';
import { openPolicyDistrict, type PolicyDistrict } from '../../fakes/policy-district.ts';
import { reportedBy } from '../../fakes/reported.ts';

const minute = 60_000;

let district: PolicyDistrict;
let compliance: ComplianceService;

beforeEach(async () => {
  district = await openPolicyDistrict();
  const { stores, bus, clock, isConnected, errors } = district;
  await district.addOrg('maple', null);
  for (const id of ['ada', 'bob']) await district.addPerson({ id });
  await district.addDevices([...Array.from({ length: 500 }, (_, i) => `a${i}`), 'last']);
  await district.give('last', 'ada');
  const parameters = { ...complianceDefaults, oldestAgent: '1.0.0' };
  const onError = (error: unknown) => errors.push(error);
  compliance = new ComplianceService({ stores, bus, clock, isConnected, parameters, onError });
  await compliance.start();
  await compliance.settled();
  clock.advance(minute);
});

afterEach(async () => {
  await compliance.stop();
  await district.close();
  expect(district.errors).toEqual([]);
});

it('what a device says and who gets it while everybody is judged is taken for when it was', async () => {
  const { stores, bus, clock, db } = district;
  const write = stores.judgements.write.bind(stores.judgements);
  let handedOn = 0;
  let saidAt = 0;
  stores.judgements.write = async (found) => {
    stores.judgements.write = write;
    await write(found);
    clock.advance(minute);
    handedOn = clock.now();
    await district.give('last', 'bob');
    clock.advance(minute);
    saidAt = clock.now();
    const value = { state: 'off', evidence: 'x' };
    const record = { kind: 'observation', at: saidAt, name: 'firewall', value } as unknown as ReportRecord;
    await stores.reports.commit([{ deviceId: 'last', epoch: 'e', sequence: 1, records: [record] }], saidAt);
    bus.publish('reported', reportedBy('last', ['observation']));
    clock.advance(minute);
  };
  bus.publish('compliance-policy-changed', {});
  await compliance.settled();

  const rows = await db
    .selectFrom('check_interval')
    .innerJoin('custody', 'custody.id', 'check_interval.custody_id')
    .select(['status', 'from_at', 'to_at', 'person_id'])
    .where('check_interval.device_id', '=', 'last')
    .where('check_name', '=', 'firewall-on')
    .orderBy('from_at')
    .execute();
  expect(rows.slice(1)).toEqual([
    { status: 'unknown', from_at: handedOn, to_at: saidAt, person_id: 'bob' },
    { status: 'fail', from_at: saidAt, to_at: null, person_id: 'bob' },
  ]);
  expect(rows[0]).toMatchObject({ status: 'unknown', to_at: handedOn, person_id: 'ada' });
});

it('a device that changes hands while it is looked at is with one person at a time', async () => {
  const { stores, bus, clock, db } = district;
  const everOfDevices = stores.custody.everOfDevices.bind(stores.custody);
  stores.custody.everOfDevices = async (ids) => {
    stores.custody.everOfDevices = everOfDevices;
    clock.advance(5);
    await district.give('last', 'bob');
    clock.advance(700);
    return await everOfDevices(ids);
  };
  bus.publish('device-changed', { deviceIds: ['last'] });
  await compliance.settled();
  clock.advance(minute);
  bus.publish('device-changed', { deviceIds: ['last'] });
  await compliance.settled();

  const cuts = async (table: 'check_interval' | 'verdict', key: 'device_id' | 'subject_id') =>
    await db
      .selectFrom(table)
      .innerJoin('custody', 'custody.id', `${table}.custody_id`)
      .select(['person_id', `${table}.from_at`, `${table}.to_at`])
      .distinct()
      .where(`${table}.${key}` as 'verdict.subject_id', '=', 'last')
      .orderBy(`${table}.from_at`)
      .execute();
  const verdicts = await cuts('verdict', 'subject_id');
  expect(verdicts.map((one) => one.person_id)).toEqual(['ada', 'bob']);
  expect(await cuts('check_interval', 'device_id')).toEqual(verdicts);
});
