import { compare } from './canonical.ts';
import type { RolloutPlan } from './rollout-plan.ts';

/** What rings are spread over. */
export interface RingDevice {
  readonly id: string;
  /** The unit nearest to who has it; `null`: nobody, or not known. */
  readonly school: string | null;
  readonly model: string | null;
}

/**
 * The ring of each device, from 1: the first that holds it. `groups`: the devices of the pilot groups the plan names.
 *
 * A percentage is of all devices and holds those of every smaller one. Each school, and within it each model, has its share
 * of a percentage, rounded up or down; who comes first within a model is decided by a hash of the id, so that the same
 * devices go first each time. Devices in no ring get one after the last. Pure, and the order of the devices is of no concern.
 */
export function ringsOf(
  { rings }: Pick<RolloutPlan, 'rings'>,
  devices: readonly RingDevice[],
  groups: ReadonlyMap<string, ReadonlySet<string>>,
): Map<string, number> {
  const ringOf = new Map(devices.map(({ id }) => [id, rings.length + 1]));
  const include = (ids: Iterable<string>, ring: number) => {
    for (const id of ids) ringOf.set(id, Math.min(ring, ringOf.get(id) ?? ring));
  };
  const shares = sharesOf(rings, spread(devices));
  for (const [i, ring] of rings.entries()) {
    if (ring.kind === 'percent') include(shares.get(ring.percent) ?? [], i + 1);
    else
      include(
        (groups.get(ring.group) ?? new Set<string>()).values().filter((id) => ringOf.has(id)),
        i + 1,
      );
  }
  return ringOf;
}

/** Percentage → who is in it. Each is taken from the next larger one, so that it lies within it. */
function sharesOf(rings: RolloutPlan['rings'], devices: readonly string[]): Map<number, readonly string[]> {
  const percents = [...new Set(rings.flatMap((ring) => (ring.kind === 'percent' ? [ring.percent] : [])))];
  const shares = new Map<number, readonly string[]>();
  let among = devices;
  for (const percent of percents.toSorted((a, b) => b - a)) {
    among = evenly(among, Math.ceil((devices.length * percent) / 100));
    shares.set(percent, among);
  }
  return shares;
}

/** So many of them, the same number from every stretch of the same length, give or take one. */
function evenly(devices: readonly string[], wanted: number): readonly string[] {
  const of = devices.length;
  const passed = (i: number) => Math.floor((i * wanted) / of);
  return devices.filter((_, i) => passed(i + 1) > passed(i));
}

/** Schools one after another, in each its models; by hashes, so that no name comes first in every ring. */
function spread(devices: readonly RingDevice[]): string[] {
  return devices
    .map(({ id, school, model }) => ({ id, key: [hashOf(school ?? ''), hashOf(model ?? ''), hashOf(id)] as const }))
    .toSorted((a, b) => a.key[0] - b.key[0] || a.key[1] - b.key[1] || a.key[2] - b.key[2] || compare(a.id, b.id))
    .map(({ id }) => id);
}

/** FNV-1a, stirred so that words which differ in their last letter spread. 32 bits. */
function hashOf(word: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
