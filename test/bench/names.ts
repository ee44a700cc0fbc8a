/** Generated names, so that no list has to be fetched: one domain of its own each. */
export function blockedName(index: number): string {
  return `blocked-${index.toString(36).padStart(6, '0')}.example`;
}

/** A name on no list, always of the same length. */
export function passedName(index: number): string {
  return `passed-${index.toString(36).padStart(6, '0')}.example`;
}

/** So many of them, and all there are on the list of a bench. */
export function blockedNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => blockedName(index));
}
