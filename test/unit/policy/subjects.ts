import type { Assignment } from '../../../shared/policy/assignment.ts';
import { type PersonAttributes, type PolicySubject, unknownDevice } from '../../../shared/policy/subject.ts';

/** A sixth-grader of Maple Elementary in a small district. */
export const ada: PersonAttributes = {
  sourcedId: 'ada',
  role: 'student',
  grade: '06',
  orgs: ['maple', 'north-zone', 'district'],
  classes: null,
};
export const teacher: PersonAttributes = {
  sourcedId: 'tess',
  role: 'teacher',
  grade: null,
  orgs: ['maple', 'district'],
  classes: null,
};
/** Somebody of whom the roster says nothing. */
export const stranger: PersonAttributes = { sourcedId: 'stranger', role: null, grade: null, orgs: [], classes: null };

export function heldBy(custodian: PersonAttributes | null, tags: string[] = []): PolicySubject {
  return { ...unknownDevice, deviceId: 'device-1', tags, custodian, custody: custodian ? 'primary' : 'none' };
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
