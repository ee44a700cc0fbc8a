import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cell, suppress } from '../../../../server/filter/suppression.ts';

const cell = (value: number, people = value): Cell => ({ value, people });

describe('hiding the numbers of too few people', () => {
  it('shows everything when every cell speaks of enough people', () => {
    expect(suppress([[cell(9), cell(7)]], 5)).toEqual({
      cells: [[9, 7]],
      rowTotals: [16],
      columnTotals: [9, 7],
      hidden: 0,
    });
  });

  it('hides a second cell where one alone could be worked out from the total', () => {
    const { cells, rowTotals, columnTotals } = suppress(
      [
        [cell(2), cell(7), cell(30)],
        [cell(8), cell(9), cell(40)],
      ],
      5,
    );
    expect(cells).toEqual([
      [null, null, 30],
      [null, null, 40],
    ]);
    expect(rowTotals).toEqual([39, 57]);
    expect(columnTotals).toEqual([10, 16, 70]);
  });

  it('hides the total where there is no second cell to hide', () => {
    expect(suppress([[cell(2), cell(0, 0)]], 5)).toMatchObject({ cells: [[null, 0]], rowTotals: [null] });
  });

  it('hides the total of a school so small that all its cells are hidden', () => {
    const { cells, columnTotals, rowTotals } = suppress(
      [
        [cell(4, 2), cell(30, 9), cell(50, 20)],
        [cell(3, 2), cell(20, 8), cell(60, 30)],
      ],
      5,
    );
    expect(cells.map((row) => row[0])).toEqual([null, null]);
    expect(columnTotals[0]).toBeNull();
    expect(rowTotals).toEqual([84, 83]);
  });

  it('leaves a zero, which speaks of nobody', () => {
    expect(suppress([[cell(0, 0), cell(20), cell(30)]], 5).cells).toEqual([[0, 20, 30]]);
  });

  it('counts people, not names: one person with a thousand names is hidden', () => {
    expect(suppress([[cell(1000, 1), cell(12), cell(13)]], 5).cells[0]?.[0]).toBeNull();
  });

  it('never lets a hidden cell, or a sum of too few people, be worked out from a shown total', () => {
    const cells = fc
      .record({ value: fc.nat(50), people: fc.nat(12) })
      .map(({ value, people }) => (value === 0 || people === 0 ? cell(0, 0) : { value, people }));
    const tables = fc
      .integer({ min: 1, max: 5 })
      .chain((width) =>
        fc.array(fc.array(cells, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 5 }),
      );
    fc.assert(
      fc.property(tables, (table) => {
        const shown = suppress(table, 5);
        for (const [r, row] of table.entries())
          for (const [c, { people }] of row.entries())
            if (people > 0 && people < 5) expect(shown.cells[r]?.[c]).toBeNull();
        const people = (r: number, c: number) => (shown.cells[r]?.[c] === null ? (table[r]?.[c]?.people ?? 0) : 0);
        const lines = [
          ...shown.rowTotals.map((total, r) => {
            const behind = (table[r] ?? []).map((_, c) => people(r, c));
            return { total, behind, surely: behind.reduce((sum, count) => sum + count, 0) };
          }),
          ...shown.columnTotals.map((total, c) => {
            const behind = table.map((_, r) => people(r, c));
            return { total, behind, surely: Math.max(...behind) };
          }),
        ];
        for (const { total, behind, surely } of lines) {
          const hidden = behind.filter((count) => count > 0).length;
          expect(total === null || hidden === 0 || (hidden > 1 && surely >= 5)).toBe(true);
        }
      }),
    );
  });
});
