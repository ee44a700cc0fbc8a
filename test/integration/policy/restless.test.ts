import { afterEach, beforeEach, expect, it } from 'vitest';
import { ComplianceService } from '../../../server/compliance/compliance-service.ts';
import { complianceDefaults } from '../../../server/compliance/judge.ts';
import { ReportCommitter } from '../../../server/gateway/report-committer.ts';
import { Room } from '../../../server/gateway/room.ts';
import { createMetrics } from '../../../server/metrics.ts';
import type { ReportRecord } from '../../../shared/protocol/messages.ts';
import { openPolicyDistrict, type PolicyDistrict } from '../../fakes/policy-district.ts';

let district: PolicyDistrict;
let compliance: ComplianceService;
let committer: ReportCommitter;
let sequence = 0;

beforeEach(async () => {
  district = await openPolicyDistrict();
  await district.addDevices(['a', 'b']);
  const { stores, bus, clock, isConnected, errors } = district;
  const onError = (error: unknown) => errors.push(error);
  const parameters = { ...complianceDefaults, oldestAgent: '1.0.0' };
  compliance = new ComplianceService({ stores, bus, clock, isConnected, parameters, onError });
  await compliance.start();
  await compliance.settled();
  const log = { error: onError } as never;
  committer = new ReportCommitter({
    room: new Room(1_000_000),
    store: stores.reports,
    bus,
    metrics: createMetrics(),
    clock,
    log,
  });
});

afterEach(async () => {
  await compliance.stop();
  await district.close();
  expect(district.errors).toEqual([]);
});

const firewall = (state: string): ReportRecord =>
  ({ kind: 'observation', at: district.clock.now(), name: 'firewall', value: { state, evidence: 'x' } }) as never;

async function say(deviceId: string, ...states: string[]): Promise<{ isRestless?: boolean }> {
  sequence += 1;
  const records = states.map((state) => {
    district.clock.advance(1);
    return firewall(state);
  });
  return (await committer.commit({ deviceId, epoch: 'e', sequence, records }, 1)) as { isRestless?: boolean };
}

/** Passes and the timers between them, until nothing is at work. */
async function judgeAll(): Promise<void> {
  for (let i = 0; i < 20; i++) {
    await compliance.settled();
    district.clock.advance(1_000);
  }
  await compliance.settled();
}

async function intervals(deviceId: string): Promise<{ status: string; to_at: number | null }[]> {
  return await district.db
    .selectFrom('check_interval')
    .select(['status', 'to_at'])
    .where('device_id', '=', deviceId)
    .where('check_name', '=', 'firewall-on')
    .orderBy('from_at')
    .execute();
}

const flaps = (times: number) => Array.from({ length: times }, (_, i) => (i % 2 === 0 ? 'off' : 'on'));

it('a device that changes without end fills no disk, and stands as it is a quarter of an hour later', async () => {
  const outcomes: unknown[] = [];
  for (let i = 0; i < 5; i++) {
    outcomes.push(await say('a', ...flaps(1_000)));
    await judgeAll();
  }
  expect(outcomes.at(0)).not.toHaveProperty('isRestless');
  expect(outcomes.at(-1)).toHaveProperty('isRestless', true);
  const kept = (await intervals('a')).length;
  expect(kept).toBeGreaterThan(1_900);
  expect(kept).toBeLessThan(2_100);
  expect(await district.db.selectFrom('judgement_input').selectAll().execute()).toEqual([]);
  await say('a', 'off');
  district.clock.advance(15 * 60_000);
  await judgeAll();
  expect((await intervals('a')).at(-1)).toEqual({ status: 'fail', to_at: null });
});

it('nobody else is kept from changing', async () => {
  for (let i = 0; i < 30; i++) await say('a', ...flaps(100));
  expect(await say('b', 'off', 'on', 'off')).not.toHaveProperty('isRestless');
  await judgeAll();
  expect((await intervals('b')).map(({ status }) => status)).toEqual(['unknown', 'fail', 'pass', 'fail']);
});
