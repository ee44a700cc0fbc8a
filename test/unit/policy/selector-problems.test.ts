import { describe, expect, it } from 'vitest';
import { type Groups, groupsInCircles } from '../../../shared/policy/group.ts';
import { matches } from '../../../shared/policy/match.ts';
import { deepestSelector, type Selector } from '../../../shared/policy/selector.ts';
import { depthOf, selectorProblems } from '../../../shared/policy/selector-problems.ts';
import {
  ada,
  all,
  any,
  device,
  everyone,
  grade,
  group,
  list,
  not,
  org,
  os,
  person,
  role,
  rule,
  tag,
} from './scoping-district.ts';

const groups: Groups = new Map([
  ['Fifth', rule(grade('05'))],
  ['A', rule(group('B'))],
  ['B', rule(any(group('A'), tag('lab')))],
  ['Pilot', list(['ada'])],
]);
const nested = (depth: number): Selector => (depth === 1 ? everyone : not(nested(depth - 1)));
const contradiction = 'It reaches nobody: its parts contradict each other.';

describe('a selector', () => {
  it.each<[string, Selector, string[]]>([
    ['that is plain', role('student'), []],
    ['that asks a group which is there', group('Fifth'), []],
    ['as deep as may be', nested(deepestSelector), []],
    ['that is too deep', nested(deepestSelector + 1), ['It nests 7 deep; the most is 6. Save a part as a group.']],
    [
      'of too many questions',
      any(...Array.from({ length: 5 }, () => any(...Array.from({ length: 50 }, (_, i) => tag(`t${i}`))))),
      ['It asks 250 questions; the most is 200. Use a list for many people or devices.'],
    ],
    ['that asks a group which is not there', all(group('gone'), everyone), ['There is no group “gone”.']],
    ['that asks a group in a circle', group('A'), ['The group “A” asks for itself.', 'The group “B” asks for itself.']],
    [
      'that asks nothing of the system',
      os({}),
      ['A question about the operating system names no system and no version. Name one.'],
    ],
    [
      'whose versions are the wrong way round',
      os({ atLeast: '12', below: '11.5' }),
      ['No version is at least 12 and before 11.5. Turn them round.'],
    ],
  ])('%s has these problems', (_, selector, errors) => {
    expect(selectorProblems(selector, { groups }).errors).toEqual(errors);
  });

  it.each<[string, Selector, boolean]>([
    ['two roles at once', all(role('student'), role('teacher')), true],
    ['two grades at once, the second within another all', all(grade('05'), all(tag('lab'), grade('06'))), true],
    ['something and not the same', all(tag('lab'), not(tag('lab'))), true],
    ['not everyone', not(everyone), true],
    ['alternatives that all contradict', any(all(grade('05'), grade('06')), not(everyone)), true],
    ['a version before 11 and from 12 on', all(os({ below: '11' }), os({ atLeast: '12' })), true],
    ['two systems at once', all(os({ name: 'Debian' }), os({ name: 'Windows 11' })), true],
    ['two people at once', all(person('ada'), person('ben')), true],
    ['two units, for a person may be in both', all(org('maple'), org('cedar')), false],
    ['two tags', all(tag('lab'), tag('cart')), false],
    ['alternatives of which one may hold', any(all(grade('05'), grade('06')), tag('lab')), false],
    ['the same grade twice', all(grade('05'), grade('05')), false],
  ])('that asks %s is warned of, or not', (_, selector, warned) => {
    const { errors, warnings } = selectorProblems(selector, { groups });
    expect(errors).toEqual([]);
    expect(warnings).toEqual(warned ? [contradiction] : []);
  });

  it('of a group may not ask for the group, however far round', () => {
    const round = new Map([...groups, ['Mine', rule(group('Of mine'))], ['Of mine', rule(group('Mine'))]] as const);
    expect(selectorProblems(group('Of mine'), { groups: round, of: 'Mine' }).errors).toEqual([
      'The group “Mine” would ask for itself.',
    ]);
    expect(selectorProblems(group('Mine'), { groups, of: 'Mine' }).errors).toEqual([
      'The group “Mine” would ask for itself.',
    ]);
  });

  it('nested as deep as a hostile file likes is measured', () => {
    let selector: Selector = everyone;
    for (let i = 0; i < 100_000; i++) selector = not(selector);
    expect(depthOf(selector)).toBe(100_001);
  });

  it('is asked in a time that grows with the groups, not with the ways through them', () => {
    const ladder = new Map([['g0', rule(grade('05'))]]);
    for (let i = 1; i < 60; i++) ladder.set(`g${i}`, rule(all(group(`g${i - 1}`), group(`g${i - 1}`))));
    expect(matches(group('g59'), device(ada), ladder)).toBe(true);
    expect(groupsInCircles(ladder).size).toBe(0);
  });
});
