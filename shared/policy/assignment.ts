import type { ProfileSettings } from '../profile/registry.ts';
import { compare } from './canonical.ts';
import { selectorKey } from './match.ts';
import type { AssignmentInput, Selector } from './selector.ts';
import type { PolicySubject } from './subject.ts';

/** One published assignment of a profile's revision, with what that revision sets. */
export interface Assignment extends AssignmentInput {
  profileId: string;
  profile: string;
  revision: number;
  settings: ProfileSettings;
  /** Narrows the device until it is put right (`restrictionAssignment`); `to` says nothing then. */
  restriction?: true;
}

const specificity: Record<Selector['kind'], number> = { everyone: 0, role: 1, org: 2, grade: 3, tag: 4, person: 5 };

/**
 * Highest precedence first: the higher priority, then the more specific selector (person, tag, grade, unit, role,
 * everyone; of two units the nearer), then the profile's name. Total: equal only for the same assignment.
 */
export function byPrecedence(subject: PolicySubject): (a: Assignment, b: Assignment) => number {
  return (a, b) =>
    b.priority - a.priority ||
    specificity[b.to.kind] - specificity[a.to.kind] ||
    distance(a.to, subject) - distance(b.to, subject) ||
    compare(a.profile, b.profile) ||
    compare(a.profileId, b.profileId) ||
    compare(selectorKey(a.to), selectorKey(b.to));
}

/** How far up the unit is from the person; the last known scope of a person whose units are not known comes last. */
function distance(selector: Selector, subject: PolicySubject): number {
  if (selector.kind !== 'org') return 0;
  const index = subject.custodian?.orgs.indexOf(selector.org) ?? -1;
  return index < 0 ? Number.MAX_SAFE_INTEGER : index;
}
