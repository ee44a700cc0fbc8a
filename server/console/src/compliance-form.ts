import type { CheckRow, WaiverInput } from '../../../shared/api/schemas.ts';
import {
  type CheckPolicy,
  type CompliancePolicy,
  defaultReturnDays,
  defaultSteps,
  demandOf,
} from '../../../shared/compliance/policy.ts';
import { reasonProblem } from './override-form.ts';
import { parameterProblem, parametersOf } from './parameter-form.ts';
import { selectorProblem } from './selector-form.ts';
import { plainDate } from './time.ts';

const mostGraceDays = 60;
const mostRemindDays = 20;
const dayMs = 86_400_000;
const longestWaiverDays = 365;

/** What a policy says of a check; where it says nothing, what the library does. */
export function ruleOf(policy: CompliancePolicy, { check, countsByDefault }: CheckRow): CheckPolicy {
  const own = policy.checks.find((one) => one.check === check);
  return own ?? { check, counts: countsByDefault, graceDays: null, severity: null };
}

/** The policy with one check decided otherwise; what the library says anyway is not kept. */
export function withRule(policy: CompliancePolicy, row: CheckRow, change: Partial<CheckPolicy>): CompliancePolicy {
  const rule = { ...ruleOf(policy, row), ...change };
  const isPlain =
    rule.counts === row.countsByDefault &&
    rule.graceDays === null &&
    rule.severity === null &&
    (rule.binds ?? []).length === 0 &&
    Object.keys(rule.parameters ?? {}).length === 0;
  const others = policy.checks.filter(({ check }) => check !== row.check);
  return { ...policy, checks: isPlain ? others : [...others, rule].toSorted((a, b) => (a.check < b.check ? -1 : 1)) };
}

/** What a check weighs in this policy, and how long its failure may last. */
export function demandOfRow(policy: CompliancePolicy, { check, severity }: CheckRow) {
  return demandOf(policy, check, severity);
}

/** What is wrong with a number of school days, in words. */
export function graceProblem(days: number): string | undefined {
  return Number.isInteger(days) && days >= 0 && days <= mostGraceDays ? undefined : `Between 0 and ${mostGraceDays}.`;
}

/** Everything the server would refuse, in words with the place. */
export function policyProblems(policy: CompliancePolicy, rows: readonly CheckRow[]): string[] {
  const byCheck = new Map(rows.map((row) => [row.check, row]));
  const named = (place: string, problem: string | undefined) => (problem ? [`${place}: ${problem}`] : []);
  return [
    ...named('Grace', graceProblem(policy.graceDays)),
    ...policy.checks.flatMap((rule) => {
      const row = byCheck.get(rule.check);
      const place = row?.title ?? rule.check;
      return [...named(place, graceProblem(rule.graceDays ?? 0)), ...named(place, ruleProblem(rule, row))];
    }),
    ...named('Steps', stepsProblem(policy)),
  ];
}

/** What is wrong with whom a check binds and what it asks, in words. */
export function ruleProblem(
  { binds = [], parameters = {} }: CheckPolicy,
  row: CheckRow | undefined,
): string | undefined {
  const selector = binds.map(selectorProblem).find((problem) => problem !== undefined);
  if (selector) return `${selector}.`;
  const problems = (row ? parametersOf(row) : []).map((one) => parameterProblem(one, parameters[one.name]));
  return problems.find((problem) => problem !== undefined);
}

function stepsProblem({ steps = defaultSteps, returnDays = defaultReturnDays }: CompliancePolicy): string | undefined {
  const { remindDays, restrict } = steps;
  if (!within(remindDays, mostRemindDays)) return `Remind between 0 and ${mostRemindDays} school days before.`;
  if (restrict && !within(restrict.afterDays, mostGraceDays))
    return `Restrict between 0 and ${mostGraceDays} school days after.`;
  if (restrict?.profileId === '') return 'Choose the profile of a restriction.';
  return within(returnDays, mostGraceDays) ? undefined : `Devices come back within 0 to ${mostGraceDays} school days.`;
}

const within = (days: number, most: number) => Number.isInteger(days) && days >= 0 && days <= most;

/** The days a waiver may end on: from tomorrow for a year, as a form's `date` values. */
export function waiverDays(now: number): { first: string; usual: string; last: string } {
  const after = (days: number) => plainDate(now + days * dayMs);
  return { first: after(1), usual: after(30), last: after(longestWaiverDays) };
}

/** The end of a day in the reader's own zone, ISO 8601 in UTC; undefined when it is none. */
export function endOfDay(date: string): string | undefined {
  const [year = Number.NaN, month = Number.NaN, day = Number.NaN] = date.split('-').map(Number);
  const end = new Date(year, month - 1, day + 1);
  return Number.isNaN(end.getTime()) ? undefined : end.toISOString();
}

/** What keeps a waiver from being sent, in words; undefined when the server will take it. */
export function waiverProblem(date: string, { reason }: Pick<WaiverInput, 'reason'>, now: number): string | undefined {
  const { first, last } = waiverDays(now);
  if (endOfDay(date) === undefined) return 'Say on which day it ends.';
  if (date < first) return 'It ends tomorrow at the earliest.';
  if (date > last) return 'It lasts a year at most.';
  return reasonProblem(reason);
}
