import type { Assignment } from '../../../shared/policy/assignment.ts';
import type { GroupContent } from '../../../shared/policy/group.ts';
import type { Selector } from '../../../shared/policy/selector.ts';
import type { PersonAttributes, PolicySubject } from '../../../shared/policy/subject.ts';

/**
 * Resolution as docs/decisions/0006 and 0023 say it, written without a look at the product's: answers are numbers (0 no,
 * 1 unknown, 2 yes), groups are expanded wherever they are named, nothing is kept between two questions.
 */
export interface ReferenceQuestion {
  subject: PolicySubject;
  assignments: readonly Assignment[];
  groups: ReadonlyMap<string, GroupContent>;
  /** Selectors, as JSON, that reached the device last, with how near they were; and profiles that did. */
  last: ReferenceMemory;
}

export interface ReferenceMemory {
  selectors: Map<string, number>;
  profiles: Set<string>;
}

export interface ReferenceAnswer {
  reaching: string[];
  settings: Record<string, Record<string, unknown>>;
  unknown: string[];
  memory: ReferenceMemory;
}

type Grade = 0 | 1 | 2;
const far = Number.MAX_SAFE_INTEGER;
export const nothingRemembered: ReferenceMemory = { selectors: new Map(), profiles: new Set() };

export function referenceOf({ subject, assignments, groups, last }: ReferenceQuestion): ReferenceAnswer {
  const rows = assignments.map((assignment) => {
    const written = JSON.stringify(normal(assignment.to));
    const grade = gradeOf(assignment.to, subject, groups);
    const siblings = assignments.filter((other) => other.profileId === assignment.profileId);
    const editedSince = !siblings.some((other) => last.selectors.has(JSON.stringify(normal(other.to))));
    const kept = last.selectors.has(written) || (last.profiles.has(assignment.profileId) && editedSince);
    const reaches = grade === 2 || (grade === 1 && kept);
    const possible = distances(assignment.to, subject, groups);
    const near = possible.size === 1 ? ([...possible][0] ?? far) : (last.selectors.get(written) ?? far);
    return { assignment, written, grade, reaches, near };
  });
  const reaching = rows.filter(({ reaches }) => reaches);
  const ordered: typeof reaching = [];
  for (const row of reaching) {
    const at = ordered.findIndex((other) => goesBefore(row, other));
    ordered.splice(at < 0 ? ordered.length : at, 0, row);
  }
  const once = ordered.filter(
    (row, index) => ordered.findIndex((other) => other.assignment.profileId === row.assignment.profileId) === index,
  );
  return {
    reaching: once.map(({ assignment }) => assignment.profileId),
    settings: merged(once.map(({ assignment }) => assignment)),
    unknown: [...new Set(rows.filter(({ grade }) => grade === 1).map(({ written }) => written))].sort(),
    memory: {
      selectors: new Map(reaching.map(({ written, near }) => [written, near])),
      profiles: new Set(reaching.map(({ assignment }) => assignment.profileId)),
    },
  };
}

/** The same selector however its parts are ordered or repeated. */
export function normal(selector: Selector): unknown {
  if (selector.kind === 'all' || selector.kind === 'any') {
    const parts = selector.of.map((part) => JSON.stringify(normal(part)));
    return [selector.kind, ...[...new Set(parts)].sort()];
  }
  if (selector.kind === 'not') return ['not', normal(selector.of)];
  return Object.entries(selector).sort(([a], [b]) => (a < b ? -1 : 1));
}

type Groups = ReadonlyMap<string, GroupContent>;

