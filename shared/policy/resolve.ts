import { type Assignment, byPrecedence, type Nearness } from './assignment.ts';
import { compare } from './canonical.ts';
import type { Groups } from './group.ts';
import { answerOf, asked, noGroups, selectorKey } from './match.ts';
import { type Merged, mergeSettings } from './merge.ts';
import { type Missing, missingFor } from './missing.ts';
import { district, nearness } from './nearness.ts';
import type { Selector } from './selector.ts';
import type { PolicySubject } from './subject.ts';

/** A selector that could not be answered, what it would take, and whether it stays in force somewhere as it last was. */
export interface UnknownAnswer {
  selector: Selector;
  stays: boolean;
  missing: Missing[];
}

/** Which assignments reach a device. */
export interface Scope {
  /** At most one per profile (its strongest), highest precedence first. */
  reaching: Assignment[];
  /** How near each of them is to the device. */
  near: Nearness;
  /**
   * Keys of the selectors and of the profiles that reach the device, and how near (`nearKey`), sorted: pass it as
   * `lastKnown` the next time.
   */
  scope: string[];
  unknown: UnknownAnswer[];
}

export interface Resolution extends Merged, Scope {}

export interface Question {
  subject: PolicySubject;
  /** Those in force (`inForce`). */
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
 * Says in a scope that a profile stays by a selector that was never answered for the device: another profile with the same
 * selector does not come along.
 */
const keptKey = ({ profileId, to }: Assignment) => `kept:${profileId}:${selectorKey(to)}`;

/** Says in a scope how near a selector was when it could be told; one without it was as far as the district. */
const nearKey = (key: string, near: number) => `near:${near}:${key}`;
const nearPattern = /^near:(\d+):/;

/**
 * What a device should hold, and why. Pure; neither the order of the assignments nor that of tags changes the answer.
 * Missing information changes no setting: a selector that cannot be answered keeps its last known answer and nearness.
 */
export function resolveDesiredState(question: Question): Resolution {
  const scope = resolveScope(question);
  return { ...scope, ...mergeSettings(scope.reaching) };
}

/** The first half of the resolution, for callers that merge once for many devices with the same scope. */
export function resolveScope({ subject, assignments, lastKnown, groups = noGroups, restriction }: Question): Scope {
  const about = asked(subject, groups);
  const last = new LastKnown(assignments, lastKnown);
  const scope = new Set<string>();
  const unknown = new Map<string, UnknownAnswer>();
  const near = new Map<Assignment, number>();
  for (const assignment of assignments) {
    const { to, profileId } = assignment;
    const key = selectorKey(to);
    const answer = answerOf(to, about);
    const reaches = answer === 'unknown' ? last.keeps(assignment) : answer;
    if (answer === 'unknown') {
      const stays = reaches || (unknown.get(key)?.stays ?? false);
      unknown.set(key, { selector: to, stays, missing: missingFor(to, about) });
    }
    if (!reaches) continue;
    const distance = nearness(to, about) ?? last.nearness(key);
    near.set(assignment, distance);
    scope.add(answer === true || last.has(key) ? key : keptKey(assignment)).add(profileKey(profileId));
    if (distance < district && mayBlur(to)) scope.add(nearKey(key, distance));
  }
  if (restriction) near.set(restriction, district);
  return {
    reaching: strongestOfEachProfile([...near.keys()].sort(byPrecedence(near))),
    near,
    scope: [...scope].sort(compare),
    unknown: [...unknown].sort(([a], [b]) => compare(a, b)).map(([, answer]) => answer),
  };
}

/** How near these are may stop being known. */
function mayBlur({ kind }: Selector): boolean {
  return kind === 'org' || kind === 'all' || kind === 'any' || kind === 'group';
}

/** What the last resolution said of a device, for what cannot be answered now. */
class LastKnown {
  readonly #assignments: readonly Assignment[];
  readonly #scope: readonly string[];
  #keys: ReadonlySet<string> | undefined;

  constructor(assignments: readonly Assignment[], scope: readonly string[]) {
    this.#assignments = assignments;
    this.#scope = scope;
  }

  /** Its selector reached the device last, or its profile did by a selector that has been edited since. */
  keeps(assignment: Assignment): boolean {
    if (this.#reached(assignment)) return true;
    const { profileId } = assignment;
    if (!this.has(profileKey(profileId))) return false;
    return !this.#assignments.some((one) => one.profileId === profileId && this.#reached(one));
  }

  nearness(key: string): number {
    for (const one of this.#scope) {
      const near = one.endsWith(key) ? nearPattern.exec(one) : null;
      if (near?.[1] !== undefined && nearKey(key, Number(near[1])) === one) return Number(near[1]);
    }
    return district;
  }

  #reached(assignment: Assignment): boolean {
    return this.has(selectorKey(assignment.to)) || this.has(keptKey(assignment));
  }

  has(key: string): boolean {
    this.#keys ??= new Set(this.#scope);
    return this.#keys.has(key);
  }
}

function strongestOfEachProfile(ordered: readonly Assignment[]): Assignment[] {
  const seen = new Set<string>();
  return ordered.filter(({ profileId }) => !seen.has(profileId) && seen.add(profileId));
}
