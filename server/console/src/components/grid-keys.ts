import type { FocusEvent, KeyboardEvent } from 'react';

const steps: Record<string, readonly [rows: number, columns: number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  PageUp: [-10, 0],
  PageDown: [10, 0],
  Home: [0, -1000],
  End: [0, 1000],
};
const stop = '[data-stop]';

/**
 * One stop of the Tab key for a whole table; arrows move within it (WAI-ARIA grid pattern). Each cell that takes part
 * holds one `data-stop` element, and the first of them has tabindex 0.
 */
export const gridKeys = {
  onKeyDown(event: KeyboardEvent<HTMLTableElement>): void {
    const step = steps[event.key];
    const cell = event.target instanceof Element ? event.target.closest('td, th') : null;
    const row = cell?.closest('tr');
    if (!step || !cell || !row || event.altKey || event.metaKey) return;
    event.preventDefault();
    const rows = [...event.currentTarget.rows].filter((one) => one.querySelector(stop));
    const to = rows[clamp(rows.indexOf(row) + step[0], rows.length)];
    const column = columnOf(row, cell);
    const cells = to ? [...to.cells].filter((one) => one.querySelector(stop)) : [];
    const aimed =
      step[1] === 0
        ? closest(cells, column)
        : cells[clamp(cells.indexOf(cell as HTMLTableCellElement) + step[1], cells.length)];
    aimed?.querySelector<HTMLElement>(stop)?.focus();
  },
  onFocus({ currentTarget, target }: FocusEvent<HTMLTableElement>): void {
    if (!target.matches(stop)) return;
    for (const before of currentTarget.querySelectorAll<HTMLElement>(`${stop}[tabindex="0"]`)) before.tabIndex = -1;
    target.tabIndex = 0;
  },
};

const clamp = (place: number, length: number) => Math.min(length - 1, Math.max(0, place));

/** Columns, not cells: a cell may span several. */
function columnOf(row: HTMLTableRowElement, cell: Element): number {
  let column = 0;
  for (const one of row.cells) {
    if (one === cell) return column;
    column += one.colSpan;
  }
  return column;
}

function closest(cells: readonly HTMLTableCellElement[], column: number): HTMLTableCellElement | undefined {
  return cells.toSorted((a, b) => distance(a, column) - distance(b, column))[0];
}

function distance(cell: HTMLTableCellElement, column: number): number {
  const row = cell.parentElement as HTMLTableRowElement;
  return Math.abs(columnOf(row, cell) - column);
}
