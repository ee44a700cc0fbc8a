import type { WebFilterSettings } from '../profile/web-filter.ts';
import { canaries } from './canary.ts';
import type { CompiledNames } from './compiled.ts';
import { NameHashes } from './hash.ts';
import { normaliseName } from './name.ts';
import { safeSearchTargets } from './safe-search.ts';

/** A category in force: its id, words for people, and its names. */
export interface Category {
  readonly id: string;
  readonly title: string;
  readonly names: CompiledNames;
}

/** What `decideName` needs of a web-filter section, made ready once. */
export interface FilterPolicy {
  readonly rules: ReadonlyMap<string, DomainRules>;
  readonly categories: readonly Category[];
  readonly rewrites: ReadonlyMap<string, string>;
}

/** The rules written for one domain, each as the person wrote it. */
interface DomainRules {
  block?: DomainRule;
  allow?: DomainRule;
}

interface DomainRule {
  readonly pattern: string;
  readonly reach: Reach;
}

/** `=name` alone, `*.name` only what is below, `name` both. */
type Reach = 'exact' | 'below' | 'both';

export interface Decision {
  readonly action: 'pass' | 'block' | 'rewrite' | 'nxdomain' | 'nodata';
  readonly reason: 'default' | 'allowed-domain' | 'blocked-domain' | 'category' | 'safe-search' | 'canary';
  /** The category's id, when a category decided. */
  readonly category?: string;
  /** What matched: the pattern as written, the listed domain, or the canary. */
  readonly rule?: string;
  /** `rewrite`: the name whose addresses are the answer. */
  readonly target?: string;
}

const pass: Decision = { action: 'pass', reason: 'default' };
const canaryDecisions = [...canaries].map(([rule, action]) => ({
  rule,
  below: `.${rule}`,
  decision: { action, reason: 'canary', rule } as const satisfies Decision,
}));
/** Reused between decisions; a decision never keeps it. */
const hashes = new NameHashes();

/** Makes settings and opened lists ready. Patterns that are no names are left out: the schema refused them before. */
export function preparePolicy(settings: WebFilterSettings, categories: readonly Category[]): FilterPolicy {
  const rules = new Map<string, DomainRules>();
  for (const pattern of settings.blockedDomains ?? []) addRule(rules, pattern, 'block');
  for (const pattern of settings.allowedDomains ?? []) addRule(rules, pattern, 'allow');
  return { rules, categories, rewrites: safeSearchTargets(settings.safeSearch ?? false, settings.youtube ?? 'off') };
}

/**
 * What to do with a name in comparable form (`normaliseName`). Pure. The layers, the first that speaks wins:
 *
 * 1. **Canaries**, unless an allowed domain names the canary itself. They beat the block layers because a program only
 *    keeps to this resolver when it is told "no such name" in exactly the way it waits for.
 * 2. **The district's own domains.** The more specific pattern wins, whichever list it is on; on equal names *allowed*
 *    wins, since an exception is written to overrule something.
 * 3. **Categories**, in the order of the profile, unless step 2 allowed the name.
 * 4. **Safe search**, also for allowed names: allowing youtube.com lifts a block, it does not ask for unfiltered results.
 *    Below the blocks, so a blocked search engine is blocked, not rewritten.
 * 5. Everything else **passes**.
 */
export function decideName(name: string, policy: FilterPolicy): Decision {
  const own = policy.rules.size > 0 ? domainDecision(name, policy.rules) : undefined;
  const canary = canaryDecision(name);
  if (canary && !(own?.action === 'pass' && own.domain === canary.rule)) return canary;
  if (own?.action === 'block') return { action: 'block', reason: 'blocked-domain', rule: own.pattern };
  if (!own) {
    const listed = categoryDecision(name, policy.categories);
    if (listed) return listed;
  }
  const target = policy.rewrites.get(name);
  if (target !== undefined) return { action: 'rewrite', reason: 'safe-search', rule: name, target };
  return own ? { action: 'pass', reason: 'allowed-domain', rule: own.pattern } : pass;
}

interface OwnDecision {
  action: 'pass' | 'block';
  pattern: string;
  domain: string;
}

/** Walks from the name itself to its last label, so the first match is the most specific. */
function domainDecision(name: string, rules: ReadonlyMap<string, DomainRules>): OwnDecision | undefined {
  for (let domain = name; ; ) {
    const found = rules.get(domain);
    if (found) {
      const whole = domain.length === name.length;
      if (covers(found.allow, whole)) return { action: 'pass', pattern: found.allow.pattern, domain };
      if (covers(found.block, whole)) return { action: 'block', pattern: found.block.pattern, domain };
    }
    const dot = domain.indexOf('.');
    if (dot < 0) return undefined;
    domain = domain.slice(dot + 1);
  }
}

function covers(rule: DomainRule | undefined, whole: boolean): rule is DomainRule {
  return rule !== undefined && (rule.reach === 'both' || (rule.reach === 'exact') === whole);
}

function canaryDecision(name: string): Decision | undefined {
  return canaryDecisions.find(({ rule, below }) => name === rule || name.endsWith(below))?.decision;
}

function categoryDecision(name: string, categories: readonly Category[]): Decision | undefined {
  if (categories.length === 0) return undefined;
  hashes.of(name);
  for (const { id, names } of categories) {
    const found = names.find(hashes);
    if (found >= 0) {
      return { action: 'block', reason: 'category', category: id, rule: name.slice(hashes.start[found]) };
    }
  }
  return undefined;
}

function addRule(rules: Map<string, DomainRules>, pattern: string, list: 'block' | 'allow'): void {
  const domain = normaliseName(pattern.replace(/^(\*\.|=)/, ''));
  if (domain === undefined) return;
  const reach: Reach = pattern.startsWith('=') ? 'exact' : pattern.startsWith('*.') ? 'below' : 'both';
  const forDomain = rules.get(domain) ?? {};
  const before = forDomain[list];
  forDomain[list] = { pattern, reach: before && before.reach !== reach ? 'both' : reach };
  rules.set(domain, forDomain);
}
