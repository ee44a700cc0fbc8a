import type { CheckPolicy, CompliancePolicy, ComplianceSteps } from '../../shared/compliance/policy.ts';
import { checks } from '../../shared/compliance/registry.ts';
import { type Groups, groupsBehind } from '../../shared/policy/group.ts';
import { selectorKey } from '../../shared/policy/match.ts';
import { restrictionProblems } from '../../shared/policy/restriction.ts';
import { leavesOf, type Selector } from '../../shared/policy/selector.ts';
import { selectorProblems } from '../../shared/policy/selector-problems.ts';
import { selectorWords } from '../../shared/policy/words.ts';
import { validator } from '../../shared/schema.ts';
import { unknownNames } from '../groups/group-problems.ts';
import type { ProfileStore } from '../store/profiles.ts';

/** What the schema of a policy cannot say, one sentence each that names the place; empty when it may be saved. */
export async function problemsOfPolicy(
  policy: CompliancePolicy,
  { profiles, groups }: { profiles: ProfileStore; groups: Groups },
  titleOf: (check: string) => string | undefined,
): Promise<string[]> {
  return [
    ...policy.checks.flatMap((own, index) => checkProblems(own, policy.checks.slice(0, index), titleOf)),
    ...(await bindsProblems(policy, { profiles, groups }, titleOf)),
    ...(await restrictProblems(policy.steps?.restrict ?? null, profiles)),
  ];
}

function checkProblems(
  own: CheckPolicy,
  before: readonly CheckPolicy[],
  titleOf: (check: string) => string | undefined,
): string[] {
  const title = titleOf(own.check);
  if (title === undefined) return [`There is no check “${own.check}”.`];
  if (before.some(({ check }) => check === own.check)) return [`The check “${own.check}” is named twice.`];
  return [...parameterProblems(own, title), ...repeatedSelectors(own, title)];
}

/** Against the check’s own schema, with the library’s values for what is left out. */
function parameterProblems({ check: name, parameters }: CheckPolicy, title: string): string[] {
  if (parameters === undefined) return [];
  const check = checks.find((one) => one.check === name);
  if (!check) return Object.keys(parameters).length > 0 ? [`${title}: there is nothing to set.`] : [];
  return validator(check.parameters)
    .problems({ ...check.defaults, ...parameters })
    .map((words) => `${title}: ${words.replace(/^\//, '')}.`);
}

const asWritten = { org: (id: string) => id, person: (id: string) => id };

function repeatedSelectors({ binds = [] }: CheckPolicy, title: string): string[] {
  const groups = Map.groupBy(binds, selectorKey);
  return [...groups.values()].flatMap(([first, ...more]) =>
    first && more.length > 0
      ? [`${title}: ${selectorWords(first, asWritten)} is named ${more.length + 1} times. Keep one.`]
      : [],
  );
}

async function bindsProblems(
  { checks: named }: CompliancePolicy,
  { profiles, groups }: { profiles: ProfileStore; groups: Groups },
  titleOf: (check: string) => string | undefined,
): Promise<string[]> {
  const problems: string[] = [];
  for (const { check, binds = [] } of named) {
    const own = binds.flatMap((selector) => [
      ...selectorProblems(selector, { groups }).errors,
      ...(asksPlace(selector, groups)
        ? ['Where a device is cannot say what is asked of it. Bind by unit instead.']
        : []),
    ]);
    const all = [...own, ...(own.length === 0 ? await unknownNames(binds, profiles) : [])];
    problems.push(
      ...all.map((words) => `${titleOf(check) ?? check}: ${words.charAt(0).toLowerCase()}${words.slice(1)}`),
    );
  }
  return problems;
}

function asksPlace(selector: Selector, groups: Groups): boolean {
  const rules = [...groupsBehind(selector, groups)].flatMap((name) => {
    const content = groups.get(name);
    return content?.kind === 'rule' ? [content.selector] : [];
  });
  return [selector, ...rules].flatMap(leavesOf).some(({ kind }) => kind === 'place');
}

async function restrictProblems(restrict: ComplianceSteps['restrict'], profiles: ProfileStore): Promise<string[]> {
  if (!restrict) return [];
  const record = await profiles.find(restrict.profileId);
  if (!record) return ['Restriction: there is no such profile.'];
  if (!record.published) return [`Restriction: publish “${record.name}” first.`];
  return restrictionProblems(record.published.settings).map((words) => `Restriction, “${record.name}”: ${words}`);
}