function gradeOf(selector: Selector, subject: PolicySubject, groups: Groups): Grade {
  switch (selector.kind) {
    case 'all':
      return Math.min(...selector.of.map((part) => gradeOf(part, subject, groups))) as Grade;
    case 'any':
      return Math.max(...selector.of.map((part) => gradeOf(part, subject, groups))) as Grade;
    case 'not':
      return (2 - gradeOf(selector.of, subject, groups)) as Grade;
    case 'group': {
      const content = groups.get(selector.group);
      if (!content || comesBack(selector.group, groups, [])) return 1;
      return content.kind === 'rule' ? gradeOf(content.selector, subject, groups) : onList(content, subject);
    }
    default:
      return gradeOfQuestion(selector, subject);
  }
}

/** Follows every path of names; does one lead back to the first? */
function comesBack(name: string, groups: Groups, path: readonly string[]): boolean {
  if (path.length > 0 && path[0] === name) return true;
  if (path.includes(name)) return false;
  const content = groups.get(name);
  if (content?.kind !== 'rule') return false;
  return namesIn(content.selector).some((next) => comesBack(next, groups, [...path, name]));
}

function namesIn(selector: Selector): string[] {
  if (selector.kind === 'group') return [selector.group];
  if (selector.kind === 'not') return namesIn(selector.of);
  return selector.kind === 'all' || selector.kind === 'any' ? selector.of.flatMap(namesIn) : [];
}

function onList(list: { people: readonly string[]; devices: readonly string[] }, subject: PolicySubject): Grade {
  if (subject.custodian && list.people.includes(subject.custodian.sourcedId)) return 2;
  if (list.devices.length === 0) return 0;
  if (subject.serial === null) return 1;
  return list.devices.includes(subject.serial) ? 2 : 0;
}

const yes = (is: boolean): Grade => (is ? 2 : 0);

function gradeOfQuestion(selector: Selector, { custodian, ...device }: PolicySubject): Grade {
  if (selector.kind === 'everyone') return 2;
  if (selector.kind === 'tag') return yes(device.tags.includes(selector.tag));
  if (selector.kind === 'custody') return yes(device.custody === selector.custody);
  if (selector.kind === 'person') return yes(custodian !== null && custodian.sourcedId === selector.person);
  if (selector.kind === 'platform') return same(device.platform, selector.platform);
  if (selector.kind === 'model') return same(device.model, selector.model);
  if (selector.kind === 'place') return same(device.place, selector.place);
  if (selector.kind === 'os') return gradeOfSystem(selector, device.os);
  return custodian === null ? 1 : gradeOfPerson(selector, custodian);
}

const same = (own: string | null, wanted: string): Grade => (own === null ? 1 : yes(own === wanted));

function gradeOfPerson(selector: Selector, { role, grade, orgs, classes }: PersonAttributes): Grade {
  if (selector.kind === 'role') return same(role, selector.role);
  if (selector.kind === 'org') return orgs.length === 0 ? 1 : yes(orgs.includes(selector.org));
  if (selector.kind === 'class') return classes === null ? 1 : yes(classes.includes(selector.class));
  if (selector.kind !== 'grade') throw new Error(`no such question: ${selector.kind}`);
  return role === null || role === 'student' ? same(grade, selector.grade) : 0;
}

function gradeOfSystem(asked: Extract<Selector, { kind: 'os' }>, os: PolicySubject['os']): Grade {
  if (os === null) return 1;
  if (asked.name !== undefined && asked.name !== os.name) return 0;
  if (asked.atLeast === undefined && asked.below === undefined) return 2;
  const own = padded(os.version);
  if (own === undefined) return 1;
  const from = padded(asked.atLeast ?? '0') ?? '';
  const before = asked.below === undefined ? undefined : padded(asked.below);
  return yes(own >= from && (before === undefined || own < before));
}

/** `12.5` as text that sorts: every number eight digits wide, six numbers. */
function padded(version: string): string | undefined {
  const numbers = /^[0-9]+(\.[0-9]+)*/.exec(version)?.[0].split('.');
  if (!numbers) return undefined;
  return Array.from({ length: 6 }, (_, i) => (numbers[i] ?? '0').padStart(8, '0')).join('');
}

