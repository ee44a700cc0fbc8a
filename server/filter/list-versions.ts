import type { ListVersion } from '../services.ts';
import type { ListRecord, RolloutRecord, VersionRecord } from '../store/lists.ts';
import { isExcepted, mostExceptions } from './compile.ts';

/** Which devices a rollout gives the new version. */
export type Holders = (rolloutId: string) => Promise<(deviceId: string) => boolean>;

/**
 * Which version of each list a device should hold. Rings hold one another, so however many rollouts are under way there
 * are few different maps; devices with the same versions get the same map.
 */
export async function versionsOf(
  lists: readonly ListRecord[],
  rollouts: readonly RolloutRecord[],
  holders: Holders,
): Promise<(deviceId: string) => ReadonlyMap<string, ListVersion>> {
  const underWay = rollouts.filter(({ state }) => state !== 'rolled-back');
  const steps = await Promise.all(
    underWay.map(async ({ category, from, rolloutId }) => ({
      ...{ category, from },
      has: rolloutId === undefined ? () => false : await holders(rolloutId),
    })),
  );
  const maps = new Map<string, ReadonlyMap<string, ListVersion>>();
  const mapOf = (without: ReadonlyMap<string, VersionRecord>) =>
    new Map(lists.map((list) => [list.category, offered(list, without.get(list.category) ?? list)]));
  return (deviceId) => {
    const without = steps.filter(({ has }) => !has(deviceId));
    const key = without.map(({ category }) => category).join('\n');
    const known = maps.get(key) ?? mapOf(new Map(without.map(({ category, from }) => [category, from])));
    maps.set(key, known);
    return known;
  };
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
