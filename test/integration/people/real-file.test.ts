import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openRosterDesk } from '../../fakes/roster-desk.ts';

const real = fileURLToPath(new URL('../../../../shared/data/oneroster/v1p1_full.zip', import.meta.url));

describe.skipIf(!existsSync(real))('a OneRoster 1.1 export of a real system (skipped where it is not at hand)', () => {
  it('imports in lenient mode with its oddities listed', async () => {
    await using desk = closing(await openRosterDesk());
    const result = await desk.importPath(real, { mode: 'lenient' });
    expect(result).toMatchObject({ applied: true, format: 'OneRoster 1.1' });
    expect(result.problems.every((problem) => problem.severity === 'warning')).toBe(true);
    const oddities: [string, number, string, RegExp][] = [
      ['users.csv', 2, 'enabledUser', /“TRUE”/],
      ['users.csv', 2, 'status', /should be blank/],
      ['classes.csv', 2, 'classType', /“Scheduled” should be written scheduled/],
      ['orgs.csv', 2, 'parentSourcedId', /“org-sch-222-3456”/],
      ['enrollments.csv', 5, 'classSourcedId', /marked as left/],
    ];
    for (const [file, row, column, words] of oddities) {
      expect(result.problems).toContainEqual(
        expect.objectContaining({ file, row, column, words: expect.stringMatching(words) }),
      );
    }
    expect(result.changes).toMatchObject([{ added: 1 }, { added: 6 }, { added: 1 }, { added: 3 }, { added: 3 }]);
    expect(await desk.people.lookUp('mary.jones')).toMatchObject({ role: 'student', grade: '12' });
  });

  it('fails in strict mode with a clear list', async () => {
    await using desk = closing(await openRosterDesk());
    const result = await desk.importPath(real);
    expect(result.applied).toBe(false);
    expect(result.problems.length).toBeGreaterThan(10);
    for (const problem of result.problems)
      expect(problem).toMatchObject({ severity: 'error', words: expect.stringMatching(/\.$/) });
    expect(await desk.people.countActive()).toBe(0);
  });
});

function closing<T extends { close(): Promise<void> }>(desk: T): T & AsyncDisposable {
  return Object.assign(desk, { [Symbol.asyncDispose]: () => desk.close() });
}
