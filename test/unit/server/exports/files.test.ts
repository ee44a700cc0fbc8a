import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { csvBytes } from '../../../../server/exports/csv.ts';
import { pdfBytes } from '../../../../server/exports/pdf.ts';
import { zipBytes } from '../../../../server/exports/zip.ts';
import { pdfPages } from '../../../fakes/pdf-text.ts';

const read = (bytes: Uint8Array) => parse(Buffer.from(bytes), { bom: true }) as string[][];

describe('a CSV file', () => {
  it('is read back as it was, whatever stands in the cells', async () => {
    const rows = [
      ['Zoë "Zo" O’Brien', 'a,b', 'two\nlines', 'two\r\nlines'],
      ['Łukasz', 'Ольга', 'Νίκος', ''],
    ];
    expect(read(await csvBytes(['A', 'B', 'C', 'D'], [rows]))).toEqual([['A', 'B', 'C', 'D'], ...rows]);
  });

  it.each(['=1+1', '+1', '-2', '@SUM(A1)', '\tx', '\rx', '＝1'])(
    'never begins a cell as a formula: %j',
    async (cell) => {
      expect(read(await csvBytes(['A'], [[[cell]]]))[1]).toEqual([`'${cell}`]);
    },
  );

  it('ends its lines as RFC 4180 says, and tells spreadsheets that it is UTF-8', async () => {
    const bytes = await csvBytes(['A'], [[['x'], [null]], [[3]]]);
    expect(Buffer.from(bytes).toString()).toBe('\uFEFFA\r\nx\r\n\r\n3\r\n');
  });
});

describe('a PDF file', () => {
  const table = (rows: string[][]) => ({
    title: 'People',
    columns: [
      { title: 'Name', share: 2 },
      { title: 'Why', share: 3 },
    ],
    rows,
  });
  const paper = (rows: string[][]) => ({ title: 'Compliance', lines: ['Maple County'], tables: [table(rows)], at: 0 });
  const readable = { compress: false };

  it('shows names in Latin, Greek and Cyrillic letters', async () => {
    const names = ['Łukasz Żółć', 'Zoë Nuñez', 'Ñandú Ğökçe', 'Νίκος Άγγελος', 'Ольга Щукина'];
    const [page = ''] = pdfPages(await pdfBytes(paper(names.map((name) => [name, ''])), readable));
    for (const name of names) expect(page).toContain(name);
  });

  it('repeats the header row and numbers the pages', async () => {
    const rows = Array.from({ length: 120 }, (_, n) => [`Person ${n}`, `Firewall: off, ${n}`]);
    const pages = pdfPages(await pdfBytes(paper(rows), readable));
    expect(pages.length).toBeGreaterThan(2);
    for (const [index, page] of pages.entries()) {
      expect(page.split('\n').filter((line) => line === 'Name')).toHaveLength(1);
      expect(page).toContain(`Page ${index + 1} of ${pages.length}`);
    }
    const all = pages.join('\n').split('\n');
    for (const [name = ''] of rows) expect(all.filter((line) => line === name)).toHaveLength(1);
  });

  it('keeps a long cell to its column and bounds it', async () => {
    const pages = pdfPages(await pdfBytes(paper([['x'.repeat(5_000), 'y']]), readable));
    expect(pages).toHaveLength(1);
    expect(pages.join('').replaceAll('\n', '').match(/x/g)).toHaveLength(600);
  });

  it('says so where there is nothing, and is the same twice', async () => {
    const [page] = pdfPages(await pdfBytes(paper([]), readable));
    expect(page).toContain('None.');
    expect(await pdfBytes(paper([['a', 'b']]))).toEqual(await pdfBytes(paper([['a', 'b']])));
  });
});

it('zips the same files to the same bytes', async () => {
  const files = [{ name: 'a.txt', bytes: Buffer.from('a') }];
  const at = Date.UTC(2026, 9, 3);
  expect(await zipBytes(files, at)).toEqual(await zipBytes(files, at));
});
