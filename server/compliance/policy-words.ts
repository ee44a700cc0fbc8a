import {
  type CompliancePolicy,
  type ComplianceSteps,
  defaultReturnDays,
  defaultSteps,
} from '../../shared/compliance/policy.ts';
import { canonicalJson } from '../../shared/policy/canonical.ts';

interface Titled {
  check: string;
  title: string;
}

/** What differs between two policies, for the events. */
export function changedWords(before: CompliancePolicy, after: CompliancePolicy, rows: readonly Titled[]): string {
  const changes = [
    ...(before.graceDays === after.graceDays ? [] : [`grace of ${after.graceDays} school days`]),
    ...rows.flatMap((row) => checkWords(before, after, row)),
    ...stepWords(before.steps ?? defaultSteps, after.steps ?? defaultSteps),
    ...returnWords(before.returnDays ?? defaultReturnDays, after.returnDays ?? defaultReturnDays),
  ];
  return changes.join(', ') || 'nothing was changed';
}

/** `disk space (parameters, whom it binds)`. */
function checkWords(before: CompliancePolicy, after: CompliancePolicy, { check, title }: Titled): string[] {
  const [was, is] = [before, after].map((policy) => policy.checks.find((one) => one.check === check));
  if (canonicalJson(was ?? null) === canonicalJson(is ?? null)) return [];
  const parts = [
    ...(canonicalJson(was?.binds ?? []) === canonicalJson(is?.binds ?? []) ? [] : ['whom it binds']),
    ...(canonicalJson(was?.parameters ?? {}) === canonicalJson(is?.parameters ?? {}) ? [] : ['parameters']),
  ];
  return [`${title.toLowerCase()}${parts.length > 0 ? ` (${parts.join(', ')})` : ''}`];
}

function stepWords(before: ComplianceSteps, after: ComplianceSteps): string[] {
  const reminder =
    after.remindDays === 0 ? 'no reminders' : `reminders ${after.remindDays} school days before the end of the grace`;
  const restriction = after.restrict
    ? `restriction ${after.restrict.afterDays} school days after the grace`
    : 'no restrictions';
  return [
    ...(before.remindDays === after.remindDays ? [] : [reminder]),
    ...(canonicalJson(before.restrict) === canonicalJson(after.restrict) ? [] : [restriction]),
  ];
}

function returnWords(before: number, after: number): string[] {
  if (before === after) return [];
  return [after === 0 ? 'nothing is asked of leavers' : `devices of leavers back within ${after} school days`];
}
