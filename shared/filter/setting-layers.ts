import type { WebFilterSettings } from '../profile/web-filter.ts';
import { canaries } from './canary.ts';
import type { Decision, Layer } from './decision.ts';
import { type DomainTable, domainTable } from './domain-table.ts';
import { givenBy, type Judge } from './judge.ts';
import type { ListedNames } from './listed.ts';
import { safeSearchTargets } from './safe-search.ts';

/** Domain patterns, each with the decision it gives. */
export type DomainRules = DomainTable<Decision>;

/** A category's names, and the profile that names the category. */
export interface GivenNames {
  readonly names: ListedNames;
  readonly assignment: string | undefined;
}

const canaryRules = domainTable(
  [...canaries.keys()],
  (rule): Decision => ({ action: canaries.get(rule) ?? 'nxdomain', layer: 'canary', rule }),
);

/** The patterns of a list setting; `givers` are the profiles of its entries. */
export function domainRules(
  patterns: readonly string[] | undefined,
  action: 'pass' | 'block',
  layer: Layer,
  givers: readonly string[] = [],
): DomainRules {
  return domainTable(patterns ?? [], (rule, index) => ({ action, layer, rule, ...givenBy(givers[index]) }));
}

/** Canaries, unless an allowed domain names the canary itself. */
export function canaryJudge(allowed: DomainRules): Judge {
  return (name, hashes) => {
    const canary = canaryRules.find(name, hashes);
    return canary && allowed.find(name, hashes)?.domain !== canary.domain ? canary.value : undefined;
  };
}

/** The most specific pattern speaks. */
export function domainJudge(rules: DomainRules): Judge | undefined {
  return rules.empty ? undefined : (name, hashes) => rules.find(name, hashes)?.value;
}

/** Blocked domains, but for those below which an allowed domain is as specific or more. */
export function districtBlockJudge(blocked: DomainRules, allowed: DomainRules): Judge | undefined {
  if (blocked.empty) return undefined;
  return (name, hashes) => {
    const block = blocked.find(name, hashes);
    if (!block) return undefined;
    const allow = allowed.find(name, hashes);
    return allow && allow.domain.length >= block.domain.length ? undefined : block.value;
  };
}

/** Blocks what these categories hold; the first that holds a name is the one that is told. */
export function categoriesJudge(
  layer: 'locked-minimum' | 'category',
  categories: readonly GivenNames[],
): Judge | undefined {
  if (categories.length === 0) return undefined;
  return (name, hashes) => {
    for (const { names, assignment } of categories) {
      const found = names.find(name, hashes);
      if (found >= 0) {
        const rule = name.slice(hashes.start[found]);
        return { action: 'block', layer, category: names.id, rule, ...givenBy(assignment) };
      }
    }
    return undefined;
  };
}

/** Sends hosts of search engines and of YouTube to their filtered service. */
export function safeSearchJudge({ safeSearch = false, youtube = 'off' }: WebFilterSettings): Judge | undefined {
  const targets = safeSearchTargets(safeSearch, youtube);
  if (targets.size === 0) return undefined;
  const decisions = new Map<string, Decision>(
    [...targets].map(([rule, target]) => [rule, { action: 'rewrite', layer: 'safe-search', rule, target }]),
  );
  return (name) => decisions.get(name);
}
