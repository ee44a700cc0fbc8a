/**
 * Compares versions by their leading numbers: `12.5` before `12.10`, `24.04.1 LTS` as `24.04.1`; what is missing is 0.
 * Negative: `a` is earlier.
 */
export function compareVersions(a: string, b: string): number {
  const [one, other] = [numbersOf(a), numbersOf(b)];
  for (let i = 0; i < Math.max(one.length, other.length); i++) {
    const difference = (one[i] ?? 0) - (other[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Does it begin with a number? */
export const isVersion = (version: string) => /^\d/.test(version);

function numbersOf(version: string): number[] {
  const [leading = ''] = /^\d+(\.\d+)*/.exec(version) ?? [];
  return leading.split('.').map(Number);
}
