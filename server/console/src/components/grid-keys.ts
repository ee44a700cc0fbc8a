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
    const cell = event.target instanceof Element ? event.target.closest<HTMLTableCellElement>('td, th') : null;
    const row = cell?.closest('tr');
    if (!step || !cell || !row || event.altKey || event.metaKey) return;
    event.preventDefault();
    const [down, across] = step;
    const rows = [...event.currentTarget.rows].filter(hasStop);
    const to = rows[clamp(rows.indexOf(row) + down, rows.length)];
    const cells = [...(to?.cells ?? [])].filter(hasStop);
    const aimed = across === 0 ? closest(cells, cell) : cells[clamp(cells.indexOf(cell) + across, cells.length)];
    aimed?.querySelector<HTMLElement>(stop)?.focus();
  },
  onFocus({ currentTarget, target }: FocusEvent<HTMLTableElement>): void {
    if (!target.matches(stop)) return;
    for (const before of currentTarget.querySelectorAll<HTMLElement>(`${stop}[tabindex="0"]`)) before.tabIndex = -1;
    target.tabIndex = 0;
  },
};

const hasStop = (one: Element) => one.querySelector(stop) !== null;
const clamp = (place: number, length: number) => Math.min(length - 1, Math.max(0, place));

/** By where it stands, for cells may span several columns and rows. */
function closest(cells: readonly HTMLElement[], to: HTMLElement): HTMLElement | undefined {
  const middle = (one: HTMLElement) => {
    const { left, width } = one.getBoundingClientRect();
    return left + width / 2;
  };
  const distance = (one: HTMLElement) => Math.abs(middle(one) - middle(to));
  return cells.toSorted((a, b) => distance(a) - distance(b))[0];
}
