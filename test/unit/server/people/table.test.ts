import { describe, expect, it } from 'vitest';
import { type ImportMode, ProblemLog } from '../../../../server/people/problems.ts';
import { pieces } from '../../../../server/people/source.ts';
import { readTable, type TableRow, type TableSpec } from '../../../../server/people/table.ts';

const spec: TableSpec = {
  columns: ['sourcedId', 'name', 'password'],
  kept: ['sourcedId', 'name'],
  required: ['sourcedId', 'name'],
  essential: ['sourcedId'],
};

async function read(bytes: Uint8Array | string, mode: ImportMode = 'lenient', size?: number) {
  const log = new ProblemLog(mode);
  const rows: TableRow[] = [];
  const content = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
  const end = await readTable('users.csv', pieces(content, size), spec, log, (row) => rows.push(row));
  return {
    ...end,
    log,
    problems: log.list(),
    found: rows.map((row) => [row.number, row.cell('sourcedId'), row.cell('name')]),
  };
}

describe('a CSV', () => {
  it('gives rows with their numbers, the header being row 1 and blank lines counting', async () => {
    const { found, problems, complete } = await read('sourcedId,name\na,A\n\nb,"B,\nb"\n', 'strict');
    expect(found).toEqual([
      [2, 'a', 'A'],
      [4, 'b', 'B,\nb'],
    ]);
    expect(problems).toEqual([]);
    expect(complete).toBe(true);
  });

  it('reads CRLF and a byte-order mark, and says so', async () => {
    const { found, problems } = await read('\ufeff"sourcedId",name\r\na,É\r\n', 'lenient', 1);
    expect(found).toEqual([[2, 'a', 'É']]);
    expect(problems.map((problem) => problem.words)).toEqual([expect.stringMatching(/byte-order mark/)]);
  });

  it('never hands on a cell that is not kept', async () => {
    const log = new ProblemLog('strict');
    let cell: string | undefined = 'not asked';
    await readTable('users.csv', pieces(Buffer.from('sourcedId,name,password\na,A,Secret1\n')), spec, log, (row) => {
      cell = row.cell('password');
      expect(JSON.stringify(row)).not.toContain('Secret1');
    });
    expect(cell).toBeUndefined();
  });

  const broken: [string, Uint8Array | string, RegExp, number][] = [
    ['a field of 10 MB', `sourcedId,name\na,A\nb,${'x'.repeat(10_000_000)}\n`, /longer than 128 KB/, 3],
    ['a quote that is never closed', 'sourcedId,name\na,A\nb,"B\nc,C\n', /never closed/, 3],
    [
      'a quote never closed for 10 MB',
      `sourcedId,name\na,A\nb,"${'B\nc,C\n'.repeat(2_000_000)}`,
      /longer than 128 KB/,
      3,
    ],
    ['a header of a million columns', `${'c,'.repeat(1_000_000)}\n`, /longer than 128 KB/, 1],
    ['NUL bytes', Buffer.from('sourcedId,name\na,A\0\n'), /NUL bytes.*CSV UTF-8/, 1],
    ['UTF-16 text', Buffer.from('\ufeffsourcedId,name\na,A\n', 'utf16le'), /UTF-16.*CSV UTF-8/, 1],
    ['text in Windows-1252', Buffer.from('sourcedId,name\na,Andr\xe9\n', 'latin1'), /not UTF-8.*CSV UTF-8/, 1],
    ['nothing at all', '', /file is empty/, 0],
  ];
  it.each(broken)('stops at %s with words and the row, and counts as incomplete', async (name, bytes, words, row) => {
    const { problems, complete, log } = await read(bytes);
    expect(log.errorCount).toBe(1);
    const [problem] = problems.filter((one) => one.severity === 'error');
    expect(problem?.words).toMatch(words);
    expect(problem?.row ?? 0).toBe(row);
    if (name !== 'nothing at all') expect(complete).toBe(false);
  });

  it('keeps the rows before the fault', async () => {
    const { found } = await read('sourcedId,name\na,A\nb,"B\n');
    expect(found).toEqual([[2, 'a', 'A']]);
  });

  it('leaves out a row that has slipped sideways, and then absence proves nothing', async () => {
    const { found, complete, problems } = await read('sourcedId,name\na,A,more\nb,B\n');
    expect(found).toEqual([[3, 'b', 'B']]);
    expect(complete).toBe(false);
    expect(problems[0]).toMatchObject({ severity: 'error', row: 2, words: expect.stringMatching(/“3” cells.*“2”/) });
  });

  it.each([
    ['missing cells', 'a\n', [[2, 'a', '']]],
    ['blank cells too many', 'a,A,, ,\n', [[2, 'a', 'A']]],
  ])('forgives %s with a warning', async (_, row, expected) => {
    const { found, problems, complete } = await read(`sourcedId,name\n${row}`);
    expect(found).toEqual(expected);
    expect(problems).toMatchObject([{ severity: 'warning', row: 2 }]);
    expect(complete).toBe(true);
    expect((await read(`sourcedId,name\n${row}`, 'strict')).log.errorCount).toBe(1);
  });
});
