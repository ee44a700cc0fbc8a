import type { Assignment } from '../../../shared/policy/assignment.ts';
import type { PersonAttributes, PolicySubject } from '../../../shared/policy/subject.ts';

/** A sixth-grader of Maple Elementary in a small district. */
export const ada: PersonAttributes = {
  sourcedId: 'ada',
  role: 'student',
  grade: '06',
  orgs: ['maple', 'north-zone', 'district'],
};
export const teacher: PersonAttributes = {
  sourcedId: 'tess',
  role: 'teacher',
  grade: null,
  orgs: ['maple', 'district'],
};
/** Somebody of whom the roster says nothing. */
export const stranger: PersonAttributes = { sourcedId: 'stranger', role: null, grade: null, orgs: [] };

export function heldBy(custodian: PersonAttributes | null, tags: string[] = []): PolicySubject {
  return { deviceId: 'device-1', tags, custodian };
}

/** An assignment of its own profile; what is not said is unremarkable. */
export function assignment(profile: string, said: Partial<Assignment> = {}): Assignment {
  return {
    profile,
    profileId: `id-${profile}`,
    revision: 1,
    to: { kind: 'everyone' },
    priority: 100,
    settings: {},
    ...said,
  };
}
