import Type from 'typebox';
import { choice, strictObject, text } from '../schema.ts';

/** Best first, as bars and lists show them. */
export const verdictStates = ['compliant', 'waived', 'in-grace', 'noncompliant', 'silent', 'unknown'] as const;
export type VerdictState = (typeof verdictStates)[number];

export const findingStatuses = ['pass', 'fail', 'not-applicable', 'unknown'] as const;
export type FindingStatus = (typeof findingStatuses)[number];

/** What a failure weighs: a minor one only informs, the others turn the verdict. */
export const checkSeverities = ['critical', 'major', 'minor'] as const;
export type CheckSeverity = (typeof checkSeverities)[number];

/** What one check found, with why it matters and how to fix it, in words for the person. */
export const CheckFinding = strictObject({
  check: text(60),
  title: text(120),
  status: choice(findingStatuses),
  expected: text(500),
  actual: text(500),
  why: text(500),
  fix: text(800),
  /** Findings of earlier servers lack what follows; without a severity a finding counts. */
  severity: Type.Optional(choice(checkSeverities)),
  fixTechnician: Type.Optional(text(800)),
  /** Recommendations of the CIS benchmarks, by system. */
  reference: Type.Optional(text(200)),
  /** Since when it fails, UTC, ISO 8601; it may be unknown by now. */
  failingSince: Type.Optional(text(30)),
  /** A failure turns the verdict only after this; `null`: the calendar does not tell when. `words`: `in grace until Mon 7 Dec 2026`. */
  grace: Type.Optional(strictObject({ until: Type.Union([text(30), Type.Null()]), words: text(200) })),
  /** Somebody decided that it does not turn the verdict until then. `words`: `waived until Mon 7 Dec 2026 by Ada Byrne`. */
  waiver: Type.Optional(strictObject({ until: text(30), words: text(300) })),
});
export type CheckFinding = Type.Static<typeof CheckFinding>;
