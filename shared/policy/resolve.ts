import { type Assignment, byPrecedence } from './assignment.ts';
import { compare } from './canonical.ts';
import type { Groups } from './group.ts';
import { matches, noGroups, selectorKey } from './match.ts';
import { type Merged, mergeSettings } from './merge.ts';
import type { Selector } from './selector.ts';
import type { PolicySubject } from './subject.ts';

/** A selector that could not be answered, and whether the last known scope keeps it in force. */
export interface UnknownAnswer {
  selector: Selector;
  stays: boolean;
}

/** Which assignments reach a device. */
export interface Scope {
  /** At most one per profile (its strongest), highest precedence first. */
  reaching: Assignment[];
  /** Keys of the selectors and of the profiles that reach the device, sorted: pass it as `lastKnown` the next time. */
  scope: string[];
  unknown: UnknownAnswer[];
}

export interface Resolution extends Merged, Scope {}

interface Question {
  subject: PolicySubject;
  assignments: readonly Assignment[];
  /** `scope` of the last resolution of this device; empty when there was none. */
  lastKnown: readonly string[];
  /** Saved groups that selectors name. */
  groups?: Groups;
  /** Goes before all but locked minimums, and is no part of the scope. */
  restriction?: Assignment | undefined;
}

/** Says in a scope that a profile reaches the device, by whichever selector. */
export const profileKey = (profileId: string) => `profile:${profileId}`;

/**
 * What a device should hold, and why. Pure; neither the order of the assignments nor that of tags changes the answer.
 * Missing information never removes a setting: a selector that cannot be answered keeps its last known answer.
 */
export function resolveDesiredState(question: Question): Resolution {
  const scope = resolveScope(question);
  return { ...scope, ...mergeSettings(scope.reaching) };
}

/** The first half of the resolution, for callers that merge once for many devices with the same scope. */
export function resolveScope({ subject, assignments, lastKnown, groups = noGroups, restriction }: Question): Scope {
  const scope = new Set<string>();
  const unknown = new Map<string, UnknownAnswer>();
  const isKept = keeper(assignments, lastKnown);
  const reaching = assignments.filter((assignment) => {
    const key = selectorKey(assignment.to);
    const answer = matches(assignment.to, subject, groups);
    const reaches = answer === 'unknown' ? isKept(assignment) : answer;
    if (answer === 'unknown') unknown.set(key, { selector: assignment.to, stays: reaches });
    if (reaches) scope.add(key).add(profileKey(assignment.profileId));
    return reaches;
  });
  const all = [...(restriction ? [restriction] : []), ...reaching];
  return {
    reaching: strongestOfEachProfile(all.sort(byPrecedence(subject, groups))),
    scope: [...scope].sort(compare),
    unknown: [...unknown].sort(([a], [b]) => compare(a, b)).map(([, answer]) => answer),
  };
}

/**
 * Whether an assignment that cannot be answered stays: its selector reached the device last, or the profile did by a
 * selector that has been edited since.
 */
function keeper(assignments: readonly Assignment[], lastKnown: readonly string[]): (assignment: Assignment) => boolean {
  const known = new Set(lastKnown);
  return ({ to, profileId }) => {
    if (known.has(selectorKey(to))) return true;
    if (!known.has(profileKey(profileId))) return false;
    return !assignments.some((one) => one.profileId === profileId && known.has(selectorKey(one.to)));
  };
}

function strongestOfEachProfile(ordered: readonly Assignment[]): Assignment[] {
  const seen = new Set<string>();
  return ordered.filter(({ profileId }) => !seen.has(profileId) && seen.add(profileId));
}
