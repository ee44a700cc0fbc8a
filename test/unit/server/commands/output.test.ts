import { afterEach, describe, expect, it, vi } from 'vitest';
import { Output, table } from '../../../../server/commands/output.ts';

afterEach(() => vi.restoreAllMocks());

const written = (json: boolean, value: unknown, words: string) => {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  new Output(json).result(value, words);
  const said = write.mock.calls.map(([part]) => String(part)).join('');
  write.mockRestore();
  return said;
};

describe('the command line', () => {
  const name = 'Bobby\u001b]0;pwned\u0007\u202etables\nrow';

  it('keeps a cell of a table in its row, whatever stands in it', () => {
    const rows = table(['NAME', 'ID'], [[name, '7']]).split('\n');
    expect(rows.map((row) => row.split(/ {2,}/))).toEqual([
      ['NAME', 'ID'],
      ['Bobby]0;pwnedtables row', '7'],
    ]);
  });

  it.each([false, true])('prints nothing that steers a terminal (--json %s)', (json) => {
    const said = written(json, { name }, `${name} is gone`);
    expect(said).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
    if (json) expect(JSON.parse(said)).toEqual({ name });
  });
});
