import { type CapabilityName, capabilities } from '../profile/registry.ts';
import { type CheckWords, findingOf } from './check.ts';
import { wordsFor } from './checks/policy-verified.ts';
import { settingsInForce } from './policy.ts';
import { checks } from './registry.ts';
import type { CheckFinding, CheckSeverity, FindingStatus } from './verdict.ts';

/** Under this name it is stored whether a device was heard of lately; the only one that is no finding. */
export const contactCheck = 'contact';

export type DescribedCheck = CheckWords & { severity: CheckSeverity };

/** The words of a check as it is stored, `policy-verified:browser` among them; undefined: this version has no such check. */
export function describedCheck(check: string): DescribedCheck | undefined {
  return described.get(check);
}

/** How the check of one section is stored. */
export function sectionCheck(section: string): string {
  return `${settingsInForce}:${section}`;
}

const sections = Object.keys(capabilities).map((section): DescribedCheck => {
  return { ...wordsFor({ section, title: capabilities[section as CapabilityName].title }), severity: 'critical' };
});

const described: ReadonlyMap<string, DescribedCheck> = new Map(
  [...sections, ...checks].map((one) => [one.check, one] as const),
);

/** Findings with all that is the same each time: what a check is, why it matters and how to fix it. */
const findings: ReadonlyMap<string, CheckFinding> = new Map(
  [...described].map(([check, one]) => [
    check,
    findingOf(one, { status: 'unknown', expected: '', actual: '' }, one.severity),
  ]),
);

export interface StoredOutcome {
  check: string;
  status: FindingStatus;
  seen: string;
}

/** What was stored of a check, as a finding; without `expected`, which is not stored. Undefined: there is no such check. */
export function storedFinding({ check, status, seen }: StoredOutcome): CheckFinding | undefined {
  const finding = findings.get(check);
  return finding && { ...finding, status, actual: seen };
}
