import { type GroupContent, type Groups, mostListed } from '../../shared/policy/group.ts';
import type { Selector } from '../../shared/policy/selector.ts';
import { leavesOf } from '../../shared/policy/selector.ts';
import { type SelectorProblems, selectorProblems } from '../../shared/policy/selector-problems.ts';
import type { GroupRecord } from '../store/groups.ts';
import type { ProfileStore } from '../store/profiles.ts';

/** Groups as they would be if every draft were published: what a draft may name. */
export function groupsWithDrafts(records: readonly GroupRecord[]): Groups {
  return new Map(
    records.flatMap(({ name, draft, published }) => {
      const content = draft ?? published?.content;
      return content ? [[name, content] as const] : [];
    }),
  );
}

/** What is wrong with a group's content, one sentence each. `groups`: the others, by name. */
export async function problemsOfGroup(
  name: string,
  content: GroupContent,
  groups: Groups,
  profiles: ProfileStore,
): Promise<SelectorProblems> {
  if (content.kind === 'list') return { errors: listProblems(content), warnings: [] };
  const { errors, warnings } = selectorProblems(content.selector, { groups, of: name });
  if (errors.length > 0) return { errors, warnings };
  return { errors: await unknownNames([content.selector], profiles), warnings };
}

function listProblems({ people, devices }: Extract<GroupContent, { kind: 'list' }>): string[] {
  return [
    ...repeated(people).map((id) => `The person ${id} is on the list twice. Keep one.`),
    ...repeated(devices).map((serial) => `The device ${serial} is on the list twice. Keep one.`),
    ...(Math.max(people.length, devices.length) > mostListed
      ? [`A list holds at most ${mostListed.toLocaleString('en')} people and as many devices. Make several.`]
      : []),
  ];
}

function repeated(ids: readonly string[]): string[] {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const id of ids) (seen.has(id) ? twice : seen).add(id);
  return [...twice].slice(0, 5);
}

/** Units, people and classes that the roster does not have, one sentence each. */
export async function unknownNames(selectors: readonly Selector[], profiles: ProfileStore): Promise<string[]> {
  const { orgs, people, classes } = await profiles.namesOf(selectors);
  const words = selectors.flatMap(leavesOf).flatMap((leaf) => {
    if (leaf.kind === 'org' && !orgs.has(leaf.org)) return [`The roster has no unit ${leaf.org}.`];
    if (leaf.kind === 'person' && !people.has(leaf.person)) return [`The roster has no person ${leaf.person}.`];
    if (leaf.kind === 'class' && !classes.has(leaf.class)) return [`The roster has no class ${leaf.class}.`];
    return [];
  });
  return [...new Set(words)];
}
