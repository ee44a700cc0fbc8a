import { describe, expect, test } from 'vitest';
import { parametersOf } from '../../../server/console/src/parameter-words.ts';
import { hoursWords } from '../../../server/console/src/words.ts';

describe('parameters of a check in words', () => {
  test('bear the title of the schema where it has one, and say which value is the district’s own', () => {
    const schema = { properties: { leastFreePercent: {}, forbidden: { title: 'Forbidden applications' } } };
    const found = parametersOf(schema, { leastFreePercent: 10 }, { leastFreePercent: 5, forbidden: ['a', 'b'] });
    expect(found).toEqual([
      { name: 'leastFreePercent', title: 'Least free percent', value: '10', own: true },
      { name: 'forbidden', title: 'Forbidden applications', value: 'a, b', own: false },
    ]);
  });

  test.each([
    [true, 'Yes'],
    [false, 'No'],
    [[], 'None'],
    [12_000, '12,000'],
    ['0.1.0', '0.1.0'],
    [{ days: 3 }, 'days 3'],
  ])('%o is said as %s', (value, words) => {
    expect(parametersOf(null, { value }, {})).toMatchObject([{ title: 'Value', value: words }]);
  });
});

describe('hours in words', () => {
  test.each([
    [0, '1 minute'],
    [0.5, '30 minutes'],
    [1, '1 hour'],
    [47.4, '47 hours'],
    [52.4, '2.2 days'],
    [480, '20 days'],
  ])('%d are %s', (hours, words) => {
    expect(hoursWords(hours)).toBe(words);
  });
});
