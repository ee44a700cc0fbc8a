import type { Policy } from '../../shared/api/schemas.ts';
import { leavesOf, type Selector } from '../../shared/policy/selector.ts';
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
    ...objects.flatMap((object) =>
      object.name === object.name.trim() ? [] : [`${keyOf(object)}: its name begins or ends with a space.`],
    ),
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
    ...ringProblems(policy, known),
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
  return leavesOf(selector).flatMap((leaf) => {
    if (leaf.kind === 'org' && !known.orgs.has(leaf.org)) return [`${key}: the roster has no unit ${leaf.org}.`];
    if (leaf.kind === 'class' && !known.classes.has(leaf.class))
      return [`${key}: the roster has no class ${leaf.class}.`];
    if (leaf.kind === 'person' && !known.people.has(leaf.person))
      return [`${key}: the roster has no person ${leaf.person}.`];
    if (leaf.kind === 'group' && !known.groups.has(leaf.group)) return [`${key}: there is no group “${leaf.group}”.`];
    return [];
  });
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

function ringProblems({ publishing }: Policy, { groups }: KnownNames): string[] {
  return (publishing?.plan.rings ?? []).flatMap((ring) =>
    ring.kind === 'group' && !groups.has(ring.group)
      ? [`publishing publishing: there is no group “${ring.group}” for a ring.`]
      : [],
  );
}
