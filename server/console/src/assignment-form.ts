import type { AssignmentInput } from '../../../shared/policy/selector.ts';
import { freshQuestion, selectorProblem } from './selector-form.ts';
import { fromLocal } from './time.ts';

/** One whose reach is still to be said. */
export const freshAssignment = (): AssignmentInput => ({ to: freshQuestion('org'), priority: 100 });

const leastReason = 3;

/** What keeps an assignment from being saved, in words. */
export function assignmentProblem({ to, override }: AssignmentInput): string | undefined {
  const problem = selectorProblem(to);
  if (problem) return `${problem}.`;
  if (override && override.reason.trim().length < leastReason) return 'Say why it is an exception.';
  return undefined;
}

/** Whether an exception has run out: it is an assignment like no other then, for it reaches nobody any more. */
export function hasEnded({ override }: AssignmentInput, now: number): boolean {
  return override?.until !== undefined && Date.parse(override.until) <= now;
}

/** The assignment as an exception with this reason and end (a form's `datetime-local`; empty: until it is taken away). */
export function asException(assignment: AssignmentInput, reason: string, local: string): AssignmentInput {
  const until = fromLocal(local);
  return { ...assignment, override: until === undefined ? { reason } : { reason, until } };
}

/** The assignment as one like others. */
export function asUsual({ to, priority }: AssignmentInput): AssignmentInput {
  return { to, priority };
}
