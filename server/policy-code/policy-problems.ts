import type { Policy } from '../../shared/api/schemas.ts';
import type { Selector } from '../../shared/policy/selector.ts';
import { keyOf, type PolicyObject } from './objects.ts';

/** What documents may name beside each other. */
export interface KnownNames {
  orgs: ReadonlySet<string>;
  classes: ReadonlySet<string>;
  people: ReadonlySet<string>;
  /** Groups, profiles and lists that will be there when the documents are applied. */
  groups: ReadonlySet<string>;
  profiles: ReadonlySet<string>;
  categories: ReadonlySet<string>;
}

interface Named {
  key: string;
  selector: Selector;
}

/** What is wrong between documents that each fit their schema, one sentence each, the object's key first. */
export function problemsBetween(policy: Policy, objects: readonly PolicyObject[], known: KnownNames): string[] {
  return [
    ...repeated(objects),
    ...selectorsOf(policy).flatMap((named) => unknownIn(named, known)),
    ...policy.calendars.flatMap(({ unit }) =>
      unit === null || known.orgs.has(unit) ? [] : [`calendar ${unit}: the roster has no unit ${unit}.`],
    ),
    ...policy.profiles.flatMap(({ name, settings }) =>
      categoriesOf(settings.webFilter)
        .filter((category) => !known.categories.has(category))
        .map((category) => `profile ${name}: there is no list for “${category}”.`),
    ),
    ...restrictProblems(policy, known),
  ];
}

function repeated(objects: readonly PolicyObject[]): string[] {
  const same = Map.groupBy(objects, keyOf);
  return [...same].flatMap(([key, { length }]) => (length > 1 ? [`${key}: is there ${length} times. Keep one.`] : []));
}

/** Every selector the documents hold, with the object it is in. */
export function selectorsOf({ profiles, groups, compliance }: Policy): Named[] {
  return [
    ...profiles.flatMap(({ name, assignments }) =>
      assignments.map(({ to }) => ({ key: `profile ${name}`, selector: to })),
    ),
    ...groups.flatMap((group) =>
      group.kind === 'rule' ? [{ key: `group ${group.name}`, selector: group.selector }] : [],
    ),
    ...(compliance?.checks ?? []).flatMap(({ binds = [] }) =>
      binds.map((selector) => ({ key: 'compliance compliance', selector })),
    ),
  ];
}

function unknownIn({ key, selector }: Named, known: KnownNames): string[] {
  switch (selector.kind) {
    case 'all':
    case 'any':
      return selector.of.flatMap((part) => unknownIn({ key, selector: part }, known));
    case 'not':
      return unknownIn({ key, selector: selector.of }, known);
    case 'org':
      return known.orgs.has(selector.org) ? [] : [`${key}: the roster has no unit ${selector.org}.`];
    case 'class':
      return known.classes.has(selector.class) ? [] : [`${key}: the roster has no class ${selector.class}.`];
    case 'person':
      return known.people.has(selector.person) ? [] : [`${key}: the roster has no person ${selector.person}.`];
    case 'group':
      return known.groups.has(selector.group) ? [] : [`${key}: there is no group “${selector.group}”.`];
    default:
      return [];
  }
}

type WebFilter = Policy['profiles'][number]['settings']['webFilter'];

function categoriesOf(webFilter: WebFilter): string[] {
  const { blockedCategories = [], lockedCategories = [], schedules = [] } = webFilter ?? {};
  const all = [...blockedCategories, ...lockedCategories, ...schedules.flatMap(({ categories }) => categories)];
  return [...new Set(all)];
}

function restrictProblems({ compliance }: Policy, { profiles }: KnownNames): string[] {
  const wanted = compliance?.steps?.restrict?.profile;
  if (wanted === undefined || profiles.has(wanted)) return [];
  return [`compliance compliance: there is no profile “${wanted}” to restrict with.`];
}
