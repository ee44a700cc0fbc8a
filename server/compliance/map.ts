import type { ComplianceMap, StatusCounts, VerdictCounts } from '../../shared/api/schemas.ts';
import { contactCheck, describedCheck, sectionCheck } from '../../shared/compliance/described.ts';
import { type CompliancePolicy, demandOf, settingsInForce } from '../../shared/compliance/policy.ts';
import { checks } from '../../shared/compliance/registry.ts';
import { type FindingStatus, findingStatuses, verdictStates } from '../../shared/compliance/verdict.ts';
import { capabilities } from '../../shared/profile/registry.ts';
import type { OpenCount } from '../store/views/compliance-counts.ts';
import { noUnit, type Unit } from './units.ts';

/** Names under which checks are stored, in the order people read them. */
export const storedChecks: readonly string[] = [
  ...Object.keys(capabilities).map(sectionCheck),
  ...checks.map(({ check }) => check),
  contactCheck,
];

/** The names stored under a check a person may name; empty: there is no such check. */
export function storedNames(check: string): string[] {
  return storedChecks.filter((one) => one === check || (check === settingsInForce && one.startsWith(`${check}:`)));
}

export function titleOf(check: string): string {
  return check === contactCheck ? 'Heard of lately' : (describedCheck(check)?.title ?? check);
}

type MappedCheck = ComplianceMap['checks'][number];

/** What counts at an instant, by unit and by check; `counts` are those of the units that were asked for. */
export function complianceMap(
  counts: readonly OpenCount[],
  units: readonly Unit[],
  policy: CompliancePolicy,
): Pick<ComplianceMap, 'people' | 'devices' | 'checks' | 'units'> {
  const names = new Map([noUnit, ...units].map(({ id, name }) => [id, name]));
  const byUnit = Map.groupBy(counts, ({ orgId }) => orgId);
  return {
    people: verdictCounts(counts, 'person'),
    devices: verdictCounts(counts, 'device'),
    checks: mappedChecks(counts, policy),
    units: [...byUnit]
      .map(([orgId, own]) => ({
        orgId,
        name: names.get(orgId) ?? orgId,
        people: verdictCounts(own, 'person'),
        devices: verdictCounts(own, 'device'),
        checks: Object.fromEntries(checksIn(own).map((check) => [check, statusCounts(own, [check])])),
      }))
      .toSorted((a, b) => share(b.people) - share(a.people) || share(b.devices) - share(a.devices) || byName(a, b)),
  };
}

/** Severity and weight of a check under a policy, by its stored name. */
export function weightOf(check: string, policy: CompliancePolicy): Pick<MappedCheck, 'severity' | 'counts'> {
  if (check === contactCheck) return { severity: 'major', counts: true };
  const { severity, counts } = demandOf(policy, check, describedCheck(check)?.severity ?? 'critical');
  return { severity, counts };
}

export function statusCounts(counts: readonly OpenCount[], stored: readonly string[]): StatusCounts {
  const of = (status: FindingStatus) =>
    counts.reduce((sum, one) => (one.state === status && stored.includes(one.subject) ? sum + one.count : sum), 0);
  return Object.fromEntries(findingStatuses.map((status) => [status, of(status)])) as StatusCounts;
}

export function verdictCounts(counts: readonly OpenCount[], subject: 'person' | 'device'): VerdictCounts {
  const sums = Object.fromEntries(verdictStates.map((state) => [state, 0])) as VerdictCounts;
  for (const one of counts) if (one.subject === subject) sums[one.state as keyof VerdictCounts] += one.count;
  return sums;
}

function mappedChecks(counts: readonly OpenCount[], policy: CompliancePolicy): MappedCheck[] {
  return checksIn(counts).map((check) => ({ check, title: titleOf(check), ...weightOf(check, policy) }));
}

/** A check of an earlier version of the library comes last. */
function checksIn(counts: readonly OpenCount[]): string[] {
  const named = new Set(counts.map(({ subject }) => subject).filter((name) => name !== 'person' && name !== 'device'));
  return [
    ...storedChecks.filter((check) => named.has(check)),
    ...[...named].filter((one) => !storedChecks.includes(one)),
  ];
}

/** Of those who were judged, how many are noncompliant. */
function share(counts: VerdictCounts): number {
  const all = verdictStates.reduce((sum, state) => sum + counts[state], 0);
  return all === 0 ? 0 : counts.noncompliant / all;
}

const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
