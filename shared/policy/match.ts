import { compare } from './canonical.ts';
import { type GroupContent, type Groups, groupsInCircles } from './group.ts';
import type { Range } from './nearness.ts';
import type { Selector, SelectorLeaf } from './selector.ts';
import type { PersonAttributes, PolicySubject } from './subject.ts';
import { compareVersions, isVersion } from './versions.ts';

/** Three-valued, after Kleene: `unknown` neither matches nor un-matches. */
export type Answer = true | false | 'unknown';

export const noGroups: Groups = new Map();

/** One device that several selectors are asked about; what a group answers is worked out once. */
export interface Asked {
  readonly subject: PolicySubject;
  readonly groups: Groups;
  readonly ofGroups: Map<string, Answer>;
  readonly nearGroups: Map<string, Range>;
}

export function asked(subject: PolicySubject, groups: Groups = noGroups): Asked {
  return { subject, groups, ofGroups: new Map(), nearGroups: new Map() };
}

/**
 * Does the selector reach the device? Custody says for certain whether a device is one person's, so `person` is always
 * known; what kind of person uses a device in nobody's custody is unknown. Only students have grades. A group that is
 * not there, or that asks for itself, is unknown. Less knowledge turns an answer into `unknown`, never into another one.
 */
export function matches(selector: Selector, subject: PolicySubject, groups: Groups = noGroups): Answer {
  return answerOf(selector, asked(subject, groups));
}

/** As `matches`, for callers that ask several selectors about one device. */
export function answerOf(selector: Selector, about: Asked): Answer {
  switch (selector.kind) {
    case 'all':
      return everyOf(selector.of, (part) => answerOf(part, about));
    case 'any':
      return not(everyOf(selector.of, (part) => not(answerOf(part, about))));
    case 'not':
      return not(answerOf(selector.of, about));
    case 'group':
      return answerOfGroup(selector.group, about);
    default:
      return answerOfLeaf(selector, about.subject);
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

function answerOfGroup(name: string, about: Asked): Answer {
  const known = about.ofGroups.get(name);
  if (known !== undefined) return known;
  const content = about.groups.get(name);
  const answer = !content || groupsInCircles(about.groups).has(name) ? 'unknown' : answerOfContent(content, about);
  about.ofGroups.set(name, answer);
  return answer;
}

function answerOfContent(content: GroupContent, about: Asked): Answer {
  return content.kind === 'list' ? isListed(content, about.subject) : answerOf(content.selector, about);
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
  return known(serial, (own) => devices.has(own));
}

type AskedLeaf = Exclude<SelectorLeaf, { kind: 'group' }>;

function answerOfLeaf(selector: AskedLeaf, subject: PolicySubject): Answer {
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
      return answerOfGrade(selector.grade, custodian);
    case 'class':
      return known(custodian?.classes, (classes) => classes.includes(selector.class));
    case 'org':
      return custodian === null || custodian.orgs.length === 0 ? 'unknown' : custodian.orgs.includes(selector.org);
    case 'platform':
      return known(subject.platform, (platform) => platform === selector.platform);
    case 'model':
      return known(subject.model, (model) => model === selector.model);
    case 'os':
      return known(subject.os, (os) => answerOfOs(selector, os));
    case 'custody':
      return subject.custody === selector.custody;
    case 'place':
      return known(subject.place, (place) => place === selector.place);
  }
}

function answerOfGrade(grade: string, custodian: PersonAttributes | null): Answer {
  if (custodian?.role && custodian.role !== 'student') return false;
  return known(custodian?.grade, (own) => own === grade);
}

/** A version that is no number (`rolling`, or nothing) is neither before nor after another. */
function answerOfOs(
  { name, atLeast, below }: Extract<SelectorLeaf, { kind: 'os' }>,
  os: { name: string; version: string },
): Answer {
  if (name !== undefined && os.name !== name) return false;
  if (atLeast === undefined && below === undefined) return true;
  if (!isVersion(os.version)) return 'unknown';
  if (atLeast !== undefined && compareVersions(os.version, atLeast) < 0) return false;
  return below === undefined || compareVersions(os.version, below) < 0;
}

function known<T>(value: T | null | undefined, test: (value: T) => Answer): Answer {
  return value === null || value === undefined ? 'unknown' : test(value);
}

const keys = new WeakMap<Selector, string>();

/** A selector as one string: the same selector always gives the same key, different ones different keys. */
export function selectorKey(selector: Selector): string {
  const key = keys.get(selector) ?? keyOf(selector);
  keys.set(selector, key);
  return key;
}

function keyOf(selector: Selector): string {
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
    default:
      return `${selector.kind}:${askedFor(selector)}`;
  }
}

/** The one value that a leaf asks for. */
function askedFor(leaf: Exclude<SelectorLeaf, { kind: 'everyone' | 'os' }>): string {
  switch (leaf.kind) {
    case 'role':
      return leaf.role;
    case 'org':
      return leaf.org;
    case 'grade':
      return leaf.grade;
    case 'class':
      return leaf.class;
    case 'person':
      return leaf.person;
    case 'group':
      return leaf.group;
    case 'tag':
      return leaf.tag;
    case 'platform':
      return leaf.platform;
    case 'model':
      return leaf.model;
    case 'custody':
      return leaf.custody;
    case 'place':
      return leaf.place;
  }
}
