import type { Platform } from '../profile/keywords.ts';
import type { Missing } from './missing.ts';
import type { UnknownAnswer } from './resolve.ts';
import type { CustodyKind, PersonRole, Selector } from './selector.ts';

/** Names for the ids a selector holds; `undefined` when there is no such thing. */
export interface SelectorNames {
  org(sourcedId: string): string | undefined;
  person(sourcedId: string): string | undefined;
  class?(sourcedId: string): string | undefined;
}

const roleWords: Record<PersonRole, string> = {
  student: 'students',
  teacher: 'teachers',
  staff: 'staff',
  administrator: 'administrators',
  guardian: 'guardians',
};

const platformWords: Record<Platform, string> = { linux: 'Linux', darwin: 'macOS', win32: 'Windows' };
const custodyWords: Record<CustodyKind, string> = {
  primary: 'devices given out for good',
  loan: 'devices on loan',
  none: 'devices nobody has',
};

/** Whom a selector reaches, in words: `grade 5 and Maple Elementary and below`. */
export function selectorWords(selector: Selector, names: SelectorNames): string {
  switch (selector.kind) {
    case 'all':
      return selector.of.map((part) => partWords(part, names)).join(' and ');
    case 'any':
      return selector.of.map((part) => partWords(part, names)).join(' or ');
    case 'not':
      return `not ${partWords(selector.of, names)}`;
    case 'everyone':
      return 'everyone';
    case 'role':
      return roleWords[selector.role];
    case 'org':
      return `${names.org(selector.org) ?? `unit ${selector.org} (not in the roster)`} and below`;
    case 'grade':
      return `grade ${selector.grade}`;
    case 'class':
      return `class ${names.class?.(selector.class) ?? selector.class}`;
    case 'person':
      return names.person(selector.person) ?? `person ${selector.person} (not in the roster)`;
    case 'group':
      return `the group “${selector.group}”`;
    case 'tag':
      return `devices tagged ${selector.tag}`;
    case 'platform':
      return `${platformWords[selector.platform]} devices`;
    case 'model':
      return `model ${selector.model}`;
    case 'os':
      return osWords(selector);
    case 'custody':
      return custodyWords[selector.custody];
    case 'place':
      return selector.place === 'on-campus' ? 'devices on campus' : 'devices off campus';
  }
}

/** In brackets where it is composed itself. */
function partWords(part: Selector, names: SelectorNames): string {
  const words = selectorWords(part, names);
  return part.kind === 'all' || part.kind === 'any' ? `(${words})` : words;
}

function osWords({ name = 'any system', atLeast, below }: Extract<Selector, { kind: 'os' }>): string {
  const bounds = [...(atLeast ? [`from ${atLeast} on`] : []), ...(below ? [`before ${below}`] : [])];
  return [name, ...bounds].join(' ');
}

/** What is not known, and what that means for the device. */
export function unknownWords({ selector, stays, missing }: UnknownAnswer, names: SelectorNames): string {
  const [first = 'Something it asks is not known', ...others] = missing.map(missingWords);
  const why = [first, ...others.map((words) => words.charAt(0).toLowerCase() + words.slice(1))].join(', ');
  const words = selectorWords(selector, names);
  const whom = words.includes('“') ? words : `“${words}”`;
  return stays ? `${why}; ${whom} stays as it last was.` : `${why}; ${whom} does not reach it.`;
}

function missingWords(missing: Missing): string {
  switch (missing.what) {
    case 'group':
      return `There is no published group “${missing.name}”`;
    case 'circle':
      return `The group “${missing.name}” asks for itself`;
    default:
      return attributeWords[missing.what];
  }
}

const attributeWords: Record<Exclude<Missing['what'], 'group' | 'circle'>, string> = {
  custodian: 'Nobody has this device in custody',
  role: 'The role of its custodian is not known',
  grade: 'The grade of its custodian is not known',
  unit: 'The unit of its custodian is not known',
  classes: 'The classes of its custodian are not known',
  platform: 'Its platform is not known',
  model: 'Its model is not known',
  system: 'Its operating system is not known',
  version: 'The version of its operating system is not a number',
  place: 'Whether it is on campus is not known',
  serial: 'Its serial number is not known',
};
