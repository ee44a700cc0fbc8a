import type { ProfileSettings } from '../profile/registry.ts';
import { compare } from './canonical.ts';
import type { Groups } from './group.ts';
import { matches, noGroups, selectorKey } from './match.ts';
import type { AssignmentInput, Selector } from './selector.ts';
import type { PolicySubject } from './subject.ts';

/** One published assignment of a profile's revision, with what that revision sets. */
export interface Assignment extends Omit<AssignmentInput, 'override'> {
  profileId: string;
  profile: string;
  revision: number;
  settings: ProfileSettings;
  /** The profile is a locked minimum. */
  locked?: true;
  /** An exception that is in force; one that has run out is no assignment any more. */
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

/**
 * Highest precedence first: locked minimum, restriction, override; then the nearer (`nearness`), the higher priority, and
 * the profile's name. Total: equal only for the same assignment.
 */
export function byPrecedence(
  subject: PolicySubject,
  groups: Groups = noGroups,
): (a: Assignment, b: Assignment) => number {
  return (a, b) =>
    rankOf(a) - rankOf(b) ||
    nearness(a.to, subject, groups) - nearness(b.to, subject, groups) ||
    b.priority - a.priority ||
    compare(a.profile, b.profile) ||
    compare(a.profileId, b.profileId) ||
    compare(selectorKey(a.to), selectorKey(b.to));
}

/** Of what reaches a device without naming anything near it. */
export const district = Number.MAX_SAFE_INTEGER;

/**
 * How near the selector is to the device: 0 where it names the person, the device's tag or a list; 1 a class; from 2 on
 * a unit, the person's own first; `district` all else. Composed: the nearest part that reaches it.
 */
export function nearness(selector: Selector, subject: PolicySubject, groups: Groups = noGroups): number {
  switch (selector.kind) {
    case 'person':
    case 'tag':
      return 0;
    case 'class':
      return 1;
    case 'org':
      return unitDistance(selector.org, subject);
    case 'group':
      return groupNearness(selector.group, subject, groups);
    case 'all':
      return Math.min(...selector.of.map((part) => nearness(part, subject, groups)));
    case 'any':
      return Math.min(
        district,
        ...selector.of
          .filter((part) => matches(part, subject, groups) !== false)
          .map((part) => nearness(part, subject, groups)),
      );
    default:
      return district;
  }
}

function groupNearness(name: string, subject: PolicySubject, groups: Groups): number {
  const content = groups.get(name);
  if (!content) return district;
  if (content.kind === 'list') return 0;
  return nearness(content.selector, subject, new Map([...groups].filter(([other]) => other !== name)));
}

/** How far up the unit is from the person; the last known scope of a person whose units are not known is far away. */
function unitDistance(org: string, subject: PolicySubject): number {
  const index = subject.custodian?.orgs.indexOf(org) ?? -1;
  return index < 0 ? district - 1 : 2 + index;
}
