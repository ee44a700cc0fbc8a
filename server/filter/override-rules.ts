import type { OverrideInput } from '../../shared/api/schemas.ts';
import { NameHashes } from '../../shared/filter/hash.ts';
import { normaliseName } from '../../shared/filter/name.ts';
import { publicSuffixProblem } from '../../shared/filter/public-suffix.ts';
import { districtBlockJudge, domainRules } from '../../shared/filter/setting-layers.ts';
import { plainText } from '../../shared/plain-text.ts';
import type { WebFilterSettings } from '../../shared/profile/web-filter.ts';
import { isAdultStaff } from './state-preset.ts';

/** What is known of whom an override is for. */
export interface TargetFacts {
  /** The role of the person, or of who holds the device; undefined when not known, and for classes and units. */
  role: string | undefined;
  /** Of the categories it names, those that have a list. */
  knownCategories: ReadonlySet<string>;
}

/** What is wrong with an override as somebody wrote it, one sentence each that names the remedy. */
export function overrideProblems(input: OverrideInput, { role, knownCategories }: TargetFacts): string[] {
  const { kind, domains, categories, everything = false } = input;
  return [
    ...(plainText(input.reason, '').length < 3 ? ['Say why, in a few words: the person reads it.'] : []),
    ...(domains.length + categories.length === 0 && !everything ? ['Name at least one site or category.'] : []),
    ...(everything ? everythingProblems(input, role) : []),
    ...domains.flatMap((pattern) => domainProblem(pattern, kind)),
    ...categories
      .filter((category) => !knownCategories.has(category))
      .map((category) => `There is no list for the category “${category}”.`),
  ];
}

/** The age gate: a district knows roles, not birthdays, and only staff are known to be adults. */
function everythingProblems({ kind, target }: OverrideInput, role: string | undefined): string[] {
  if (kind === 'only') return ['“Only” and everything contradict each other. Name the sites that stay open.'];
  if (target.kind === 'class' || target.kind === 'org')
    return ['Everything can be opened for one member of staff, never for a class or a unit. Name the sites.'];
  if (isAdultStaff(role)) return [];
  const whom = target.kind === 'person' ? 'this person' : 'who holds this device';
  return [`Everything can only be opened for adult staff, and the roster does not say that ${whom} is one.`];
}

/** Opening a public suffix would open everything by another name. */
function domainProblem(pattern: string, kind: OverrideInput['kind']): string[] {
  if (normaliseName(pattern.replace(/^(\*\.|=)/, '')) === undefined)
    return [`“${pattern}” is not the name of a site, such as example.com.`];
  const problem = kind === 'block' ? undefined : publicSuffixProblem(pattern);
  return problem === undefined ? [] : [problem];
}

const hashes = new NameHashes();

/** Of what somebody wants to open, what the settings of the device never let be opened. */
export function unliftable(
  { lockedCategories = [], blockedDomains, allowedDomains }: WebFilterSettings,
  { domains, categories }: { domains: readonly string[]; categories: readonly string[] },
): string[] {
  const isBlocked = districtBlockJudge(
    domainRules(blockedDomains, 'block', 'district-block'),
    domainRules(allowedDomains, 'pass', 'allow'),
  );
  const isForbidden = (pattern: string) => {
    const name = normaliseName(pattern.replace(/^(\*\.|=)/, ''));
    return name !== undefined && isBlocked?.(name, hashes.of(name)) !== undefined;
  };
  return [...domains.filter(isForbidden), ...categories.filter((category) => lockedCategories.includes(category))];
}
