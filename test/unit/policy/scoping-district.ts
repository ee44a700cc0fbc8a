import type { Assignment } from '../../../shared/policy/assignment.ts';
import { rankWords, whyBeaten } from '../../../shared/policy/explain.ts';
import type { GroupContent, Groups } from '../../../shared/policy/group.ts';
import { district } from '../../../shared/policy/nearness.ts';
import { resolveDesiredState } from '../../../shared/policy/resolve.ts';
import type { Selector } from '../../../shared/policy/selector.ts';
import type { PersonAttributes, PolicySubject } from '../../../shared/policy/subject.ts';
import { selectorWords, unknownWords } from '../../../shared/policy/words.ts';

/** People, devices and groups of a small district for tables of scoping, with how they are explained. */
export const ada: PersonAttributes = {
  ...{ sourcedId: 'ada', role: 'student', grade: '05' },
  orgs: ['maple', 'north-zone', 'district'],
  classes: ['maths-5a', 'art-5'],
};
export const ben: PersonAttributes = {
  ...ada,
  sourcedId: 'ben',
  grade: '06',
  orgs: ['cedar', 'south-zone', 'district'],
  classes: [],
};
export const tess: PersonAttributes = {
  ...{
    sourcedId: 'tess',
    role: 'teacher',
    grade: null,
    orgs: ['maple', 'north-zone', 'district'],
    classes: ['maths-5a'],
  },
};
/** Teaches at two schools; the first is the primary one, and all its line comes before the other’s. */
export const twoSchools: PersonAttributes = {
  ...tess,
  sourcedId: 'two',
  orgs: ['maple', 'north-zone', 'district', 'cedar', 'south-zone'],
};
/** Somebody of whom the roster says nothing. */
export const stranger: PersonAttributes = { sourcedId: 'who', role: null, grade: null, orgs: [], classes: null };

export function device(custodian: PersonAttributes | null, said: Partial<PolicySubject> = {}): PolicySubject {
  return {
    ...{ deviceId: 'd1', serial: 'S1', tags: [], platform: 'win32', model: 'Latitude 3190', place: 'on-campus' },
    ...{ os: { name: 'Windows 11', version: '10.0.22631' }, custody: custodian ? 'primary' : 'none', custodian },
    ...said,
  };
}

export const rule = (selector: Selector): GroupContent => ({ kind: 'rule', selector });
export const list = (people: string[], devices: string[] = []): GroupContent => ({ kind: 'list', people, devices });

export const everyone: Selector = { kind: 'everyone' };
export const role = (is: 'student' | 'teacher' | 'staff'): Selector => ({ kind: 'role', role: is });
export const grade = (is: string): Selector => ({ kind: 'grade', grade: is });
export const org = (is: string): Selector => ({ kind: 'org', org: is });
export const person = (is: string): Selector => ({ kind: 'person', person: is });
export const tag = (is: string): Selector => ({ kind: 'tag', tag: is });
export const inClass = (is: string): Selector => ({ kind: 'class', class: is });
export const group = (is: string): Selector => ({ kind: 'group', group: is });
export const model = (is: string): Selector => ({ kind: 'model', model: is });
export const platform = (is: 'linux' | 'darwin' | 'win32'): Selector => ({ kind: 'platform', platform: is });
export const custody = (is: 'primary' | 'loan' | 'none'): Selector => ({ kind: 'custody', custody: is });
export const place = (is: 'on-campus' | 'off-campus'): Selector => ({ kind: 'place', place: is });
export const os = (bounds: { name?: string; atLeast?: string; below?: string }): Selector => ({
  kind: 'os',
  ...bounds,
});
export const all = (...of: Selector[]): Selector => ({ kind: 'all', of });
export const any = (...of: Selector[]): Selector => ({ kind: 'any', of });
export const not = (of: Selector): Selector => ({ kind: 'not', of });

const names = {
  org: (id: string) => ({ maple: 'Maple', cedar: 'Cedar', 'north-zone': 'North Zone', district: 'the district' })[id],
  person: (id: string) => ({ ada: 'Ada', ben: 'Ben', tess: 'Tess' })[id],
  class: (id: string) => ({ 'maths-5a': 'Maths 5A', 'art-5': 'Art 5' })[id],
};

/** An assignment of its own profile, which sets a home page of its name; what is not said is unremarkable. */
export function assigned(profile: string, to: Selector, said: Partial<Assignment> = {}): Assignment {
  const settings = { browser: { homePage: `https://${profile}/` } };
  return { profileId: `id-${profile}`, profile, revision: 1, to, priority: 100, settings, ...said };
}

interface Asked {
  assignments: readonly Assignment[];
  subject: PolicySubject;
  groups?: Groups;
  lastKnown?: readonly string[];
}

/** Whether the one assignment reaches the device, in words: `yes: …`, `no`, or what is not known and what follows. */
export function reachWords({ assignments, subject, groups, lastKnown = [] }: Asked): string {
  const { reaching, unknown } = resolveDesiredState({ subject, assignments, lastKnown, ...(groups && { groups }) });
  const [first] = unknown;
  if (first) return unknownWords(first, names);
  return reaching[0] ? `yes: ${selectorWords(reaching[0].to, names)}` : 'no';
}

/** Every setting with its value, where it is from, and what it beat and why, in words. */
export function explained({ assignments, subject, groups, lastKnown = [] }: Asked): string[] {
  const { explanation, near } = resolveDesiredState({ subject, assignments, lastKnown, ...(groups && { groups }) });
  const rank = (one: Assignment) => rankWords(one, near.get(one) ?? district);
  return explanation.flatMap(({ capability, setting, value, from, beaten }) => {
    const [winner] = from;
    if (!winner) return [];
    const why = (lost: (typeof beaten)[number]) =>
      whyBeaten({ capability, setting }, { assignment: winner, value }, lost, near);
    return [
      `${setting} is ${String(value)} by ${from.map((one) => `${one.profile} (${rank(one)})`).join(' and ')}`,
      ...beaten.map((lost) => `not ${String(lost.value)} by ${lost.assignment.profile}: ${why(lost)}`),
    ];
  });
}

/** What the device remembers after it was resolved so. */
export function remembered({ assignments, subject, groups, lastKnown = [] }: Asked): string[] {
  return resolveDesiredState({ subject, assignments, lastKnown, ...(groups && { groups }) }).scope;
}
