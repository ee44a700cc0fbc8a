import Type from 'typebox';
import { strictObject, text } from '../schema.ts';
import { leavesOf, Selector } from './selector.ts';

/** Of the people and of the devices on a list. */
export const mostListed = 20_000;

/** Who is in a saved group: whoever the rule reaches, or those on a list. */
export const GroupContent = Type.Union([
  strictObject({ kind: Type.Literal('rule'), selector: Selector }),
  strictObject({
    kind: Type.Literal('list'),
    /** sourcedIds. */
    people: Type.Array(text(255, { minLength: 1 }), { maxItems: mostListed }),
    /** Serial numbers. */
    devices: Type.Array(text(100, { minLength: 1 }), { maxItems: mostListed }),
  }),
]);
export type GroupContent = Type.Static<typeof GroupContent>;

/** Groups by name, as resolution takes them. The value is never changed: what follows from it is worked out once. */
export type Groups = ReadonlyMap<string, GroupContent>;

/** Names of the groups that a selector asks for itself, each once. */
export function groupsAskedBy(selector: Selector): string[] {
  return [...new Set(leavesOf(selector).flatMap((leaf) => (leaf.kind === 'group' ? [leaf.group] : [])))];
}

/** Names of all groups that the answer depends on, also through other groups, whether they exist or not. */
export function groupsBehind(selector: Selector, groups: Groups): Set<string> {
  const behind = new Set(groupsAskedBy(selector));
  for (const name of behind) for (const other of askedByGroup(groups.get(name))) behind.add(other);
  return behind;
}

const circles = new WeakMap<Groups, ReadonlySet<string>>();

/** Names of the groups that ask for themselves, directly or through others: nothing can be said of them. */
export function groupsInCircles(groups: Groups): ReadonlySet<string> {
  const known = circles.get(groups);
  if (known) return known;
  const found = new Set(
    [...groups].flatMap(([name, content]) =>
      content.kind === 'rule' && groupsBehind(content.selector, groups).has(name) ? [name] : [],
    ),
  );
  circles.set(groups, found);
  return found;
}

function askedByGroup(content: GroupContent | undefined): string[] {
  return content?.kind === 'rule' ? groupsAskedBy(content.selector) : [];
}
