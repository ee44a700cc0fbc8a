import { describe, expect, it } from 'vitest';
import { ProblemLog, quoted } from '../../../../server/people/problems.ts';

const place = (row: number) => ({ file: 'users.csv', row, column: 'role' });

describe('the list of problems', () => {
  it('shows the first of a kind and how many more there are', () => {
    const log = new ProblemLog('lenient');
    for (let row = 2; row < 100_002; row++) log.error(place(row), `${quoted(`r${row}`)} is not a role.`);
    const problems = log.list();
    expect(problems).toHaveLength(6);
    expect(problems.at(-1)).toMatchObject({ row: null, words: '99,995 more rows with this problem: not listed.' });
    expect(log.errorCount).toBe(100_000);
  });

  it('puts errors before warnings', () => {
    const log = new ProblemLog('lenient');
    log.forgive(place(2), 'small');
    log.error(place(3), 'large');
    expect(log.list().map((problem) => problem.words)).toEqual(['large', 'small']);
  });

  it('stays bounded when an upload makes up new columns', () => {
    const log = new ProblemLog('lenient');
    for (let n = 0; n < 5000; n++) log.warn({ file: 'users.csv', row: 1, column: `c${n}` }, 'unknown');
    expect(log.list().length).toBeLessThanOrEqual(400);
  });

  it('shows a value short and without control characters', () => {
    expect(quoted(`a\u202e\n${'x'.repeat(100)}”`)).toBe(`“a??${'x'.repeat(57)}”`);
  });
});
