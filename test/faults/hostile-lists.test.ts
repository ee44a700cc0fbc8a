import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compileAside } from '../../server/filter/compile-aside.ts';
import { openCompiled } from '../../shared/filter/compiled.ts';

const rows = (row: string, count: number) => Buffer.from(`${row}\n`.repeat(count));
const numbered = (count: number, row: (i: number) => string) =>
  Buffer.from(Array.from({ length: count }, (_, i) => row(i)).join('\n'));

describe('a hostile list', () => {
  const bounded: [string, () => Buffer, { names: number; skipped: number; problems: number }][] = [
    [
      'a row of 10 MB',
      () => Buffer.from(`ok.example\n${'x'.repeat(10_000_000)}\nend.example`),
      { names: 2, skipped: 1, problems: 1 },
    ],
    ['a million duplicates', () => rows('0.0.0.0 a.example', 1_000_000), { names: 1, skipped: 0, problems: 0 }],
    [
      '1 MB of comments',
      () => Buffer.concat([rows('# nothing', 100_000), Buffer.from('a.example')]),
      { names: 1, skipped: 0, problems: 0 },
    ],
    [
      'names beyond 253 characters',
      () => Buffer.from(`a.example\n${'a.'.repeat(130)}example`),
      { names: 1, skipped: 1, problems: 1 },
    ],
    [
      'labels beyond 63 characters',
      () => Buffer.from(`a.example\n${'a'.repeat(64)}.example`),
      { names: 1, skipped: 1, problems: 1 },
    ],
    [
      'bytes that are no UTF-8',
      () => Buffer.concat([Buffer.from('a.example\n'), Buffer.from([0xc3, 0x28, 0xff, 0x0a])]),
      { names: 1, skipped: 1, problems: 1 },
    ],
    [
      'patterns made to take for ever',
      () =>
        Buffer.concat([
          Buffer.from('a.example\n'),
          ...[
            `${'a'.repeat(4000)}!`,
            '-'.repeat(4000),
            'a.'.repeat(2000),
            `||${'*.'.repeat(2000)}`,
            `@@||${'a$'.repeat(2000)}`,
            `#${'@'.repeat(3999)}`,
            `x${' x'.repeat(2000)}`,
            `/(a+)+$/${'a'.repeat(3000)}`,
            `0.0.0.0${' -'.repeat(2000)}`,
            `${'a '.repeat(1999)}CNAME .`,
          ].map((row) => rows(row, 300)),
        ]),
      { names: 1, skipped: 2700, problems: 101 },
    ],
    [
      'a million rows that are none',
      () => Buffer.concat([Buffer.from('a.example\n'), rows('-?-', 1_000_000)]),
      { names: 1, skipped: 1_000_000, problems: 101 },
    ],
  ];
  it.each(bounded)('with %s costs little and says what was left out', async (_what, make, expected) => {
    const content = make();
    const begin = performance.now();
    const { artifact, names, skipped, problems } = await compileAside(content, 'hostile');
    expect({ names, skipped, problems: problems.length }).toEqual(expected);
    expect(openCompiled(artifact).count).toBe(names);
    expect(performance.now() - begin).toBeLessThan(20_000);
  });

  const refused: [string, () => Buffer, RegExp][] = [
    ['NUL bytes', () => Buffer.concat([rows('a.example', 50_000), Buffer.from([0])]), /NUL bytes/],
    ['six million rows', () => rows('', 6_000_000), /more than 5000000 rows/],
    ['one row of 20 MB', () => Buffer.alloc(20_000_000, 'a'), /row longer than 16 MiB/],
    ['nothing but rubbish', () => rows('??', 300_000), /no names, and 300000 rows that are none/],
  ];
  it.each(refused)('of %s is refused with one sentence', async (_what, make, words) => {
    await expect(compileAside(make(), 'hostile')).rejects.toMatchObject({
      code: 'bad-list',
      message: expect.stringMatching(words),
    });
  });

  const large = () => numbered(150_000, (i) => `host-${i}.some-longer-name-${i}.example`);
  it('that takes too much memory ends its thread and nothing else', async () => {
    await expect(compileAside(large(), 'hostile', [], { timeoutMs: 60_000, memoryMb: 8 })).rejects.toMatchObject({
      code: 'bad-list',
      message: expect.stringMatching(/too much memory/),
    });
  });

  it('that takes too long is given up', async () => {
    await expect(compileAside(large(), 'hostile', [], { timeoutMs: 30, memoryMb: 500 })).rejects.toMatchObject({
      code: 'bad-list',
      message: expect.stringMatching(/too much time/),
    });
  });

  it('keeps the event loop free while it is read', async () => {
    let longest = 0;
    let last = performance.now();
    const watch = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 5);
    const content = large();
    last = performance.now();
    longest = 0;
    await compileAside(content, 'large');
    clearInterval(watch);
    expect(longest).toBeLessThan(1_000);
  });
});

const folder = '../shared/data/lists';

/** Counted by other means than the importer's: a row is split at blanks, and what looks like a name is kept. */
function countNames(text: string): number {
  const names = new Set<string>();
  for (const row of text.split('\n')) {
    const fields = (row.split('#')[0] ?? '').trim().split(/[ \t]+/);
    const name = (fields.length > 1 && /^[0-9.:]+$/.test(fields[0] ?? '') ? fields[1] : fields[0])?.toLowerCase() ?? '';
    if (/^([^\s.:/*|]{1,63}\.)+[^\s.:/*|]{2,}$/.test(name) && !/^[0-9.]+$/.test(name)) names.add(name);
  }
  names.delete('localhost.localdomain');
  return names.size;
}

describe.skipIf(!existsSync(folder))(`every public list in ${folder}`, () => {
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => !file.startsWith('LICENSE')) : [];
  it.each(files)('is imported with exactly the names another way of counting finds: %s', async (file) => {
    const content = readFileSync(`${folder}/${file}`);
    const { names, artifact } = await compileAside(content, file);
    expect(names).toBe(countNames(content.toString('utf8')));
    expect(names).toBeGreaterThan(100);
    expect(openCompiled(artifact).count).toBe(names);
  });
});
