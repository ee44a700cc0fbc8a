import { describe, expect, test } from 'vitest';
import {
  checkName,
  columnsOf,
  heatLevel,
  shareWords,
  standingOf,
  standingWords,
} from '../../../server/console/src/compliance-map.ts';
import type { ComplianceMap, StatusCounts } from '../../../shared/api/schemas.ts';

const counts = (given: Partial<StatusCounts>): StatusCounts => ({
  ...{ pass: 0, fail: 0, 'not-applicable': 0, unknown: 0 },
  ...given,
});

describe('how a check stands on the devices of a school', () => {
  test.each([
    [{ pass: 22, fail: 3, unknown: 2 }, '3 of 25 devices fail (12 %), 2 not known'],
    [{ pass: 1, fail: 1 }, '1 of 2 devices fails (50 %)'],
    [{ pass: 40 }, '0 of 40 devices fail (0 %)'],
    [{ fail: 1 }, '1 of 1 device fails (100 %)'],
    [{ unknown: 7 }, '7 not known'],
    [{ 'not-applicable': 7 }, 'applies to no device'],
    [{}, 'applies to no device'],
  ])('%o is “%s”', (given, words) => {
    expect(standingWords(standingOf(counts(given)))).toBe(words);
  });

  test('what is not known is on neither side of the share', () => {
    expect(standingOf(counts({ pass: 3, fail: 1, unknown: 96, 'not-applicable': 50 })).share).toBe(0.25);
    expect(standingOf(counts({ unknown: 96 })).share).toBeUndefined();
    expect(standingOf(undefined).share).toBeUndefined();
  });

  test.each([
    [0, 0, '0 %'],
    [0.001, 1, '<1 %'],
    [0.049, 1, '5 %'],
    [0.05, 2, '5 %'],
    [0.15, 3, '15 %'],
    [0.35, 4, '35 %'],
    [0.999, 4, '99 %'],
    [1, 4, '100 %'],
  ])('a share of %d has shade %d and says %s', (share, level, words) => {
    expect(heatLevel(share)).toBe(level);
    expect(shareWords(share)).toBe(words);
  });
});

describe('the columns of the map', () => {
  const check = (name: string, turns: boolean): ComplianceMap['checks'][number] => ({
    check: name,
    title: name,
    severity: 'major',
    counts: turns,
  });
  const unit = (checks: Record<string, StatusCounts>) => ({ checks }) as unknown as ComplianceMap['units'][number];

  test('begin with what turns the verdict, the worst first among each, and end with what nothing is known of', () => {
    const units = [
      unit({ a: counts({ pass: 9, fail: 1 }), b: counts({ pass: 5, fail: 5 }), c: counts({ fail: 1 }) }),
      unit({ a: counts({ pass: 10 }), b: counts({ pass: 5, fail: 5 }), d: counts({ unknown: 4 }) }),
    ];
    const checks = [check('d', true), check('c', false), check('a', true), check('b', true)];
    const columns = columnsOf(checks, units);
    expect(columns.map((column) => column.check)).toEqual(['b', 'a', 'd', 'c']);
    expect(columnsOf([{ ...check('policy-verified:x', true), title: 'Web filter' }], [])[0]?.title).toBe(
      'Web filter settings',
    );
    expect(columns[1]?.all).toEqual(counts({ pass: 19, fail: 1 }));
  });

  test.each([
    ['policy-verified:webFilter', 'Web filter', 'Web filter settings'],
    ['policy-verified', 'Settings of the profiles', 'Settings of the profiles'],
    ['filter-measured', 'Web filter, measured', 'Web filter, measured'],
  ])('%s is called “%s”, here “%s”', (name, title, words) => {
    expect(checkName({ check: name, title })).toBe(words);
  });
});
