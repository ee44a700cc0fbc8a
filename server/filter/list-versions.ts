import { bucketOf, percentOf, type RolloutState } from '../../shared/policy/share-rollout.ts';
import type { ListVersion } from '../services.ts';
import type { ListRecord, RolloutRecord, VersionRecord } from '../store/lists.ts';
import { isExcepted, mostExceptions } from './compile.ts';
import { listPlan } from './list-plan.ts';

/**
 * Which version of each list a device should hold. Rings hold one another, so however many rollouts are under way there
 * are few different maps; devices with the same versions get the same map.
 */
export function versionsOf(
  lists: readonly ListRecord[],
  rollouts: readonly RolloutRecord[],
): (deviceId: string) => ReadonlyMap<string, ListVersion> {
  const underWay = new Map(rollouts.map((rollout) => [rollout.category, rollout]));
  const shareOf = (list: ListRecord) => {
    const rollout = underWay.get(list.category);
    return rollout ? percentOf(stateOf(rollout), listPlan) * 100 : Number.POSITIVE_INFINITY;
  };
  const borders = [...new Set(lists.map(shareOf))].sort((a, b) => a - b);
  // Devices below a border are within every share from there on.
  const maps = borders.map((border) => {
    const chosen = lists.map((list) => {
      const rollout = underWay.get(list.category);
      return offered(list, rollout && shareOf(list) < border ? rollout.from : list);
    });
    return new Map(chosen.map((version) => [version.category, version]));
  });
  const beyond = new Map(
    lists.map((list) => [list.category, offered(list, underWay.get(list.category)?.from ?? list)]),
  );
  return (deviceId) => {
    const bucket = bucketOf(deviceId);
    return maps[borders.findIndex((border) => bucket < border)] ?? beyond;
  };
}

/** As the pure centre takes it. */
export function stateOf({ state, ring, since, reason }: RolloutRecord): RolloutState {
  if (state === 'rolled-back') return { kind: state, since };
  return state === 'halted' ? { kind: state, ring, since, reason: reason ?? '' } : { kind: state, ring, since };
}

function offered(list: ListRecord, version: VersionRecord): ListVersion {
  const { category, title } = list;
  const { hash, bytes, names } = version;
  const exceptions = exceptionsOf(list, version);
  const canary = version.canary !== null && isExcepted(version.canary, exceptions) ? null : version.canary;
  return { category, title, hash, bytes, names, canary, exceptions };
}

/** What the district takes out, then what the list itself does, as many as a device takes. */
export function exceptionsOf(
  { exceptions }: Pick<ListRecord, 'exceptions'>,
  { ownExceptions }: Pick<VersionRecord, 'ownExceptions'>,
): string[] {
  return [...new Set([...exceptions, ...ownExceptions])].slice(0, mostExceptions);
}
