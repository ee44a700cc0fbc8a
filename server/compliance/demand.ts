import { type Check, findingOf } from '../../shared/compliance/check.ts';
import type { DeviceFacts } from '../../shared/compliance/facts.ts';
import { type CompliancePolicy, demandOf } from '../../shared/compliance/policy.ts';
import { checks } from '../../shared/compliance/registry.ts';
import type { CheckFinding } from '../../shared/compliance/verdict.ts';

/** Of the library, what turns a verdict; the rest is asked only when somebody looks. */
export function demandedChecks(policy: CompliancePolicy): readonly Check[] {
  return checks.filter(({ check, severity }) => demandOf(policy, check, severity).counts);
}

/** Asks each check about one device; `parameters` by check replaces its defaults. Severities are the library's. */
export function askChecks(
  asked: readonly Check[],
  facts: DeviceFacts,
  parameters: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  now: number,
): CheckFinding[] {
  return asked.map((check) => {
    const outcome = check.evaluate(check.observe(facts), parameters[check.check] ?? {}, now);
    return findingOf(check, outcome, check.severity);
  });
}
