import type Type from 'typebox';
import type { Selector } from '../../../shared/policy/selector.ts';
import { gradeWords, roleWords } from './words.ts';

export type SelectorValue = Type.Static<typeof Selector>;
export type SelectorKind = SelectorValue['kind'];

export const selectorKinds: Partial<Record<SelectorKind, string>> = {
  everyone: 'Everyone',
  role: 'Everyone of a role',
  org: 'A school or unit',
  grade: 'A grade',
  person: 'One person',
  tag: 'Devices with a tag',
};

/** A fresh selector of a kind, with its value still to be filled in. */
export function emptySelector(kind: SelectorKind): SelectorValue {
  switch (kind) {
    case 'everyone':
      return { kind };
    case 'role':
      return { kind, role: 'student' };
    case 'org':
      return { kind, org: '' };
    case 'grade':
      return { kind, grade: '' };
    case 'person':
      return { kind, person: '' };
    case 'tag':
      return { kind, tag: '' };
    default:
      throw new Error(`There is no form for ${kind} yet.`);
  }
}

/** What a selector still lacks, in words. */
export function selectorProblem(selector: SelectorValue): string | undefined {
  if (selector.kind === 'org' && selector.org === '') return 'Choose a school';
  if (selector.kind === 'grade' && selector.grade === '') return 'Choose a grade';
  if (selector.kind === 'person' && selector.person === '') return 'Choose a person';
  if (selector.kind === 'tag' && selector.tag.trim() === '') return 'Write the tag';
  return undefined;
}

/** A selector in words, as far as this page knows the names. */
export function selectorWords(selector: SelectorValue): string {
  switch (selector.kind) {
    case 'everyone':
      return 'everyone';
    case 'role':
      return roleWords[selector.role].many.toLowerCase();
    case 'org':
      return `unit ${selector.org}`;
    case 'grade':
      return gradeWords(selector.grade);
    case 'person':
      return `person ${selector.person}`;
    case 'tag':
      return `devices tagged ${selector.tag}`;
    default:
      return selector.kind;
  }
}
