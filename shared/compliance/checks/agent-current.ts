import { type CheckWords, findingOf } from '../check.ts';
import type { CheckFinding } from '../verdict.ts';

const words: CheckWords = {
  check: 'agent-current',
  title: 'Rollcall agent',
  why: 'An old agent lacks fixes and may not understand newer policy.',
  fix: 'Leave the device on and connected; if this stays for a day, bring it to the helpdesk to have the agent installed again.',
};

/** Is the agent at least as new as the oldest version the district accepts? */
export function evaluate(observation: { version: string }, parameters: { oldest: string }): CheckFinding {
  const expected = `version ${parameters.oldest} or later`;
  const order = compareVersions(observation.version, parameters.oldest);
  if (order === undefined) {
    return findingOf(words, {
      status: 'unknown',
      expected,
      actual: `version ${observation.version}, which cannot be compared`,
    });
  }
  return findingOf(words, { status: order < 0 ? 'fail' : 'pass', expected, actual: `version ${observation.version}` });
}

/** By the numbers before any suffix (semver.org, without the order of pre-releases); undefined when there are none. */
export function compareVersions(a: string, b: string): number | undefined {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  if (!left || !right) return undefined;
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function numbersOf(version: string): number[] | undefined {
  return /^v?(\d+(?:\.\d+)*)/.exec(version)?.[1]?.split('.').map(Number);
}
