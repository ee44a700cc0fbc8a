import { type CapabilityName, capabilities } from '../../profile/registry.ts';
import { sectionWords } from '../checks/policy-verified.ts';
import { type CheckName, checks } from '../registry.ts';
import type { CheckLanguage, CheckText } from './language.ts';

/** English is what checks and capabilities say of themselves. */
export const en: CheckLanguage = {
  checks: Object.fromEntries(
    checks.map(({ check, title, why, fix }): [string, CheckText] => [check, { title, why, fix }]),
  ) as Record<CheckName, CheckText>,
  capabilities: Object.fromEntries(Object.entries(capabilities).map(([name, { title }]) => [name, title])) as Record<
    CapabilityName,
    string
  >,
  settings: sectionWords,
  seen: (actual) => {
    const technical = /^(not known|failed) \((?<technical>.+)\)$/s.exec(actual);
    return technical?.groups?.technical === undefined
      ? { text: actual }
      : { text: technical[1] ?? actual, technical: technical.groups.technical };
  },
};
