import type { Override } from '../profile/web-filter.ts';
import type { Decision } from './decision.ts';
import { DomainTable, domainTable } from './domain-table.ts';
import { byEnd, type CategoryRule, firstHolding, type Judge, openingJudge, stronger } from './judge.ts';
import type { Listed, ListedNames } from './listed.ts';

/**
 * What staff opened or closed by naming it: domains, the most specific first, then categories. `blocked` are the
 * categories that are blocked anyhow.
 */
export function namedOverrideJudge(
  overrides: readonly Override[],
  listed: Listed,
  blocked: readonly ListedNames[],
): Judge | undefined {
  const named = overrides.filter(
    ({ kind, domains, categories }) => kind !== 'only' && domains.length + categories.length > 0,
  );
  if (named.length === 0) return undefined;
  const domains = new DomainTable<Decision>();
  for (const override of named) {
    for (const rule of override.domains) domains.add(rule, { ...decisionOf(override), rule }, stronger);
  }
  const closed = categoryRules(
    named.filter(({ kind }) => kind === 'block'),
    listed,
  );
  const open = openingJudge(
    categoryRules(
      named.filter(({ kind }) => kind === 'allow'),
      listed,
    ),
    blocked,
  );
  return (name, hashes) =>
    domains.find(name, hashes)?.value ?? firstHolding(closed, name, hashes) ?? open(name, hashes);
}

/**
 * What staff opened or closed by not naming it: `everything`, then `only`, which closes what none of the `only` in force
 * lists and says nothing of what they list.
 */
export function generalOverrideJudge(overrides: readonly Override[], listed: Listed): Judge | undefined {
  const everything = strongest(
    overrides.filter((override) => override.kind !== 'only' && override.everything === true),
  );
  if (everything) return () => everything;
  const only = overrides.filter(({ kind }) => kind === 'only');
  const closed = strongest(only);
  if (!closed || only.some((override) => override.everything)) return undefined;
  const domains = domainTable(
    only.flatMap((override) => override.domains),
    () => true,
  );
  const categories = categoryRules(only, listed);
  return (name, hashes) => (domains.find(name, hashes) || firstHolding(categories, name, hashes) ? undefined : closed);
}

function decisionOf({ kind, by, until }: Override): Decision {
  return { action: kind === 'allow' ? 'pass' : 'block', layer: 'override', assignment: by, until };
}

function strongest(overrides: readonly Override[]): Decision | undefined {
  return overrides
    .map(decisionOf)
    .reduce<Decision | undefined>(
      (first, decision) => (first === undefined || stronger(decision, first) ? decision : first),
      undefined,
    );
}

function categoryRules(overrides: readonly Override[], listed: Listed): CategoryRule[] {
  return overrides
    .flatMap((override) =>
      override.categories.flatMap((category) => {
        const names = listed.get(category);
        return names ? [{ names, decision: { ...decisionOf(override), category } }] : [];
      }),
    )
    .sort(byEnd);
}
