import type { Origins } from '../profile/web-filter.ts';
import type { Decision } from './decision.ts';
import type { NameHashes } from './hash.ts';
import type { ListedNames } from './listed.ts';

/** What one layer says of a name, whose hashes these are; undefined: nothing. Keeps neither. */
export type Judge = (name: string, hashes: NameHashes) => Decision | undefined;

/** A category that is blocked or opened, and the decision that gives. */
export interface CategoryRule {
  readonly names: ListedNames;
  readonly decision: Decision;
}

/** The decision of the first rule whose category holds the name. */
export function firstHolding(rules: readonly CategoryRule[], name: string, hashes: NameHashes): Decision | undefined {
  for (const { names, decision } of rules) if (names.holds(name, hashes)) return decision;
  return undefined;
}

/**
 * Opens what categories hold, unless another blocked category that is not opened holds the name as well: to open "games"
 * does not open a name that is also on "gambling".
 */
export function openingJudge(opened: readonly CategoryRule[], blocked: readonly ListedNames[]): Judge {
  const ids = new Set(opened.map(({ names }) => names.id));
  const others = blocked.filter(({ id }) => !ids.has(id));
  return (name, hashes) => {
    const decision = firstHolding(opened, name, hashes);
    return decision && others.some((names) => names.holds(name, hashes)) ? undefined : decision;
  };
}

/** True when a decision goes before another one about the same names: blocks do, then what lasts longer. */
export function stronger(decision: Decision, other: Decision): boolean {
  if (decision.action !== other.action) return decision.action === 'block';
  return endOf(decision) > endOf(other);
}

/** Longest lasting first, so that the `until` of a decision is when it really ends. */
export function byEnd(one: CategoryRule, other: CategoryRule): number {
  // Of two that never end the difference is no number.
  return endOf(other.decision) - endOf(one.decision) || 0;
}

function endOf({ until = Number.POSITIVE_INFINITY }: Decision): number {
  return until;
}

/** Who gave the entries of a list setting, by index. */
export function giversOf(origins: Origins | undefined, setting: string): readonly string[] {
  return (origins?.[setting] ?? []).flatMap(({ profile, count }) => new Array<string>(count).fill(profile));
}

/** The part of a decision that says who gave it. */
export function givenBy(profile: string | undefined): Pick<Decision, 'assignment'> {
  return profile === undefined ? {} : { assignment: profile };
}
