import { matches } from '../../shared/policy/match.ts';
import { type RingDevice, ringsOf } from '../../shared/policy/rings.ts';
import type { RolloutPlan } from '../../shared/policy/rollout-plan.ts';
import { readDevices, type SubjectStores } from '../profiles/subjects.ts';
import type { GroupStore } from '../store/groups.ts';
import type { RolloutFactStore } from '../store/rollout-facts.ts';

export interface RingStores extends SubjectStores {
  rolloutFacts: RolloutFactStore;
  groups: GroupStore;
}

/** The ring of each of these devices, as schools, models and pilot groups are now. Who is certainly in a group is a pilot. */
export async function readRings(
  stores: RingStores,
  plan: RolloutPlan,
  deviceIds: readonly string[],
  now: number,
): Promise<Map<string, number>> {
  const devices: RingDevice[] = await stores.rolloutFacts.ringDevices(deviceIds);
  return ringsOf(plan, devices, await readPilots(stores, plan, deviceIds, now));
}

async function readPilots(
  stores: RingStores,
  { rings }: RolloutPlan,
  deviceIds: readonly string[],
  now: number,
): Promise<Map<string, Set<string>>> {
  const names = [...new Set(rings.flatMap((ring) => (ring.kind === 'group' ? [ring.group] : [])))];
  if (names.length === 0) return new Map();
  const groups = await stores.groups.published();
  const subjects = (await readDevices(stores, now, deviceIds)).map(({ subject }) => subject);
  return new Map(
    names.map((group) => {
      const members = subjects.filter((subject) => matches({ kind: 'group', group }, subject, groups) === true);
      return [group, new Set(members.map(({ deviceId }) => deviceId))];
    }),
  );
}
