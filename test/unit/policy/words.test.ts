import { describe, expect, it } from 'vitest';
import type { UnknownAnswer } from '../../../shared/policy/resolve.ts';
import type { Selector } from '../../../shared/policy/selector.ts';
import { selectorWords, unknownWords } from '../../../shared/policy/words.ts';

const names = {
  org: (id: string) => (id === 'maple' ? 'Maple Elementary' : undefined),
  person: (id: string) => (id === 'ada' ? 'Ada Lovelace' : undefined),
};

describe('a selector in words', () => {
  it.each<[Selector, string]>([
    [{ kind: 'everyone' }, 'everyone'],
    [{ kind: 'role', role: 'student' }, 'students'],
    [{ kind: 'role', role: 'staff' }, 'staff'],
    [{ kind: 'grade', grade: '06' }, 'grade 06'],
    [{ kind: 'org', org: 'maple' }, 'Maple Elementary and below'],
    [{ kind: 'org', org: 'gone' }, 'unit gone (not in the roster) and below'],
    [{ kind: 'person', person: 'ada' }, 'Ada Lovelace'],
    [{ kind: 'person', person: 'gone' }, 'person gone (not in the roster)'],
    [{ kind: 'tag', tag: 'cart-3' }, 'devices tagged cart-3'],
  ])('%j is “%s”', (selector, words) => {
    expect(selectorWords(selector, names)).toBe(words);
  });

  it.each<[string, UnknownAnswer['missing'], boolean, string]>([
    ['grade', [{ what: 'grade' }], true, 'The grade of its custodian is not known; “grade 06” stays as it last was.'],
    ['custody', [{ what: 'custodian' }], false, 'Nobody has this device in custody; “grade 06” does not reach it.'],
    [
      'several things',
      [{ what: 'classes' }, { what: 'model' }],
      false,
      'The classes of its custodian are not known, its model is not known; “grade 06” does not reach it.',
    ],
    [
      'a group',
      [{ what: 'group', name: 'Lab' }],
      true,
      'There is no published group “Lab”; “grade 06” stays as it last was.',
    ],
    [
      'a circle',
      [{ what: 'circle', name: 'A' }],
      false,
      'The group “A” asks for itself; “grade 06” does not reach it.',
    ],
  ])('says that %s is not known and what follows', (_, missing, stays, words) => {
    expect(unknownWords({ selector: { kind: 'grade', grade: '06' }, stays, missing }, names)).toBe(words);
  });
});
