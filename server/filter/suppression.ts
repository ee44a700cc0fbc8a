/** One cell of a report: its number and how many people stand behind it. */
export interface Cell {
  value: number;
  people: number;
}

export interface Suppressed {
  /** `null`: hidden. In the order of the rows and columns given. */
  cells: (number | null)[][];
  rowTotals: (number | null)[];
  columnTotals: (number | null)[];
  hidden: number;
}

/**
 * Hides cells with fewer people than `threshold`, and then as many others as are needed that taking the shown cells of a
 * row or column from its shown total gives neither a single hidden cell nor a sum of too few people (complementary
 * suppression). Rows are of different people in each cell, columns may be of the same. Cells with nobody stay: they speak
 * of no one. A total is hidden where nothing else is left to hide.
 */
export function suppress(table: readonly (readonly Cell[])[], threshold: number): Suppressed {
  const hidden = table.map((row) => row.map(({ people }) => people > 0 && people < threshold));
  const columns = table[0]?.length ?? 0;
  const hiddenRows = new Set<number>();
  const hiddenColumns = new Set<number>();
  for (let changed = true; changed; ) {
    changed = false;
    for (let r = 0; r < table.length; r++) {
      const line = Array.from({ length: columns }, (_, c) => [r, c] as const);
      if (!hiddenRows.has(r)) changed = protect(line, sumOf, () => hiddenRows.add(r)) || changed;
    }
    for (let c = 0; c < columns; c++) {
      const line = table.map((_, r) => [r, c] as const);
      if (!hiddenColumns.has(c)) changed = protect(line, mostOf, () => hiddenColumns.add(c)) || changed;
    }
  }
  return {
    cells: table.map((row, r) => row.map(({ value }, c) => (hidden[r]?.[c] ? null : value))),
    rowTotals: table.map((row, r) => (hiddenRows.has(r) ? null : sum(row))),
    columnTotals: Array.from({ length: columns }, (_, c) =>
      hiddenColumns.has(c) ? null : sum(table.flatMap((row) => row[c] ?? [])),
    ),
    hidden: hidden.flat().filter(Boolean).length,
  };

  /** True when something had to be hidden; `peopleOf` says how many surely stand behind several cells. */
  function protect(
    line: readonly Place[],
    peopleOf: (people: readonly number[]) => number,
    hideTotal: () => void,
  ): boolean {
    const isHidden = ([r, c]: Place) => hidden[r]?.[c] === true;
    const gone = line.filter(isHidden);
    const people = peopleOf(gone.map(([r, c]) => table[r]?.[c]?.people ?? 0));
    if (gone.length === 0 || (gone.length > 1 && people >= threshold)) return false;
    const [next] = line
      .filter((at) => !isHidden(at) && valueAt(at) > 0)
      .sort((one, other) => valueAt(one) - valueAt(other));
    const row = next && hidden[next[0]];
    if (row) row[next[1]] = true;
    else hideTotal();
    return true;
  }

  function valueAt([r, c]: Place): number {
    return table[r]?.[c]?.value ?? 0;
  }
}

type Place = readonly [row: number, column: number];

function sumOf(people: readonly number[]): number {
  return people.reduce((total, count) => total + count, 0);
}

function mostOf(people: readonly number[]): number {
  return Math.max(0, ...people);
}

function sum(cells: readonly Cell[]): number {
  return cells.reduce((total, { value }) => total + value, 0);
}
