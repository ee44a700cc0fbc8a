import { describe, expect, it } from 'vitest';
import { mostRows, readListFile } from '../../../../server/groups/list-file.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const plain = (...values: string[]) => values.map((value) => [{ column: 'any', value }]);

describe('a list as a file', () => {
  it.each<[string, string, unknown[][]]>([
    ['one plain column', 'ada\nben\n', plain('ada', 'ben')],
    ['lines of Windows', 'ada\r\nben\r\n', plain('ada', 'ben')],
    ['no end of the last line', 'ada\nben', plain('ada', 'ben')],
    ['a byte-order mark', '\ufeffserial\nS1\n', [[{ column: 'serial', value: 'S1' }]]],
    ['a header in other words', 'Serial Number\nS1\n', [[{ column: 'serial', value: 'S1' }]]],
    [
      'semicolons',
      'sourcedId;serial\nada;S1\n',
      [
        [
          { column: 'sourcedId', value: 'ada' },
          { column: 'serial', value: 'S1' },
        ],
      ],
    ],
    [
      'tabs',
      'username\tasset\nada\tA-17\n',
      [
        [
          { column: 'username', value: 'ada' },
          { column: 'asset', value: 'A-17' },
        ],
      ],
    ],
    [
      'quotes with the separator inside',
      'name,email\n"cart, 3",a@x.example\n',
      [
        [
          { column: 'name', value: 'cart, 3' },
          { column: 'email', value: 'a@x.example' },
        ],
      ],
    ],
    ['quotes doubled inside a value', 'name\n"cart ""3"""\n', [[{ column: 'name', value: 'cart "3"' }]]],
    ['blank lines and spaces', '\n  ada \n\n,\n', plain('ada')],
    ['a row that is too short', 'username,serial\nada\n', [[{ column: 'username', value: 'ada' }]]],
  ])('with %s is read', (_, text, cells) => {
    expect(readListFile(bytes(text)).rows.map((row) => row.cells)).toEqual(cells);
  });

  it('names the line of each row, also after blank lines and values over two lines', () => {
    const { rows } = readListFile(bytes('name\n\n"cart\n3"\nlaptop\n'));
    expect(rows.map(({ line }) => line)).toEqual([4, 5]);
  });

  it('says which columns mean nothing', () => {
    const { rows, ignored } = readListFile(bytes('serial,colour,notes\nS1,blue,\n'));
    expect(rows).toEqual([{ line: 2, cells: [{ column: 'serial', value: 'S1' }] }]);
    expect(ignored).toEqual(['colour', 'notes']);
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['is empty', bytes(''), /^The file is empty/],
    [
      'has several columns and no header',
      bytes('ada,S1\nben,S2\n'),
      /^The first line names none of the columns sourcedId/,
    ],
    ['is UTF-16', new Uint8Array([0xff, 0xfe, 0x61, 0x00]), /not UTF-8/],
    ['is not text', new Uint8Array([0x61, 0x00, 0x62]), /not UTF-8/],
    ['is Latin-1', new Uint8Array([0x6d, 0xfc, 0x6c]), /not UTF-8/],
    ['has a quote that is never closed', bytes('name\n"cart\nlaptop\n'), /quotes.*do not match/],
    ['has a quote within a value', bytes('name\nca"rt\n'), /quotes.*do not match/],
    ['has an endless row', bytes(`name\n${'x'.repeat(20_000)}\n`), /too long/],
    ['has too many rows', bytes(`serial\n${'S\n'.repeat(mostRows + 1)}`), /more than 40,000 rows/],
  ])('that %s is refused as a whole', (_, file, words) => {
    expect(() => readListFile(file)).toThrow(
      expect.objectContaining({ code: 'bad-file', message: expect.stringMatching(words) }),
    );
  });
});