/** Every distance that is possible, whatever the answers are that are not known. */
function distances(selector: Selector, subject: PolicySubject, groups: Groups): Set<number> {
  switch (selector.kind) {
    case 'person':
    case 'tag':
      return new Set([0]);
    case 'class':
      return new Set([1]);
    case 'org': {
      const orgs = subject.custodian?.orgs ?? [];
      if (orgs.length === 0) return new Set([2, far]);
      return new Set([orgs.includes(selector.org) ? 2 + orgs.indexOf(selector.org) : far]);
    }
    case 'group': {
      const content = groups.get(selector.group);
      if (content?.kind === 'list') return new Set([0]);
      if (!content || comesBack(selector.group, groups, [])) return new Set([0, far]);
      return distances(content.selector, subject, groups);
    }
    case 'all':
      return nearest(selector.of.map((part) => distances(part, subject, groups)));
    case 'any':
      return nearest(
        selector.of.map((part) => {
          const grade = gradeOf(part, subject, groups);
          if (grade === 0) return new Set([far]);
          return new Set([...distances(part, subject, groups), ...(grade === 1 ? [far] : [])]);
        }),
      );
    default:
      return new Set([far]);
  }
}

function nearest(parts: readonly Set<number>[]): Set<number> {
  let mins = [far];
  for (const part of parts) mins = mins.flatMap((a) => [...part].map((b) => Math.min(a, b)));
  return new Set(mins);
}

interface Placed {
  assignment: Assignment;
  written: string;
  near: number;
}

function goesBefore(one: Placed, other: Placed): boolean {
  const [a, b] = [one, other].map((row) => [
    row.assignment.locked ? 0 : row.assignment.restriction ? 1 : row.assignment.override ? 2 : 3,
    row.near,
    -row.assignment.priority,
    row.assignment.profile,
    row.assignment.profileId,
  ]) as [(string | number)[], (string | number)[]];
  for (const [index, value] of a.entries()) {
    const against = b[index] ?? value;
    if (value !== against) return value < against;
  }
  return false;
}

type Rule = 'strict' | 'join' | 'first' | readonly string[];
/** The settings that the test's profiles set, each with its rule written out. */
const rules: Record<string, Record<string, Rule>> = {
  webFilter: {
    safeSearch: 'strict',
    youtube: ['off', 'moderate', 'strict'],
    blockedDomains: 'join',
    blockAnswer: 'first',
  },
  browser: { homePage: 'first' },
};

function merged(ordered: readonly Assignment[]): Record<string, Record<string, unknown>> {
  const result: Record<string, Record<string, unknown>> = {};
  for (const [capability, settings] of Object.entries(rules)) {
    const sets = ordered.flatMap((assignment) => {
      const own = (assignment.settings as Record<string, Record<string, unknown> | undefined>)[capability];
      return own ? [{ assignment, own }] : [];
    });
    if (sets.length === 0) continue;
    result[capability] = {};
    for (const [setting, rule] of Object.entries(settings)) {
      const wishes = sets.filter(({ own }) => own[setting] !== undefined);
      const excepted = wishes.some(({ assignment }) => isException(assignment));
      const counting = wishes.filter(({ assignment }) => !(excepted && isPlain(assignment)));
      const values = (rule === 'join' ? wishes : counting).map(({ own }) => own[setting]);
      if (values.length > 0) result[capability][setting] = oneOf(rule, values);
    }
  }
  return result;
}

function oneOf(rule: Rule, values: readonly unknown[]): unknown {
  if (rule === 'join') return [...new Set(values.flat())];
  if (rule === 'first') return values[0];
  if (rule === 'strict') return values.includes(true);
  return rule[Math.max(...values.map((value) => rule.indexOf(value as string)))];
}

const isPlain = ({ locked, restriction, override }: Assignment) => !locked && !restriction && !override;
const isException = ({ locked, restriction, override }: Assignment) =>
  !locked && !restriction && override !== undefined;
