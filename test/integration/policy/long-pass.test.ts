import { expect, it } from 'vitest';
import { ComplianceService } from '../../../server/compliance/compliance-service.ts';
import { complianceDefaults } from '../../../server/compliance/judge.ts';
import type { ReportRecord } from '../../../shared/protocol/messages.ts';
import { openPolicyDistrict } from '../../fakes/policy-district.ts';

const minute = 60_000;

it('what a device says and who gets it while everybody is judged is taken for when it was', async () => {
  const district = await openPolicyDistrict();
  const { stores, bus, clock, isConnected, errors, db } = district;
  await district.addOrg('maple', null);
  for (const id of ['ada', 'bob']) await district.addPerson({ id });
  await district.addDevices([...Array.from({ length: 500 }, (_, i) => `a${i}`), 'last']);
  await district.give('last', 'ada');
  const parameters = { ...complianceDefaults, oldestAgent: '1.0.0' };
  const onError = (error: unknown) => errors.push(error);
  const compliance = new ComplianceService({ stores, bus, clock, isConnected, parameters, onError });
  await compliance.start();
  await compliance.settled();

  clock.advance(minute);
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
    bus.publish('reported', { deviceId: 'last', kinds: ['observation'] });
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
  await compliance.stop();
  await district.close();
  expect(errors).toEqual([]);
});
