import { type Assignment, byPrecedence } from './assignment.ts';
import { compare } from './canonical.ts';
import { matches, selectorKey } from './match.ts';
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
  /** Keys of the selectors that reach the device, sorted: pass it as `lastKnown` the next time. */
  scope: string[];
  unknown: UnknownAnswer[];
}

export interface Resolution extends Merged, Scope {}

interface Question {
  subject: PolicySubject;
  assignments: readonly Assignment[];
  /** `scope` of the last resolution of this device; empty when there was none. */
  lastKnown: readonly string[];
  /** Goes before all others, and is no part of the scope. */
  restriction?: Assignment | undefined;
}

/**
 * What a device should hold, and why. Pure; neither the order of the assignments nor that of tags changes the answer.
 * Missing information never removes a setting: a selector that cannot be answered keeps its last known answer.
 */
export function resolveDesiredState(question: Question): Resolution {
  const scope = resolveScope(question);
  return { ...scope, ...mergeSettings(scope.reaching) };
}

/** The first half of the resolution, for callers that merge once for many devices with the same scope. */
export function resolveScope({ subject, assignments, lastKnown, restriction }: Question): Scope {
  const scope = new Set<string>();
  const unknown = new Map<string, UnknownAnswer>();
  const reaching = assignments.filter((assignment) => {
    const key = selectorKey(assignment.to);
    const answer = matches(assignment.to, subject);
    const reaches = answer === 'unknown' ? lastKnown.includes(key) : answer;
    if (answer === 'unknown') unknown.set(key, { selector: assignment.to, stays: reaches });
    if (reaches) scope.add(key);
    return reaches;
  });
  return {
    reaching: strongestOfEachProfile([...(restriction ? [restriction] : []), ...reaching.sort(byPrecedence(subject))]),
    scope: [...scope].sort(compare),
    unknown: [...unknown].sort(([a], [b]) => compare(a, b)).map(([, answer]) => answer),
  };
}

function strongestOfEachProfile(ordered: readonly Assignment[]): Assignment[] {
  const seen = new Set<string>();
  return ordered.filter(({ profileId }) => !seen.has(profileId) && seen.add(profileId));
}
