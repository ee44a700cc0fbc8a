import type { LibraryCheck } from '../../shared/api/schemas.ts';
import { referenceOf } from '../../shared/compliance/check.ts';
import { type CompliancePolicy, demandOf, settingsInForce } from '../../shared/compliance/policy.ts';
import { checks } from '../../shared/compliance/registry.ts';
import { type SelectorNames, selectorWords } from '../../shared/policy/words.ts';
import type { OpenCount } from '../store/views/compliance-counts.ts';
import { statusCounts, storedNames } from './map.ts';
import { checkRows } from './policy.ts';

type Parameters = Readonly<Record<string, unknown>>;

/**
 * The library as people read it, with what a policy makes of each check and how many devices stand where. `serverSays`
 * are the parameters this server sets itself, by check.
 */
export function libraryChecks(
  policy: CompliancePolicy,
  counts: readonly OpenCount[],
  names: SelectorNames,
  serverSays: Readonly<Record<string, Parameters>>,
): LibraryCheck[] {
  return checkRows.map(({ check, title, why, severity }) => {
    const known = checks.find((one) => one.check === check);
    const own = policy.checks.find((one) => one.check === check);
    const demand = demandOf(policy, check, severity);
    const defaults = { ...known?.defaults, ...serverSays[check] };
    return {
      ...{ check, title, why, severity, defaults },
      fix: known?.fix ?? settingsFix,
      fixTechnician: known?.fixTechnician ?? null,
      reference: referenceOf(known?.cis) ?? null,
      parameters: known?.parameters ?? { type: 'object', properties: {}, additionalProperties: false },
      demand: {
        ...demand,
        parameters: { ...defaults, ...own?.parameters },
        binds: own?.binds?.length
          ? own.binds
              .map((one) => selectorWords(one, names))
              .join(', ')
              .slice(0, 1000)
          : null,
      },
      counts: statusCounts(counts, check === settingsInForce ? storedNames(check) : [check]),
    };
  });
}

const settingsFix =
  'Leave the device on and connected; the page of the device says which setting is not in force and why.';
