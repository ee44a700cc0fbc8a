import { type CapabilityName, capabilities } from '../profile/registry.ts';
import type { CheckWords } from './check.ts';
import { wordsFor } from './checks/policy-verified.ts';
import { settingsInForce } from './policy.ts';
import { checks } from './registry.ts';
import type { CheckSeverity } from './verdict.ts';

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
