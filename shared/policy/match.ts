import type { Selector } from './selector.ts';
import type { PersonAttributes, PolicySubject } from './subject.ts';

/** Three-valued, after Kleene: `unknown` neither matches nor un-matches. */
export type Answer = true | false | 'unknown';

/**
 * Does the selector reach the device? Custody says for certain whether a device is one person's, so `person` is always
 * known; what kind of person uses a device in nobody's custody is unknown. Only students have grades.
 */
export function matches(selector: Selector, subject: PolicySubject): Answer {
  const { custodian } = subject;
  switch (selector.kind) {
    case 'everyone':
      return true;
    case 'tag':
      return subject.tags.includes(selector.tag);
    case 'person':
      return custodian?.sourcedId === selector.person;
    case 'role':
      return known(custodian?.role, (role) => role === selector.role);
    case 'grade':
      return matchesGrade(selector.grade, custodian);
    case 'org':
      return custodian === null || custodian.orgs.length === 0 ? 'unknown' : custodian.orgs.includes(selector.org);
  }
}

function matchesGrade(grade: string, custodian: PersonAttributes | null): Answer {
  const role = custodian?.role;
  if (role && role !== 'student') return false;
  return known(custodian?.grade, (own) => own === grade);
}

function known<T>(value: T | null | undefined, test: (value: T) => boolean): Answer {
  return value === null || value === undefined ? 'unknown' : test(value);
}

/** A selector as one string: the same selector always gives the same key, different ones different keys. */
export function selectorKey(selector: Selector): string {
  switch (selector.kind) {
    case 'everyone':
      return 'everyone';
    case 'role':
      return `role:${selector.role}`;
    case 'org':
      return `org:${selector.org}`;
    case 'grade':
      return `grade:${selector.grade}`;
    case 'person':
      return `person:${selector.person}`;
    case 'tag':
      return `tag:${selector.tag}`;
  }
}
