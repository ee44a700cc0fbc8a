import type { PolicyPreview, VerdictCounts } from '../../shared/api/schemas.ts';
import { isWorse, type Verdict } from '../../shared/compliance/fold.ts';
import type { CompliancePolicy } from '../../shared/compliance/policy.ts';
import { type CheckFinding, verdictStates } from '../../shared/compliance/verdict.ts';
import { canonicalJson } from '../../shared/policy/canonical.ts';
import { storedChecks, titleOf, weightOf } from './map.ts';
import { noUnit } from './units.ts';

const mostChanges = 200;

/** How one device or person stands under the policy in force and would stand under another. */
export interface Standing {
  before: Verdict;
  after: Verdict;
}

export interface Change extends Standing {
  person: { id: string; name: string };
  orgId: string;
  orgName: string;
}

export function countsOf(standings: readonly Standing[]): { before: VerdictCounts; after: VerdictCounts } {
  const [before, after] = [emptyCounts(), emptyCounts()];
  for (const one of standings) {
    before[one.before.state] += 1;
    after[one.after.state] += 1;
  }
  return { before, after };
}

/** Who stands differently, those who become worse first, and where they are. */
export function summary(people: readonly Change[]): Pick<PolicyPreview, 'people' | 'units' | 'changes' | 'changed'> {
  const changed = people
    .filter(({ before, after }) => before.state !== after.state)
    .map((one) => ({ ...one, worse: isWorse(one.after.state, one.before.state) }));
  const inOrder = changed.toSorted(
    (a, b) => Number(b.worse) - Number(a.worse) || (a.person.name < b.person.name ? -1 : 1),
  );
  return {
    people: countsOf(people),
    units: unitsOf(changed),
    changes: inOrder.slice(0, mostChanges).map(({ person, before, after }) => ({
      person,
      before: before.state,
      after: after.state,
      until: after.until === undefined ? null : new Date(after.until).toISOString(),
      reasons: after.reasons,
    })),
    changed: changed.length,
  };
}

function unitsOf(changed: readonly (Change & { worse: boolean })[]): PolicyPreview['units'] {
  return [...Map.groupBy(changed, ({ orgId }) => orgId)]
    .map(([orgId, own]) => {
      const worse = own.filter((one) => one.worse).length;
      return { orgId, name: own[0]?.orgName || noUnit.name, worse, better: own.length - worse };
    })
    .toSorted((a, b) => b.worse - a.worse || b.better - a.better || (a.name < b.name ? -1 : 1));
}

interface Tally {
  failingBefore: number;
  failingAfter: number;
  turning: number;
}

/** Devices that fail each check so that it turns their verdict, grace and waivers aside. */
export class CheckTally {
  readonly #inForce: CompliancePolicy;
  readonly #proposed: CompliancePolicy;
  readonly #tallies = new Map<string, Tally>();

  constructor(inForce: CompliancePolicy, proposed: CompliancePolicy) {
    this.#inForce = inForce;
    this.#proposed = proposed;
  }

  add(before: readonly CheckFinding[], after: readonly CheckFinding[]): void {
    const [failed, fails] = [failing(before), failing(after)];
    for (const check of failed) this.#of(check).failingBefore += 1;
    for (const check of fails) {
      this.#of(check).failingAfter += 1;
      if (!failed.has(check)) this.#of(check).turning += 1;
    }
  }

  /** In the order of the library, those of which something differs. */
  rows(): PolicyPreview['checks'] {
    return storedChecks.flatMap((check) => {
      const tally = this.#of(check);
      const isWeighedAnew =
        canonicalJson(weightOf(check, this.#inForce)) !== canonicalJson(weightOf(check, this.#proposed));
      const differs = isWeighedAnew || tally.turning > 0 || tally.failingBefore !== tally.failingAfter;
      return differs ? [{ check, title: titleOf(check), ...tally }] : [];
    });
  }

  #of(check: string): Tally {
    const tally = this.#tallies.get(check) ?? { failingBefore: 0, failingAfter: 0, turning: 0 };
    this.#tallies.set(check, tally);
    return tally;
  }
}

function failing(findings: readonly CheckFinding[]): Set<string> {
  return new Set(
    findings.filter(({ status, severity }) => status === 'fail' && severity !== 'minor').map(({ check }) => check),
  );
}

function emptyCounts(): VerdictCounts {
  return Object.fromEntries(verdictStates.map((state) => [state, 0])) as VerdictCounts;
}
