import { forPeople, type Line, line } from '../baseline/baseline.ts';

/** A name that fits: `*` at the end of a pattern stands for anything; small and capital letters are the same. */
export function fits(name: string, pattern: string): boolean {
  const [seen, wanted] = [name.toLowerCase(), pattern.toLowerCase()];
  return wanted.endsWith('*') ? seen.startsWith(wanted.slice(0, -1)) : seen === wanted;
}

/** Pure. Where applications are only looked at: one line for each that is missing or too many. */
export function lookedLines(
  installed: readonly string[],
  required: readonly string[],
  forbidden: readonly string[],
): Line[] {
  const missing = required.filter((pattern) => !installed.some((name) => fits(name, pattern)));
  const found = forbidden.filter((pattern) => installed.some((name) => fits(name, pattern)));
  return [
    ...summary(required.length - missing.length, forbidden.length - found.length),
    ...missing.map((name) => forPeople(`application ${name}`, 'installed', 'not installed')),
    ...found.map((name) => forPeople(`application ${name}`, 'not installed', 'installed')),
  ];
}

/** How many are as desired; nothing where nothing is asked. */
export function summary(present: number, absent: number): Line[] {
  return [
    ...(present > 0 ? [line('required applications', 'installed', `${present} installed`, true)] : []),
    ...(absent > 0 ? [line('forbidden applications', 'not installed', `${absent} not installed`, true)] : []),
  ];
}
