import { RolloutService } from '../../server/rollouts/rollout-service.ts';
import { GroupStore } from '../../server/store/groups.ts';
import { publishProfile } from '../../server/store/profiles.ts';
import { RolloutFactStore } from '../../server/store/rollout-facts.ts';
import { insertRollout } from '../../server/store/rollout-records.ts';
import { RolloutStore } from '../../server/store/rollouts.ts';
import type { RolloutPlan } from '../../shared/policy/rollout-plan.ts';
import type { ProfileSettings } from '../../shared/profile/registry.ts';
import { FakeClock } from './clock.ts';
import { openPolicyDistrict } from './policy-district.ts';

export type RolloutDesk = Awaited<ReturnType<typeof openRolloutDesk>>;

const minute = 60_000;

/** Half, then all: each watched for an hour. */
export const halves: RolloutPlan = {
  rings: [
    { kind: 'percent', percent: 10, soakHours: 1 },
    { kind: 'percent', percent: 50, soakHours: 1 },
    { kind: 'percent', percent: 100, soakHours: 1 },
  ],
  gates: [
    { gate: 'failed-sections', tolerance: 0.02 },
    { gate: 'agent-crashes', tolerance: 0.02 },
  ],
  enough: 5,
  patienceHours: 2,
  whenSilent: 'pause',
  onHalt: 'return',
};

/** A district with real services whose devices all hold revision 1 of a profile, and report what they are told to. */
export async function openRolloutDesk({ devices = 100, path = ':memory:', clock = new FakeClock() } = {}) {
  const district = await openPolicyDistrict(path, clock);
  const { db, bus, events, isConnected, connected, desired, errors } = district;
  const stores = {
    ...district.stores,
    groups: new GroupStore(db),
    rollouts: new RolloutStore(db),
    rolloutFacts: new RolloutFactStore(db),
  };
  const settled = () => desired.settled();
  const onError = (error: unknown) => errors.push(error);
  const rollouts = new RolloutService({ stores, events, bus, clock, isConnected, settled, onError });
  const ids = Array.from({ length: devices }, (_, i) => `device-${String(i).padStart(4, '0')}`);
  let profileId = '';

  /** The first time on a store: everybody has revision 1. */
  async function furnish(): Promise<void> {
    await district.addOrg('maple', null);
    await district.addPerson({ id: 'ada' });
    await district.addDevices(ids);
    for (const id of ids) connected.add(id);
    await desired.start();
    profileId = await district.publish('Locks', { screenLock: { idleMinutes: 10 } }, { kind: 'everyone' });
    await report(ids);
  }

  /** Publishes the next revision as a change does, with a rollout beside it; its first ring is open afterwards. */
  async function publish(plan: RolloutPlan = halves, settings: ProfileSettings = { screenLock: { idleMinutes: 5 } }) {
    const id = await publishOnly(plan, settings);
    await rollouts.begin(id);
    await settled();
    return id;
  }

  /** As far as the transaction: the server ends before it begins. */
  async function publishOnly(plan: RolloutPlan, settings: ProfileSettings): Promise<string> {
    const profile = await stores.profiles.findByName('Locks');
    const id = `rollout-${clock.now()}`;
    const rings = await rollouts.rings(plan, ids);
    await db.transaction().execute(async (trx) => {
      const assignments = [{ to: { kind: 'everyone' as const }, priority: 100 }];
      const revision = { settings, assignments, publishedAt: clock.now(), by: 'staff:Kim', note: '' };
      const from = profile?.published?.number ?? null;
      const to = await publishProfile(trx, profile?.id ?? '', revision, profile?.version ?? 0);
      await insertRollout(trx, {
        ...{ id, kind: 'policy', title: 'Lock sooner', plan, startedAt: clock.now(), by: 'staff:Kim', changeId: null },
        ...{ items: [{ kind: 'profile', id: profile?.id ?? '', from, to }], devices: rings },
      });
    });
    bus.publish('policy-changed', {});
    return id;
  }

  /** These devices report about everything they should hold. */
  async function report(which: readonly string[], status: 'verified' | 'failed' = 'verified'): Promise<void> {
    await settled();
    for (const id of which) {
      const { generation, signed } = await desired.forDevice(id);
      const { sections } = JSON.parse(signed.manifest) as { sections: Record<string, string> };
      for (const [section, hash] of Object.entries(sections)) {
        const row = { generation, hash, status, failure: null, evidence: '[]', at: clock.now() };
        await db
          .insertInto('reported_section')
          .values({ device_id: id, section, ...row })
          .onConflict((conflict) => conflict.columns(['device_id', 'section']).doUpdateSet(row))
          .execute();
      }
      await db.updateTable('device').set({ last_seen_at: clock.now() }).where('id', '=', id).execute();
    }
  }

  async function health(which: readonly string[], agent: Record<string, number>): Promise<void> {
    const whole = { version: '1', residentBytes: 8e7, cpuPercent: 0, startedAt: 1, spooledRecords: 0, ...agent };
    const row = { value: JSON.stringify(whole), at: clock.now() };
    for (const id of which)
      await db
        .insertInto('health')
        .values({ device_id: id, collector: 'agent', ...row })
        .onConflict((conflict) => conflict.columns(['device_id', 'collector']).doUpdateSet(row))
        .execute();
  }

  /** What each device should hold → the devices. */
  async function lockMinutes(): Promise<Map<unknown, string[]>> {
    await settled();
    const held = new Map<unknown, string[]>();
    for (const id of ids) {
      const { signed } = await desired.forDevice(id);
      const { sections } = JSON.parse(signed.manifest) as { sections: { screenLock?: string } };
      const section = await desired.section(sections.screenLock ?? '');
      const minutes = section && (JSON.parse(section) as { idleMinutes?: number }).idleMinutes;
      held.set(minutes, [...(held.get(minutes) ?? []), id]);
    }
    return held;
  }

  const given = async () => (await lockMinutes()).get(5) ?? [];

  async function later(minutes: number): Promise<void> {
    clock.advance(minutes * minute);
    await rollouts.look();
    await settled();
  }

  async function close(): Promise<void> {
    await rollouts.stop();
    await district.close();
  }

  return {
    ...{ district, stores, rollouts, ids, clock, connected, errors },
    ...{ furnish, publish, publishOnly, report, health, lockMinutes, given, later, close },
    get profileId() {
      return profileId;
    },
  };
}
