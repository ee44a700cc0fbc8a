import { describe, expect, it } from 'vitest';
import { publicSuffixProblem } from '../../../shared/filter/public-suffix.ts';

describe('a pattern that names a public suffix', () => {
  const cases: [string, boolean][] = [
    ['com', true],
    ['*.com', true],
    ['co.uk', true],
    ['CO.UK.', true],
    ['*.k12.ca.us', true],
    ['xn--p1ai', true],
    ['рф', true],
    ['=co.uk', false],
    ['example.com', false],
    ['*.example.co.uk', false],
    ['district.k12.ca.us', false],
    ['duckdns.org', false],
    ['github.io', false],
  ];
  it.each(cases)('%s is a problem: %s', (pattern, problem) => {
    expect(publicSuffixProblem(pattern) !== undefined).toBe(problem);
  });
  it('is named in the sentence', () => {
    expect(publicSuffixProblem('*.CO.UK')).toContain('"co.uk" is a public suffix');
  });
});
