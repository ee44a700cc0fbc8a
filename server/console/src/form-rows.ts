/** Rows of a form are named by their place: they have no other identity. */
export function numbered<T>(rows: readonly T[]): { key: string; place: number; row: T }[] {
  return rows.map((row, place) => ({ key: `row ${place}`, place, row }));
}

/** The rows with one of them changed. */
export function changedAt<T>(rows: readonly T[], place: number, row: T): T[] {
  return rows.map((one, index) => (index === place ? row : one));
}

/** The rows but one. */
export function without<T>(rows: readonly T[], place: number): T[] {
  return rows.filter((_, index) => index !== place);
}
