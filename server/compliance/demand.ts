import { type Check, findingOf } from '../../shared/compliance/check.ts';
import type { DeviceFacts } from '../../shared/compliance/facts.ts';
import { checks } from '../../shared/compliance/registry.ts';
import type { CheckFinding } from '../../shared/compliance/verdict.ts';

/**
 * The checks that turn a verdict without a policy of the district: what it has always promised families, whether the
 * filter really blocks, and the one right that undoes all the others. Every other check informs until a policy asks for
 * it: an old battery or a system out of support is for the technician, and no fault of the person.
 */
export const demanded: ReadonlySet<string> = new Set([
  'agent-current',
  'disk-encrypted',
  'firewall-on',
  'filter-measured',
  'not-local-admin',
]);

/** Of the library, what turns a verdict; the rest is asked only when somebody looks. */
export const demandedChecks: readonly Check[] = checks.filter(({ check }) => demanded.has(check));

/** Asks each check about one device; `parameters` by check replaces its defaults. */
export function askChecks(
  asked: readonly Check[],
  facts: DeviceFacts,
  parameters: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  now: number,
): CheckFinding[] {
  return asked.map((check) => {
    const outcome = check.evaluate(check.observe(facts), parameters[check.check] ?? {}, now);
    return findingOf(check, outcome, demanded.has(check.check) ? check.severity : 'minor');
  });
}
