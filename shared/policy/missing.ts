import { groupsInCircles } from './group.ts';
import { type Asked, answerOf } from './match.ts';
import type { Selector, SelectorLeaf } from './selector.ts';
import type { PolicySubject } from './subject.ts';

/** What would have to be known: of the device, of its custodian, or that it has one; or a group that could be asked. */
export type Missing =
  | { what: 'custodian' | 'role' | 'grade' | 'unit' | 'classes' }
  | { what: 'platform' | 'model' | 'system' | 'version' | 'place' | 'serial' }
  | { what: 'group' | 'circle'; name: string };

/** Why a selector cannot be answered, in the order it asks, each once; empty when it can. */
export function missingFor(selector: Selector, about: Asked): Missing[] {
  const found = new Map<string, Missing>();
  for (const missing of missingIn(selector, about, new Set())) found.set(JSON.stringify(missing), missing);
  return [...found.values()];
}

/** `seen`: groups that were looked into already. */
function missingIn(selector: Selector, about: Asked, seen: Set<string>): Missing[] {
  if (answerOf(selector, about) !== 'unknown') return [];
  switch (selector.kind) {
    case 'all':
    case 'any':
      return selector.of.flatMap((part) => missingIn(part, about, seen));
    case 'not':
      return missingIn(selector.of, about, seen);
    case 'group':
      return missingInGroup(selector.group, about, seen);
    default:
      return [missingForLeaf(selector, about.subject)];
  }
}

function missingInGroup(name: string, about: Asked, seen: Set<string>): Missing[] {
  const content = about.groups.get(name);
  if (!content) return [{ what: 'group', name }];
  if (groupsInCircles(about.groups).has(name)) return [{ what: 'circle', name }];
  if (content.kind === 'list') return [{ what: 'serial' }];
  if (seen.has(name)) return [];
  seen.add(name);
  return missingIn(content.selector, about, seen);
}

function missingForLeaf({ kind }: Exclude<SelectorLeaf, { kind: 'group' }>, subject: PolicySubject): Missing {
  switch (kind) {
    case 'platform':
    case 'model':
    case 'place':
      return { what: kind };
    case 'os':
      return { what: subject.os === null ? 'system' : 'version' };
    default:
      return { what: subject.custodian === null ? 'custodian' : ofCustodian[kind] };
  }
}

type Leaf = Exclude<SelectorLeaf['kind'], 'group' | 'platform' | 'model' | 'place' | 'os'>;

/** What is asked of a custodian; those that can always be answered need nothing. */
const ofCustodian: Record<Leaf, 'custodian' | 'role' | 'grade' | 'unit' | 'classes'> = {
  role: 'role',
  grade: 'grade',
  org: 'unit',
  class: 'classes',
  everyone: 'custodian',
  person: 'custodian',
  tag: 'custodian',
  custody: 'custodian',
};
