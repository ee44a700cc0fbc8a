import type { Clock, Random } from '../../shared/clock.ts';
import type { Rollouts } from '../rollouts/rollouts.ts';
import type { Actor } from '../services.ts';
import type { ListUseStore } from '../store/list-use.ts';
import type { ListRecord, ListStore, RolloutRecord } from '../store/lists.ts';
import type { NewRollout } from '../store/rollout-records.ts';
import type { RolloutStore } from '../store/rollouts.ts';
import { listPlan } from './list-plan.ts';

export interface ListRolloutParts {
  stores: { lists: ListStore; listUse: ListUseStore; rollouts: RolloutStore };
  /** Late: it is made with the rest of policy. */
  rollouts: () => Pick<Rollouts, 'rings' | 'begin' | 'act'>;
  clock: Clock;
  random: Random;
}

/** The rollout by which a new version goes out to the devices that use the list; `held`: not before a person says so. */
export async function rolloutOf(
  { stores, rollouts, clock, random }: ListRolloutParts,
  { category, title, names }: ListRecord,
  { from, toHash }: Pick<RolloutRecord, 'from' | 'toHash'>,
  by: Actor,
  held: string | undefined,
): Promise<NewRollout> {
  const devices = await rollouts().rings(listPlan, await stores.listUse.devicesWith(category));
  return {
    ...{ id: random.uuid(), kind: 'list', title: `List “${title}”, ${names} names`, plan: listPlan, by, devices },
    items: [{ kind: 'list', id: category, from: from.hash, to: toHash }],
    ...{ startedAt: clock.now(), changeId: null, ...(held !== undefined && { held }) },
  };
}

/** Versions that were on their way before lists had rollouts begin again with the first ring; what was halted stays so. */
export async function adoptEarlier(parts: ListRolloutParts): Promise<void> {
  const { lists } = parts.stores;
  for (const rollout of await lists.rollouts()) {
    const list = await lists.find(rollout.category);
    if (rollout.rolloutId !== undefined || rollout.state === 'rolled-back' || !list) continue;
    const held = rollout.state === 'halted' ? (rollout.reason ?? '') : undefined;
    const begins = await rolloutOf(parts, list, rollout, 'server', held);
    await lists.replace(list, { ...rollout, ring: 0, rolloutId: begins.id }, begins);
  }
}
