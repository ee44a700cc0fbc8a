import type { GroupContent } from '../../../shared/policy/group.ts';
import { freshQuestion, selectorProblem } from './selector-form.ts';
import { count } from './words.ts';

export type ListContent = Extract<GroupContent, { kind: 'list' }>;
type ListPart = 'people' | 'devices';

/** What a new group begins with; it reaches nobody before it is published. */
export function freshContent(kind: GroupContent['kind']): GroupContent {
  return kind === 'rule' ? { kind, selector: freshQuestion('role') } : { kind, people: [], devices: [] };
}

/** What keeps a group from being saved, in words. */
export function groupProblem(content: GroupContent): string | undefined {
  if (content.kind === 'rule') {
    const problem = selectorProblem(content.selector);
    return problem && `${problem}.`;
  }
  return undefined;
}

/** Both lists as one: nobody twice, those that were there first. */
export function joined(one: ListContent, other: ListContent): ListContent {
  return {
    kind: 'list',
    people: [...new Set([...one.people, ...other.people])],
    devices: [...new Set([...one.devices, ...other.devices])],
  };
}

export interface ListEntry {
  part: ListPart;
  /** sourcedId of a person, serial number of a device. */
  id: string;
}

/** The entries of a list that hold what was typed, people first. */
export function entriesOf(content: ListContent, typed = ''): ListEntry[] {
  const wanted = typed.toLowerCase();
  const of = (part: ListPart) => content[part].map((id) => ({ part, id }));
  return [...of('people'), ...of('devices')].filter(({ id }) => id.toLowerCase().includes(wanted));
}

/** The list without one of its entries. */
export function withoutEntry(content: ListContent, { part, id }: ListEntry): ListContent {
  return { ...content, [part]: content[part].filter((one) => one !== id) };
}

/** `12 people and 3 devices`. */
export function listWords({ people, devices }: ListContent): string {
  const parts = [
    ...(people.length > 0 || devices.length === 0 ? [count(people.length, 'person', 'people')] : []),
    ...(devices.length > 0 ? [count(devices.length, 'device')] : []),
  ];
  return parts.join(' and ');
}
