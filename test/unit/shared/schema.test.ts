import Type from 'typebox';
import { describe, expect, test } from 'vitest';
import { choice, EpochMs, Sha256, strictObject, text, validator } from '../../../shared/schema.ts';

const Pupil = strictObject({
  name: text(5),
  role: choice(['student', 'teacher']),
  tags: Type.Optional(Type.Array(text(3), { maxItems: 2 })),
  home: Type.Optional(strictObject({ city: text() })),
});
const pupil = validator(Pupil);

describe('a validator', () => {
  const valid: [string, unknown][] = [
    ['everything there', { name: 'Ada', role: 'student', tags: ['a', 'b'], home: { city: 'X' } }],
    ['only what must be', { name: '', role: 'teacher' }],
    ['a name of five characters outside ASCII', { name: 'Äöüßé', role: 'teacher' }],
  ];
  test.each(valid)('takes %s', (_, value) => {
    expect(pupil.check(value)).toBe(true);
    expect(pupil.problems(value)).toEqual([]);
  });

  const invalid: [string, unknown, RegExp][] = [
    ['nothing', undefined, /^\/ must be object/],
    ['a list', [], /^\/ must be object/],
    ['a missing property', { name: 'Ada' }, /^\/ .*role/],
    ['a property nobody knows, named', { name: 'Ada', role: 'student', admin: true }, /admin/],
    ['a nested one', { name: 'Ada', role: 'student', home: { city: 'X', zip: 1 } }, /^\/home .*zip/],
    ['a choice that is none', { name: 'Ada', role: 'admin' }, /^\/role /],
    ['a choice of another type', { name: 'Ada', role: 1 }, /^\/role /],
    ['text that is too long', { name: 'Adaline', role: 'student' }, /^\/name .*5/],
    [
      'an item that is wrong, with its place',
      { name: 'Ada', role: 'student', tags: ['ok', 1] },
      /^\/tags\/1 must be string/,
    ],
    ['too many items', { name: 'Ada', role: 'student', tags: ['a', 'b', 'c'] }, /^\/tags .*2/],
    ['a prototype smuggled in by JSON', JSON.parse('{"name":"Ada","role":"student","__proto__":{"x":1}}'), /__proto__/],
  ];
  test.each(invalid)('refuses %s', (_, value, words) => {
    expect(pupil.check(value)).toBe(false);
    expect(pupil.problems(value)[0]).toMatch(words);
  });

  test('names five problems at most', () => {
    const problems = pupil.problems({ tags: Array.from({ length: 50 }, () => 1), role: 1, name: 1, home: 1 });
    expect(problems).toHaveLength(5);
  });

  test('is never silent, however many unknown properties hide the rest', () => {
    const strangers = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`k${index}`, 1]));
    for (const value of [strangers, { name: 'Ada', role: 'student', home: strangers }]) {
      expect(pupil.check(value)).toBe(false);
      expect(pupil.problems(value).length).toBeGreaterThan(0);
    }
    expect(pupil.problems({ name: 'Ada', role: 'student', ...strangers })[0]).toBe('/k0 is not known here');
  });

  test('quotes at most 300 characters of a name a stranger chose', () => {
    const problems = pupil.problems({ name: 'Ada', role: 'student', ['k'.repeat(10_000)]: 1 });
    expect(problems.map((words) => words.length)).toEqual([300]);
  });
});

describe('common types', () => {
  const table: [string, Type.TSchema, unknown, boolean][] = [
    ['a SHA-256', Sha256, 'a'.repeat(64), true],
    ['a SHA-256 with a line break', Sha256, `${'a'.repeat(64)}\n`, false],
    ['a SHA-256 in capitals', Sha256, 'A'.repeat(64), false],
    ['the first moment', EpochMs, 0, true],
    ['a moment of this century', EpochMs, 4_102_444_800_000, true],
    ['a moment after it', EpochMs, 4_102_444_800_001, false],
    ['half a millisecond', EpochMs, 0.5, false],
    ['no number', EpochMs, Number.NaN, false],
    ['a moment in text', EpochMs, '0', false],
  ];
  test.each(table)('%s', (_, schema, value, valid) => {
    expect(validator(schema).check(value)).toBe(valid);
  });

  test('a choice lists its values for forms and documentation', () => {
    expect(JSON.parse(JSON.stringify(choice(['a', 'b'], { title: 'Which' })))).toEqual({
      type: 'string',
      enum: ['a', 'b'],
      title: 'Which',
    });
  });
});

test('what a stranger nests without end is refused in words, not by an overflow', () => {
  const Nested = Type.Cyclic({ Nested: strictObject({ of: Type.Optional(Type.Ref('Nested')) }) }, 'Nested');
  let value: object = {};
  for (let i = 0; i < 200_000; i++) value = { of: value };
  const nested = validator(Nested);
  expect(nested.check({ of: { of: {} } })).toBe(true);
  expect(nested.check(value)).toBe(false);
  expect(nested.problems(value)).toEqual(['/ is nested too deep']);
});
