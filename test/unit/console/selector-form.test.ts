import { describe, expect, test } from 'vitest';
import {
  asGroup,
  freshQuestion,
  fromGroup,
  type LeafKind,
  questions,
  selectorProblem,
  selectorWarning,
} from '../../../server/console/src/selector-form.ts';
import { deepestSelector, mostQuestions, Selector } from '../../../shared/policy/selector.ts';
import { validator } from '../../../shared/schema.ts';

const schema = validator(Selector);
const students: Selector = { kind: 'role', role: 'student' };
const not = (of: Selector): Selector => ({ kind: 'not', of });
const nested = (levels: number): Selector => (levels <= 1 ? students : not(nested(levels - 1)));

describe('what a selector lacks is said', () => {
  test.each<[string, Selector, string | undefined]>([
    ['everyone lacks nothing', { kind: 'everyone' }, undefined],
    ['a unit that is not chosen', { kind: 'org', org: '' }, 'Choose a school'],
    ['a class that is not chosen', { kind: 'class', class: '' }, 'Choose a class'],
    ['a tag of spaces', { kind: 'tag', tag: '  ' }, 'Write the tag'],
    ['a model that is not written', { kind: 'model', model: '' }, 'Write the model'],
    ['a person that is chosen', { kind: 'person', person: 'p-1' }, undefined],
    ['a system of which nothing is asked', { kind: 'os' }, 'Name a system or a version'],
    ['a version in words', { kind: 'os', atLeast: 'Sequoia' }, '“Sequoia” is no version: numbers and dots'],
    ['a version before its own beginning', { kind: 'os', atLeast: '12.10', below: '12.5' }, 'No version is both'],
    ['versions compared by number', { kind: 'os', atLeast: '12.5', below: '12.10' }, undefined],
    [
      'a part deep inside',
      { kind: 'all', of: [students, not({ kind: 'any', of: [{ kind: 'grade', grade: '' }] })] },
      'Choose a grade',
    ],
    ['as deep as may be', nested(deepestSelector), undefined],
    ['one level deeper', nested(deepestSelector + 1), 'Groups nest at most'],
    [
      'too many conditions',
      { kind: 'any', of: Array.from({ length: mostQuestions + 1 }, () => students) },
      'At most 200 conditions',
    ],
  ])('%s', (_, selector, words) => {
    if (words === undefined) expect(selectorProblem(selector)).toBeUndefined();
    else expect(selectorProblem(selector)).toContain(words);
  });

  test('parts that contradict each other are warned of, and no others', () => {
    expect(selectorWarning({ kind: 'all', of: [students, not(students)] })).toContain('contradict');
    expect(selectorWarning({ kind: 'all', of: [students, { kind: 'group', group: 'Pilot' }] })).toBeUndefined();
  });

  test('every kind of question is on offer once, and what is begun with it is of the schema or says what it lacks', () => {
    const offered = questions.flatMap(({ items }) => items.map(({ value }) => value));
    expect(new Set(offered).size).toBe(offered.length);
    for (const kind of offered) {
      const fresh = freshQuestion(kind as LeafKind);
      expect(schema.check(fresh) || selectorProblem(fresh) !== undefined).toBe(true);
    }
  });
});

describe('the outermost group of the form', () => {
  test.each<[string, Selector]>([
    ['a single question', students],
    ['a negation', not(students)],
    ['several of which any holds', { kind: 'any', of: [students, { kind: 'everyone' }] }],
  ])('%s is shown as a group and comes back as it was', (_, selector) => {
    expect(fromGroup(asGroup(selector))).toEqual(selector);
  });

  test('a group of one is that one', () => {
    expect(fromGroup({ kind: 'any', of: [students] })).toEqual(students);
  });
});
