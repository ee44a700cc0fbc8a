import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ReportRecord } from '../../../shared/protocol/messages.ts';
import { content } from '../../fakes/policy-district.ts';
import { reportedBy } from '../../fakes/reported.ts';
import { halves, openRolloutDesk, type RolloutDesk } from '../../fakes/rollout-desk.ts';

const operator = { actor: 'command line' };
let desk: RolloutDesk;

beforeEach(async () => {
  desk = await openRolloutDesk();
  await desk.furnish();
});
afterEach(async () => {
  expect(desk.errors).toEqual([]);
  await desk.close();
});

/** What the gateway commits when these devices report. */
async function reported(ids: readonly string[], sequence: number, status: 'verified' | 'failed'): Promise<void> {
  const { district, stores, clock } = desk;
  for (const deviceId of ids) {
    const { generation, signed } = await district.desired.forDevice(deviceId);
    const { sections } = JSON.parse(signed.manifest) as { sections: Record<string, string> };
    const records = Object.entries(sections).map(
      ([section, hash]): ReportRecord => ({
        ...{ kind: 'reported', at: clock.now(), section, generation, hash, status, evidence: [] },
        ...(status === 'failed' && { failure: { code: 'apply-failed', message: 'It could not be set.' } }),
      }),
    );
    await stores.reports.commit([{ deviceId, epoch: 'spool', sequence, records }], clock.now());
    district.bus.publish('reported', reportedBy(deviceId, ['reported']));
  }
}

it('a published change that breaks devices is halted by their reports, and they are given the earlier content again', async () => {
  const { district, rollouts, clock } = desk;
  await rollouts.start();
  const earlier = new Map<string, string>();
  for (const id of desk.ids) earlier.set(id, (await district.desired.forDevice(id)).signed.manifest);

  const content5 = content({ screenLock: { idleMinutes: 5 } }, { kind: 'everyone' });
  await district.profiles.saveDraft(desk.profileId, content5, await version(), operator.actor);
  const items = [{ kind: 'profile' as const, id: desk.profileId, version: await version() }];
  await district.changes.publishAtOnce({ title: 'Lock sooner', note: '', items, plan: halves }, operator);
  await expect.poll(desk.given, { timeout: 20_000 }).toHaveLength(10);

  await reported(await desk.given(), 1, 'verified');
  clock.advance(60 * 60_000);
  await expect.poll(desk.given, { timeout: 20_000 }).toHaveLength(50);

  const halted = district.hear('rollout-halted');
  await reported(await desk.given(), 2, 'failed');
  clock.advance(60_000);
  await expect.poll(() => halted.length, { timeout: 20_000 }).toBe(1);
  expect(await desk.given()).toEqual([]);
  const sectionsOf = (manifest = '{}') => (JSON.parse(manifest) as { sections: unknown }).sections;
  for (const id of desk.ids) {
    const { signed } = await district.desired.forDevice(id);
    expect(sectionsOf(signed.manifest)).toEqual(sectionsOf(earlier.get(id)));
  }
  const [rollout] = (await rollouts.list({ live: true })).items;
  expect(rollout).toMatchObject({ state: 'halted', title: 'Lock sooner', ring: 2, given: 0, by: operator.actor });
  expect((await rollouts.read(rollout?.id ?? '')).decisions.map(({ to }) => to)).toEqual([
    'halted',
    'running',
    'running',
  ]);
});

async function version(): Promise<number> {
  return (await desk.stores.profiles.find(desk.profileId))?.version ?? 0;
}
