import { type Groups, groupsAskedBy, groupsBehind } from './group.ts';
import { selectorKey } from './match.ts';
import { deepestSelector, leavesOf, mostQuestions, type Selector, type SelectorLeaf } from './selector.ts';
import { compareVersions } from './versions.ts';

/** One sentence each. */
export interface SelectorProblems {
  /** It cannot be published so. */
  errors: string[];
  /** It can, but it hardly is what somebody means. */
  warnings: string[];
}

/**
 * What a selector that fits its schema may still be wrong in. `of`: the group whose rule it is. Without `groups` those it
 * names are not looked at.
 */
export function selectorProblems(
  selector: Selector,
  { groups, of }: { groups?: Groups; of?: string } = {},
): SelectorProblems {
  const depth = depthOf(selector);
  if (depth > deepestSelector) {
    return {
      errors: [`It nests ${depth} deep; the most is ${deepestSelector}. Save a part as a group.`],
      warnings: [],
    };
  }
  const leaves = leavesOf(selector);
  return {
    errors: [
      ...(leaves.length > mostQuestions
        ? [`It asks ${leaves.length} questions; the most is ${mostQuestions}. Use a list for many people or devices.`]
        : []),
      ...leaves.flatMap(emptyQuestion),
      ...(groups ? groupProblems(selector, groups, of) : []),
    ],
    warnings: neverHolds(selector) ? ['It reaches nobody: its parts contradict each other.'] : [],
  };
}

/** A question alone is 1 deep. Without recursion: what comes from a file may nest as deep as it likes. */
export function depthOf(selector: Selector): number {
  let [depth, level] = [0, [selector]];
  while (level.length > 0) {
    depth += 1;
    level = level.flatMap((one) =>
      one.kind === 'not' ? [one.of] : one.kind === 'all' || one.kind === 'any' ? one.of : [],
    );
  }
  return depth;
}

function emptyQuestion(leaf: SelectorLeaf): string[] {
  if (leaf.kind !== 'os') return [];
  const { name, atLeast, below } = leaf;
  if (name === undefined && atLeast === undefined && below === undefined)
    return ['A question about the operating system names no system and no version. Name one.'];
  return atLeast !== undefined && below !== undefined && compareVersions(atLeast, below) >= 0
    ? [`No version is at least ${atLeast} and before ${below}. Turn them round.`]
    : [];
}

function groupProblems(selector: Selector, groups: Groups, of: string | undefined): string[] {
  const missing = groupsAskedBy(selector).filter((name) => name !== of && !groups.has(name));
  const behind = groupsBehind(selector, groups);
  const circular = [...behind].filter((name) => {
    const content = groups.get(name);
    return name !== of && content?.kind === 'rule' && groupsBehind(content.selector, groups).has(name);
  });
  return [
    ...missing.map((name) => `There is no group “${name}”.`),
    ...(of !== undefined && behind.has(of) ? [`The group “${of}” would ask for itself.`] : []),
    ...circular.filter(() => of === undefined).map((name) => `The group “${name}” asks for itself.`),
  ];
}

/** Surely: whatever is known of a device. */
function neverHolds(selector: Selector): boolean {
  switch (selector.kind) {
    case 'all': {
      const parts = conjuncts(selector);
      const keys = new Set(parts.map(selectorKey));
      return (
        parts.some(neverHolds) ||
        parts.some((part) => part.kind === 'not' && keys.has(selectorKey(part.of))) ||
        parts.some((one, i) => parts.slice(i + 1).some((other) => exclude(one, other)))
      );
    }
    case 'any':
      return selector.of.every(neverHolds);
    case 'not':
      return alwaysHolds(selector.of);
    default:
      return false;
  }
}

function alwaysHolds(selector: Selector): boolean {
  if (selector.kind === 'everyone') return true;
  if (selector.kind === 'any') return selector.of.some(alwaysHolds);
  if (selector.kind === 'all') return selector.of.every(alwaysHolds);
  return selector.kind === 'not' && neverHolds(selector.of);
}

function conjuncts(selector: Selector): Selector[] {
  return selector.kind === 'all' ? selector.of.flatMap(conjuncts) : [selector];
}

/** Of these a device or person has one at a time. */
const single: readonly Selector['kind'][] = ['role', 'grade', 'person', 'platform', 'model', 'custody', 'place'];

function exclude(one: Selector, other: Selector): boolean {
  if (one.kind === 'os' && other.kind === 'os') return systemsExclude(one, other);
  const differ = one.kind === other.kind && selectorKey(one) !== selectorKey(other);
  return differ && single.includes(one.kind);
}

type SystemQuestion = Extract<SelectorLeaf, { kind: 'os' }>;

function systemsExclude(one: SystemQuestion, other: SystemQuestion): boolean {
  if (one.name !== undefined && other.name !== undefined && one.name !== other.name) return true;
  const beyond = ({ below }: SystemQuestion, { atLeast }: SystemQuestion) =>
    below !== undefined && atLeast !== undefined && compareVersions(atLeast, below) >= 0;
  return beyond(one, other) || beyond(other, one);
}
