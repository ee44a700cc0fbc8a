import type { CheckFinding, FindingStatus } from './verdict.ts';

/** What a check says of one observation; the rest of the finding is the same each time. */
export interface Outcome {
  status: FindingStatus;
  expected: string;
  /** Short, and the same on every device in the same condition, so that reasons can be counted. */
  actual: string;
}

/** The words of a check: what it is called, why it matters, how to fix it, for the person whose device it is. */
export interface CheckWords {
  check: string;
  title: string;
  why: string;
  fix: string;
}

const longest = 500;

export function findingOf(words: CheckWords, { status, expected, actual }: Outcome): CheckFinding {
  return { ...words, status, expected: expected.slice(0, longest), actual: actual.slice(0, longest) };
}

/** A finding as the reason of a verdict: `Firewall: off`. */
export function reasonOf({ title, actual }: CheckFinding): string {
  return `${title}: ${actual}`.slice(0, longest);
}
