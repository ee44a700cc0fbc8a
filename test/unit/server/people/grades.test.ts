import { describe, expect, it } from 'vitest';
import { readGrade } from '../../../../server/people/grades.ts';

const cases: [string, string, string, boolean][] = [
  ['keeps the leading zero', '06', '06', true],
  ['keeps two digits', '12', '12', true],
  ['keeps kindergarten', 'KG', 'KG', true],
  ['keeps an extension', 'ext:multi', 'ext:multi', true],
  ['puts back the zero a spreadsheet dropped', '6', '06', false],
  ['reads K as kindergarten', 'K', 'KG', false],
  ['forgives case', 'kg', 'KG', false],
  ['keeps a word nobody knows as it is', 'Senior', 'Senior', false],
  ['does not make 14 a grade', '14', '14', false],
];

describe('a grade', () => {
  it.each(cases)('%s', (_, written, grade, known) => {
    expect(readGrade(written)).toEqual({ grade, known });
  });
});
