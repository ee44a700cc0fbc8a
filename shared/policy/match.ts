import { compare } from './canonical.ts';
import type { GroupContent, Groups } from './group.ts';
import type { Selector, SelectorLeaf } from './selector.ts';
import type { PersonAttributes, PolicySubject } from './subject.ts';
import { compareVersions } from './versions.ts';

/** Three-valued, after Kleene: `unknown` neither matches nor un-matches. */
export type Answer = true | false | 'unknown';

export const noGroups: Groups = new Map();

/**
 * Does the selector reach the device? Custody says for certain whether a device is one person's, so `person` is always
 * known; what kind of person uses a device in nobody's custody is unknown. Only students have grades. A group that is
 * not there, or that asks for itself, is unknown.
 */
export function matches(selector: Selector, subject: PolicySubject, groups: Groups = noGroups): Answer {
  switch (selector.kind) {
    case 'all':
      return everyOf(selector.of, (part) => matches(part, subject, groups));
    case 'any':
      return not(everyOf(selector.of, (part) => not(matches(part, subject, groups))));
    case 'not':
      return not(matches(selector.of, subject, groups));
    case 'group':
      return matchesGroup(selector.group, subject, groups);
    default:
      return matchesLeaf(selector, subject);
  }
}

function everyOf(parts: readonly Selector[], answer: (part: Selector) => Answer): Answer {
  let all: Answer = true;
  for (const part of parts) {
    const one = answer(part);
    if (one === false) return false;
    if (one === 'unknown') all = 'unknown';
  }
  return all;
}

const not = (answer: Answer): Answer => (answer === 'unknown' ? answer : !answer);

function matchesGroup(name: string, subject: PolicySubject, groups: Groups): Answer {
  const content = groups.get(name);
  if (!content) return 'unknown';
  if (content.kind === 'list') return isListed(content, subject);
  // Without the group itself, so that a circle ends.
  return matches(content.selector, subject, new Map([...groups].filter(([other]) => other !== name)));
}

interface Listed {
  people: ReadonlySet<string>;
  devices: ReadonlySet<string>;
}
const listed = new WeakMap<GroupContent, Listed>();

function isListed(content: Extract<GroupContent, { kind: 'list' }>, { custodian, serial }: PolicySubject): Answer {
  const { people, devices } = listed.get(content) ?? {
    people: new Set(content.people),
    devices: new Set(content.devices),
  };
  listed.set(content, { people, devices });
  if (custodian && people.has(custodian.sourcedId)) return true;
  if (devices.size === 0) return false;
  return serial === null ? 'unknown' : devices.has(serial);
}

type AskedLeaf = Exclude<SelectorLeaf, { kind: 'group' }>;

function matchesLeaf(selector: AskedLeaf, subject: PolicySubject): Answer {
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
    case 'class':
      return known(custodian?.classes, (classes) => classes.includes(selector.class));
    case 'org':
      return custodian === null || custodian.orgs.length === 0 ? 'unknown' : custodian.orgs.includes(selector.org);
    case 'platform':
      return known(subject.platform, (platform) => platform === selector.platform);
    case 'model':
      return known(subject.model, (model) => model === selector.model);
    case 'os':
      return known(subject.os, (os) => matchesOs(selector, os));
    case 'custody':
      return subject.custody === selector.custody;
    case 'place':
      return known(subject.place, (place) => place === selector.place);
  }
}

function matchesGrade(grade: string, custodian: PersonAttributes | null): Answer {
  const role = custodian?.role;
  if (role && role !== 'student') return false;
  return known(custodian?.grade, (own) => own === grade);
}

function matchesOs(
  { name, atLeast, below }: Extract<SelectorLeaf, { kind: 'os' }>,
  os: { name: string; version: string },
): boolean {
  if (name !== undefined && os.name !== name) return false;
  if (atLeast !== undefined && compareVersions(os.version, atLeast) < 0) return false;
  return below === undefined || compareVersions(os.version, below) < 0;
}

function known<T>(value: T | null | undefined, test: (value: T) => boolean): Answer {
  return value === null || value === undefined ? 'unknown' : test(value);
}

/** A selector as one string: the same selector always gives the same key, different ones different keys. */
export function selectorKey(selector: Selector): string {
  switch (selector.kind) {
    case 'all':
    case 'any':
      return `${selector.kind}:${JSON.stringify([...new Set(selector.of.map(selectorKey))].sort(compare))}`;
    case 'not':
      return `not:${selectorKey(selector.of)}`;
    case 'everyone':
      return 'everyone';
    case 'os':
      return `os:${JSON.stringify([selector.name, selector.atLeast, selector.below])}`;
    case 'role':
      return `role:${selector.role}`;
    case 'org':
      return `org:${selector.org}`;
    case 'grade':
      return `grade:${selector.grade}`;
    case 'class':
      return `class:${selector.class}`;
    case 'person':
      return `person:${selector.person}`;
    case 'group':
      return `group:${selector.group}`;
    case 'tag':
      return `tag:${selector.tag}`;
    case 'platform':
      return `platform:${selector.platform}`;
    case 'model':
      return `model:${selector.model}`;
    case 'custody':
      return `custody:${selector.custody}`;
    case 'place':
      return `place:${selector.place}`;
  }
}
