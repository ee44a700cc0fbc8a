import type { ProfileSettings } from '../profile/registry.ts';
import { compare } from './canonical.ts';
import { selectorKey } from './match.ts';
import type { AssignmentInput } from './selector.ts';

/** One published assignment of a profile's revision, with what that revision sets. */
export interface Assignment extends Omit<AssignmentInput, 'override'> {
  profileId: string;
  profile: string;
  revision: number;
  settings: ProfileSettings;
  /** The profile is a locked minimum. */
  locked?: true;
  /** An exception that is in force; one that has run out is no assignment any more (`inForce`). */
  override?: AssignmentInput['override'];
  /** Narrows the device until it is put right (`restrictionAssignment`); `to` says nothing then. */
  restriction?: true;
}

/** Before all others: 0 locked minimum, 1 restriction, 2 override, 3 all else. */
export function rankOf({ locked, restriction, override }: Assignment): number {
  if (locked) return 0;
  if (restriction) return 1;
  return override ? 2 : 3;
}

/** What decides between two assignments, the first that does: docs/decisions/0023. */
export type Precedence = 'rank' | 'nearness' | 'priority' | 'name';

/** How near each assignment that reaches a device is to it (`nearness`). */
export type Nearness = ReadonlyMap<Assignment, number>;

/**
 * Highest precedence first: locked minimum, restriction, override; then the nearer, the higher priority, and the
 * profile's name. Total: equal only for the same assignment.
 */
export function byPrecedence(near: Nearness): (a: Assignment, b: Assignment) => number {
  return (a, b) => {
    for (const { order } of steps) {
      const difference = order(a, b, near);
      if (difference !== 0) return difference;
    }
    return 0;
  };
}

/** By what the one goes before the other. */
export function decidedBy(a: Assignment, b: Assignment, near: Nearness): Precedence {
  return steps.find(({ order }) => order(a, b, near) !== 0)?.by ?? 'name';
}

const steps: { by: Precedence; order: (a: Assignment, b: Assignment, near: Nearness) => number }[] = [
  { by: 'rank', order: (a, b) => rankOf(a) - rankOf(b) },
  { by: 'nearness', order: (a, b, near) => (near.get(a) ?? 0) - (near.get(b) ?? 0) },
  { by: 'priority', order: (a, b) => b.priority - a.priority },
  { by: 'name', order: (a, b) => compare(a.profile, b.profile) || compare(a.profileId, b.profileId) },
  { by: 'name', order: (a, b) => compare(selectorKey(a.to), selectorKey(b.to)) },
];

interface MayEnd {
  override?: AssignmentInput['override'] | undefined;
}

/** An exception ends by itself; everything else holds until it is taken away. */
export function inForce({ override }: MayEnd, now: number): boolean {
  return override?.until === undefined || now < Date.parse(override.until);
}

/** When the next of these exceptions ends, in ms since 1970; `null`: none will. */
export function nextEnd(assignments: Iterable<MayEnd>, now: number): number | null {
  let next: number | null = null;
  for (const { override } of assignments) {
    const end = override?.until === undefined ? Number.NaN : Date.parse(override.until);
    if (end > now && (next === null || end < next)) next = end;
  }
  return next;
}
