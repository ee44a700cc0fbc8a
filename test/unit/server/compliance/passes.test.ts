import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { complianceDefaults } from '../../../../server/compliance/judge.ts';
import { Passes } from '../../../../server/compliance/passes.ts';
import { PresenceMemory } from '../../../../server/compliance/presence.ts';
import { openPolicyDistrict, type PolicyDistrict } from '../../../fakes/policy-district.ts';

vi.mock('node:timers/promises', async (importOriginal) => ({
  ...(await importOriginal<typeof import('node:timers/promises')>()),
  setTimeout: vi.fn(async () => undefined),
}));

const devices = Array.from({ length: 26 }, (_, index) => `d${index}`);

describe('a pass', () => {
  let district: PolicyDistrict;
  let passes: Passes;

  beforeEach(async () => {
    district = await openPolicyDistrict();
    await district.addDevices(devices);
    const { stores, bus, clock, isConnected } = district;
    const parameters = { ...complianceDefaults, oldestAgent: '1.0.0' };
    const presence = new PresenceMemory(clock, isConnected);
    passes = new Passes({ stores, bus, clock, presence, parameters, again: () => undefined });
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    passes.stop();
    await district.close();
  });

  const pausesWhere = async (utilization: number, ids = devices) => {
    vi.spyOn(performance, 'eventLoopUtilization').mockReturnValue({ utilization, active: 0, idle: 0 });
    vi.mocked(pause).mockClear();
    await passes.judgeSome({ ids, touched: new Set(ids), applying: new Set() });
    return vi.mocked(pause).mock.calls.length;
  };

  it('of one batch has no pause, so that it is told at once', async () => {
    expect(await pausesWhere(0.9, devices.slice(0, 25))).toBe(0);
  });

  it.each([
    ['once where little else is to do', 0.2, 1],
    ['four times where the loop stays busy, and goes on then', 0.9, 4],
  ])('pauses between two batches, %s', async (_, utilization, pauses) => {
    expect(await pausesWhere(utilization)).toBe(pauses);
  });
});
