import { places } from '../../../shared/filter/place.ts';
import { noGroups } from '../../../shared/policy/match.ts';
import {
  custodyKinds,
  deepestSelector,
  leavesOf,
  mostQuestions,
  type Selector,
  type SelectorLeaf,
} from '../../../shared/policy/selector.ts';
import { depthOf, selectorProblems } from '../../../shared/policy/selector-problems.ts';
import { compareVersions } from '../../../shared/policy/versions.ts';

export type LeafKind = SelectorLeaf['kind'];
/** Several questions, composed; what the form shows even of a single one. */
export type SelectorGroup = Extract<Selector, { of: Selector[] }>;

/** What can be asked, by what it is about. */
export const questions: readonly { group: string; items: readonly { value: LeafKind; label: string }[] }[] = [
  {
    group: 'The person who has it',
    items: [
      { value: 'role', label: 'Role' },
      { value: 'org', label: 'School or unit' },
      { value: 'grade', label: 'Grade' },
      { value: 'class', label: 'Class' },
      { value: 'person', label: 'Person' },
    ],
  },
  {
    group: 'The device',
    items: [
      { value: 'platform', label: 'System' },
      { value: 'os', label: 'System version' },
      { value: 'model', label: 'Model' },
      { value: 'tag', label: 'Tag' },
      { value: 'custody', label: 'Handed out' },
      { value: 'place', label: 'Place' },
    ],
  },
  {
    group: 'All at once',
    items: [
      { value: 'group', label: 'Saved group' },
      { value: 'everyone', label: 'Everyone' },
    ],
  },
];

const fresh: { readonly [K in LeafKind]: Extract<SelectorLeaf, { kind: K }> } = {
  everyone: { kind: 'everyone' },
  role: { kind: 'role', role: 'student' },
  org: { kind: 'org', org: '' },
  grade: { kind: 'grade', grade: '' },
  class: { kind: 'class', class: '' },
  person: { kind: 'person', person: '' },
  group: { kind: 'group', group: '' },
  tag: { kind: 'tag', tag: '' },
  platform: { kind: 'platform', platform: 'win32' },
  model: { kind: 'model', model: '' },
  os: { kind: 'os' },
  custody: { kind: 'custody', custody: custodyKinds[0] },
  place: { kind: 'place', place: places[0] },
};

/** A question of a kind, with its value still to be filled in. */
export const freshQuestion = (kind: LeafKind): SelectorLeaf => fresh[kind];

export const isGroup = (selector: Selector): selector is SelectorGroup =>
  selector.kind === 'all' || selector.kind === 'any';

/** The selector as the outermost group of the form. */
export const asGroup = (selector: Selector): SelectorGroup =>
  isGroup(selector) ? selector : { kind: 'all', of: [selector] };

/** The plainest selector that says the same: a group of one is that one. */
export function fromGroup(group: SelectorGroup): Selector {
  const [only, ...others] = group.of;
  return only && others.length === 0 ? only : group;
}

const OsVersion = /^[0-9]{1,6}(\.[0-9]{1,6}){0,4}$/;

/** What one question still lacks, in words. */
export function questionProblem(question: SelectorLeaf): string | undefined {
  switch (question.kind) {
    case 'org':
      return question.org === '' ? 'Choose a school' : undefined;
    case 'grade':
      return question.grade === '' ? 'Choose a grade' : undefined;
    case 'class':
      return question.class === '' ? 'Choose a class' : undefined;
    case 'person':
      return question.person === '' ? 'Choose a person' : undefined;
    case 'group':
      return question.group === '' ? 'Choose a group' : undefined;
    case 'tag':
      return question.tag.trim() === '' ? 'Write the tag' : undefined;
    case 'model':
      return question.model.trim() === '' ? 'Write the model' : undefined;
    case 'os':
      return osProblem(question);
    default:
      return undefined;
  }
}

function osProblem({ name, atLeast, below }: Extract<SelectorLeaf, { kind: 'os' }>): string | undefined {
  if (name === undefined && atLeast === undefined && below === undefined) return 'Name a system or a version';
  const bad = [atLeast, below].find((version) => version !== undefined && !OsVersion.test(version));
  if (bad !== undefined) return `“${bad.slice(0, 40)}” is no version: numbers and dots, such as 24.04`;
  if (atLeast !== undefined && below !== undefined && compareVersions(atLeast, below) >= 0)
    return 'No version is both: the second is not later than the first';
  return undefined;
}

/** What keeps a selector from being saved, in words. */
export function selectorProblem(selector: Selector): string | undefined {
  const asked = leavesOf(selector);
  if (asked.length > mostQuestions) return `At most ${mostQuestions} conditions; there are ${asked.length}`;
  if (depthOf(selector) > deepestSelector) return `Groups nest at most ${deepestSelector} deep`;
  return asked.map(questionProblem).find((problem) => problem !== undefined);
}

/** What is odd about a selector that may be saved all the same, in words: that its parts contradict each other. */
export const selectorWarning = (selector: Selector): string | undefined =>
  selectorProblems(selector, { groups: noGroups }).warnings[0];
