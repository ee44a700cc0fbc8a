import type { GroupContent } from '../../shared/policy/group.ts';
import { answerOf, asked, matches } from '../../shared/policy/match.ts';
import { missingFor } from '../../shared/policy/missing.ts';
import { leavesOf, type Selector, type SelectorLeaf } from '../../shared/policy/selector.ts';
import type { PolicySubject } from '../../shared/policy/subject.ts';
import type { NamedGroup } from './policy.ts';

type LeafKind = SelectorLeaf['kind'];
type ListContent = Extract<GroupContent, { kind: 'list' }>;

/** One thing selectors ask about: subjects of equal value give equal answers, worked out once for each value. */
interface Facet {
  /** A string, or an object that is shared by those who are equal: compared by identity. */
  value(subject: PolicySubject): unknown;
  answers(subject: PolicySubject): string;
  /** By value, and by answers. */
  readonly codes: Map<unknown, string>;
  readonly codesOfAnswers: Map<string, string>;
}

/** What the answer to a question depends on; `null`: on nothing, or it has a facet of its own. */
const attributeOf: Record<LeafKind, ((subject: PolicySubject) => unknown) | null> = {
  everyone: null,
  group: null,
  org: null,
  person: null,
  role: ({ custodian }) => custodian?.role,
  grade: ({ custodian }) => `${custodian?.role} ${custodian?.grade}`,
  class: ({ custodian }) => custodian?.classes,
  tag: ({ tags }) => tags,
  platform: ({ platform }) => platform,
  model: ({ model }) => model,
  os: ({ os }) => os,
  custody: ({ custody }) => custody,
  place: ({ place }) => place,
};

/**
 * The distinct questions of many selectors and groups. Subjects with the same key are the same to them: each selector
 * made of these questions matches both or neither, and is as near to both.
 */
export class Questions {
  readonly #facets: readonly Facet[];

  /** `groups`: every content that the selectors may mean by a group's name. */
  constructor(selectors: readonly Selector[], groups: readonly NamedGroup[]) {
    const rules = groups.flatMap(({ content }) => (content.kind === 'rule' ? [content.selector] : []));
    const leaves = Map.groupBy([...selectors, ...rules].flatMap(leavesOf), ({ kind }) => kind);
    const lists = groups.flatMap(({ content }) => (content.kind === 'list' ? [content] : []));
    const people = (leaves.get('person') ?? []).flatMap((leaf) => (leaf.kind === 'person' ? [leaf.person] : []));
    const orgs = (leaves.get('org') ?? []).flatMap((leaf) => (leaf.kind === 'org' ? [leaf.org] : []));
    this.#facets = [
      ...[...leaves].flatMap(([kind, own]) => attributeFacet(kind, own)),
      ...(orgs.length > 0 ? [unitFacet(new Set(orgs))] : []),
      ...(people.length + lists.length > 0 ? [namedFacet(new Set(people), lists)] : []),
    ];
  }

  keyOf(subject: PolicySubject): string {
    let key = '';
    for (const facet of this.#facets) key += `${codeOf(facet, subject)} `;
    return key;
  }
}

/** A few letters for the answers of this facet: the same for the same answers. */
function codeOf({ value, answers, codes, codesOfAnswers }: Facet, subject: PolicySubject): string {
  const of = value(subject);
  const known = codes.get(of);
  if (known !== undefined) return known;
  const text = answers(subject);
  const code = codesOfAnswers.get(text) ?? codesOfAnswers.size.toString(36);
  codesOfAnswers.set(text, code);
  codes.set(of, code);
  return code;
}

function facet(value: Facet['value'], answers: Facet['answers']): Facet {
  return { value, answers, codes: new Map(), codesOfAnswers: new Map() };
}

function attributeFacet(kind: LeafKind, leaves: readonly SelectorLeaf[]): Facet[] {
  const value = attributeOf[kind];
  return value ? [facet(value, (subject) => leaves.map((leaf) => answerWith(leaf, subject)).join())] : [];
}

/** The answer; where there is none, what would have to be known. */
function answerWith(leaf: SelectorLeaf, subject: PolicySubject): string {
  const about = asked(subject);
  const answer = answerOf(leaf, about);
  return answer === 'unknown' ? JSON.stringify(missingFor(leaf, about)) : String(answer);
}

/** The units that are asked about, and how far up they are: that decides precedence. */
function unitFacet(wanted: ReadonlySet<string>): Facet {
  const answers: Facet['answers'] = ({ custodian }) => {
    if (custodian === null || custodian.orgs.length === 0) return custodian === null ? 'nobody' : '?';
    return custodian.orgs.flatMap((org, distance) => (wanted.has(org) ? [`${distance} ${org}`] : [])).join('\n');
  };
  return facet(({ custodian }) => custodian?.orgs, answers);
}

/** Most people and devices are on no list and in no selector: to those it is all the same who they are. */
function namedFacet(wanted: ReadonlySet<string>, lists: readonly ListContent[]): Facet {
  const people = new Set([...wanted, ...lists.flatMap((list) => list.people)]);
  const devices = new Set(lists.flatMap((list) => list.devices));
  const groups = lists.map((list) => new Map([['', list]]));
  const personOf = ({ custodian }: PolicySubject) =>
    custodian && people.has(custodian.sourcedId) ? custodian.sourcedId : null;
  const deviceOf = ({ serial }: PolicySubject) => (serial !== null && devices.has(serial) ? serial : null);
  return facet(
    (subject) => {
      const [person, device] = [personOf(subject), deviceOf(subject)];
      return person === null && device === null
        ? subject.serial === null
        : JSON.stringify([person, device, subject.serial === null]);
    },
    (subject) => {
      const person = personOf(subject);
      const isListed = groups.map((group) => matches({ kind: 'group', group: '' }, subject, group));
      return JSON.stringify([person !== null && wanted.has(person) && person, isListed]);
    },
  );
}
