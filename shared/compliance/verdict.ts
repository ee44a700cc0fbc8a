import type Type from 'typebox';
import { choice, strictObject, text } from '../schema.ts';

export const verdictStates = ['compliant', 'noncompliant', 'silent', 'unknown'] as const;
export type VerdictState = (typeof verdictStates)[number];

export const findingStatuses = ['pass', 'fail', 'not-applicable', 'unknown'] as const;
export type FindingStatus = (typeof findingStatuses)[number];

/** What one check found, with why it matters and how to fix it, in words for the person. */
export const CheckFinding = strictObject({
  check: text(60),
  title: text(120),
  status: choice(findingStatuses),
  expected: text(500),
  actual: text(500),
  why: text(500),
  fix: text(800),
});
export type CheckFinding = Type.Static<typeof CheckFinding>;
