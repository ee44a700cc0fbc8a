import type { CheckRow, SavedCompliancePolicy } from '../../shared/api/schemas.ts';
import type { Clock } from '../../shared/clock.ts';
import {
  type CompliancePolicy,
  compliancePolicyDefaults,
  countsByDefault,
  settingsInForce,
} from '../../shared/compliance/policy.ts';
import { checks } from '../../shared/compliance/registry.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { canonicalJson } from '../../shared/policy/canonical.ts';
import { capabilities } from '../../shared/profile/registry.ts';
import type { Bus } from '../bus.ts';
import type { Actor, CompliancePolicies, EventLog } from '../services.ts';
import type { DocumentStore } from '../store/documents.ts';

export interface CompliancePolicyParts {
  documents: DocumentStore;
  events: EventLog;
  bus: Bus;
  clock: Clock;
}

const document = 'compliance-policy';

/** The checks a policy may name, in the order people read them. */
export const checkRows: readonly CheckRow[] = [
  {
    check: settingsInForce,
    title: 'Settings of the profiles',
    why: 'The district promises families that its settings are on; they are, only when the device has proved it.',
    severity: 'critical',
    countsByDefault: true,
  },
  ...checks.map(({ check, title, why, severity }) => ({
    ...{ check, title, why, severity },
    countsByDefault: countsByDefault.has(check),
  })),
];

/** What a check is called where a waiver names it; undefined: there is no such check. `null` is every check. */
export function checkTitle(check: string | null): string | undefined {
  if (check === null) return 'Every check';
  const section = Object.entries(capabilities).find(([name]) => check === `${settingsInForce}:${name}`);
  return section ? section[1].title : checkRows.find((row) => row.check === check)?.title;
}

/** What the district decides about compliance; every verdict follows each save. */
export class DistrictCompliancePolicy implements CompliancePolicies {
  readonly #parts: CompliancePolicyParts;

  constructor(parts: CompliancePolicyParts) {
    this.#parts = parts;
  }

  async read(): Promise<SavedCompliancePolicy> {
    return { ...(await readCompliancePolicy(this.#parts.documents)), checks: [...checkRows] };
  }

  async save(policy: CompliancePolicy, version: number, actor: Actor): Promise<SavedCompliancePolicy> {
    const { documents, events, bus, clock } = this.#parts;
    const problems = policyProblems(policy);
    if (problems.length > 0) throw new CodedError('bad-compliance-policy', undefined, problems);
    const before = await this.read();
    const saved = await documents.save(document, policy, version, clock.now());
    const words = `The compliance policy was saved: ${changedWords(before.policy, policy)}.`;
    await events.add({ actor, code: 'compliance-policy-saved', words });
    bus.publish('compliance-policy-changed', {});
    return { policy, version: saved, checks: [...checkRows] };
  }
}

export async function readCompliancePolicy(
  documents: DocumentStore,
): Promise<{ policy: CompliancePolicy; version: number }> {
  const saved = await documents.read(document);
  if (!saved) return { policy: compliancePolicyDefaults, version: 0 };
  return { policy: saved.content as CompliancePolicy, version: saved.version };
}

/** What the schema cannot say: each check exists, and once. */
export function policyProblems({ checks: named }: CompliancePolicy): string[] {
  const known = new Set(checkRows.map(({ check }) => check));
  return named.flatMap(({ check }, i) => {
    if (!known.has(check)) return [`There is no check “${check}”.`];
    return named.findIndex((one) => one.check === check) < i ? [`The check “${check}” is named twice.`] : [];
  });
}

function changedWords(before: CompliancePolicy, after: CompliancePolicy): string {
  const of = (policy: CompliancePolicy, check: string) => policy.checks.find((one) => one.check === check) ?? null;
  const changed = checkRows
    .filter(({ check }) => canonicalJson(of(before, check)) !== canonicalJson(of(after, check)))
    .map(({ title }) => title.toLowerCase());
  const days = before.graceDays === after.graceDays ? [] : [`grace of ${after.graceDays} school days`];
  return [...days, ...changed].join(', ') || 'nothing was changed';
}
