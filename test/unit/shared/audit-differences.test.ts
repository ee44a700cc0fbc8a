import { describe, expect, it } from 'vitest';
import { type Difference, differences } from '../../../shared/audit/differences.ts';

const change = (path: string, before: string | null, after: string | null): Difference => ({ path, before, after });

describe('what is otherwise than before', () => {
  it.each<[string, unknown, unknown, Difference[]]>([
    ['nothing where both are the same', { a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }, []],
    ['nothing where nothing is said', undefined, undefined, []],
    ['a value that is another', 'held', 'active', [change('', 'held', 'active')]],
    ['a property by its place', { a: { b: 1 } }, { a: { b: 2 } }, [change('a.b', '1', '2')]],
    ['what came and what went', { a: 1 }, { b: 2 }, [change('a', '1', null), change('b', null, '2')]],
    ['nothing between absent and null', { a: null }, {}, []],
    ['a list of plain values as a whole', { tags: ['a'] }, { tags: ['a', 'b'] }, [change('tags', 'a', 'a, b')]],
    [
      'members of a list by their id, wherever they stand',
      {
        rules: [
          { id: 'x', on: true },
          { id: 'y', on: true },
        ],
      },
      {
        rules: [
          { id: 'y', on: false },
          { id: 'x', on: true },
        ],
      },
      [change('rules.y.on', 'true', 'false')],
    ],
    ['a secret only as such', { secret: 'one' }, { secret: 'two' }, [change('secret', '(not kept)', '(not kept)')]],
    [
      'a secret inside of something as such',
      { list: [] },
      { list: [{ at: 1, password: 'x' }] },
      [change('list', '', '[{"at":1,"password":"(not kept)"}]')],
    ],
  ])('is %s', (_, before, after, wanted) => {
    expect(differences(before, after)).toEqual(wanted);
  });

  it('is bounded in length and number, and says how many more there are', () => {
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`p${n}`, 'x'.repeat(9_000)]));
    const found = differences({}, many);
    expect(found).toHaveLength(100);
    expect(found.at(-1)).toEqual(change('…', null, '201 more'));
    expect(Math.max(...found.map(({ after }) => after?.length ?? 0))).toBeLessThanOrEqual(401);
  });
});
