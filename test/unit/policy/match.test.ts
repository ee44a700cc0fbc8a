import { describe, expect, it } from 'vitest';
import { type Answer, matches, selectorKey } from '../../../shared/policy/match.ts';
import type { Selector } from '../../../shared/policy/selector.ts';
import type { PolicySubject } from '../../../shared/policy/subject.ts';
import { ada, heldBy, stranger, teacher } from './subjects.ts';

describe('a selector', () => {
  const cases: [string, Selector, PolicySubject, Answer][] = [
    ['everyone reaches a device with a custodian', { kind: 'everyone' }, heldBy(ada), true],
    ['everyone reaches a device in nobody’s custody', { kind: 'everyone' }, heldBy(null), true],
    ['everyone reaches a custodian of whom nothing is known', { kind: 'everyone' }, heldBy(stranger), true],
    ['a tag reaches a device that has it', { kind: 'tag', tag: 'cart-3' }, heldBy(null, ['lab', 'cart-3']), true],
    ['a tag does not reach a device without it', { kind: 'tag', tag: 'cart-3' }, heldBy(ada, ['lab']), false],
    ['a tag is compared to the letter', { kind: 'tag', tag: 'Lab' }, heldBy(ada, ['lab']), false],
    ['a role reaches its custodian', { kind: 'role', role: 'student' }, heldBy(ada), true],
    ['another role does not reach the custodian', { kind: 'role', role: 'teacher' }, heldBy(ada), false],
    ['a role is unknown when the custodian’s is', { kind: 'role', role: 'student' }, heldBy(stranger), 'unknown'],
    ['a role is unknown when nobody has the device', { kind: 'role', role: 'student' }, heldBy(null), 'unknown'],
    ['a grade reaches its student', { kind: 'grade', grade: '06' }, heldBy(ada), true],
    ['a grade keeps its leading zero', { kind: 'grade', grade: '6' }, heldBy(ada), false],
    [
      'a grade is unknown for a student without one',
      { kind: 'grade', grade: '06' },
      heldBy({ ...ada, grade: null }),
      'unknown',
    ],
    ['a grade does not reach a teacher, who has none', { kind: 'grade', grade: '06' }, heldBy(teacher), false],
    ['a grade is unknown when role and grade are', { kind: 'grade', grade: '06' }, heldBy(stranger), 'unknown'],
    [
      'a grade that is known counts though the role is not',
      { kind: 'grade', grade: '06' },
      heldBy({ ...ada, role: null }),
      true,
    ],
    ['a grade is unknown when nobody has the device', { kind: 'grade', grade: '06' }, heldBy(null), 'unknown'],
    ['a unit reaches its own people', { kind: 'org', org: 'maple' }, heldBy(ada), true],
    ['a unit reaches people of units below it', { kind: 'org', org: 'district' }, heldBy(ada), true],
    ['a unit does not reach people of another', { kind: 'org', org: 'cedar' }, heldBy(ada), false],
    ['a unit is unknown when the custodian’s are', { kind: 'org', org: 'maple' }, heldBy(stranger), 'unknown'],
    ['a unit is unknown when nobody has the device', { kind: 'org', org: 'maple' }, heldBy(null), 'unknown'],
    ['a person is reached by name', { kind: 'person', person: 'ada' }, heldBy(ada), true],
    [
      'a person is not reached through somebody else’s device',
      { kind: 'person', person: 'ada' },
      heldBy(teacher),
      false,
    ],
    ['a person certainly does not have a device nobody has', { kind: 'person', person: 'ada' }, heldBy(null), false],
  ];
  it.each(cases)('%s', (_, selector, subject, expected) => {
    expect(matches(selector, subject)).toBe(expected);
  });

  it('has a key of its own', () => {
    const selectors: Selector[] = [
      { kind: 'everyone' },
      { kind: 'role', role: 'student' },
      { kind: 'org', org: 'x' },
      { kind: 'grade', grade: 'x' },
      { kind: 'person', person: 'x' },
      { kind: 'tag', tag: 'x' },
      { kind: 'tag', tag: 'everyone' },
    ];
    expect(new Set(selectors.map(selectorKey)).size).toBe(selectors.length);
  });
});
