import type { UnknownAnswer } from './resolve.ts';
import type { PersonRole, Selector } from './selector.ts';

/** Names for the ids a selector holds; `undefined` when there is no such thing. */
export interface SelectorNames {
  org(sourcedId: string): string | undefined;
  person(sourcedId: string): string | undefined;
}

const roleWords: Record<PersonRole, string> = {
  student: 'students',
  teacher: 'teachers',
  staff: 'staff',
  administrator: 'administrators',
  guardian: 'guardians',
};

/** Whom a selector reaches, in words: `Maple Elementary and below`. */
export function selectorWords(selector: Selector, names: SelectorNames): string {
  switch (selector.kind) {
    case 'everyone':
      return 'everyone';
    case 'role':
      return roleWords[selector.role];
    case 'org':
      return `${names.org(selector.org) ?? `unit ${selector.org} (not in the roster)`} and below`;
    case 'grade':
      return `grade ${selector.grade}`;
    case 'person':
      return names.person(selector.person) ?? `person ${selector.person} (not in the roster)`;
    case 'tag':
      return `devices tagged ${selector.tag}`;
  }
}

const attribute: Partial<Record<Selector['kind'], string>> = { role: 'role', org: 'unit', grade: 'grade' };

/** What is not known, and what that means for the device. */
export function unknownWords(answer: UnknownAnswer, hasCustodian: boolean, names: SelectorNames): string {
  const missing = attribute[answer.selector.kind] ?? 'answer';
  const why = hasCustodian ? `The ${missing} of its custodian is not known` : 'Nobody has this device in custody';
  const whom = `“${selectorWords(answer.selector, names)}”`;
  return answer.stays ? `${why}; ${whom} stays as it last was.` : `${why}; ${whom} does not reach it.`;
}
