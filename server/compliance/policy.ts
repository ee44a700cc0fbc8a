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
import { capabilities } from '../../shared/profile/registry.ts';
import type { Bus } from '../bus.ts';
import type { Actor, CompliancePolicies, EventLog } from '../services.ts';
import { type CompliancePolicyStore, compliancePolicyDocument } from '../store/compliance-policies.ts';
import type { DocumentStore } from '../store/documents.ts';
import type { GroupStore } from '../store/groups.ts';
import type { ProfileStore } from '../store/profiles.ts';
import { problemsOfPolicy } from './policy-problems.ts';
import { changedWords } from './policy-words.ts';

export interface CompliancePolicyParts {
  stores: {
    documents: DocumentStore;
    compliancePolicies: CompliancePolicyStore;
    profiles: ProfileStore;
    groups: GroupStore;
  };
  events: EventLog;
  bus: Bus;
  clock: Clock;
}

/** The checks a policy may name, in the order people read them. */
export const checkRows: readonly CheckRow[] = [
  {
    check: settingsInForce,
    title: 'Settings of the profiles',
    why: 'The district promises families that its settings are on; they are, only when the device has proved it.',
    severity: 'critical',
    countsByDefault: true,
    ...{ parameters: {}, defaults: {} },
  },
  ...checks.map(({ check, title, why, severity, parameters, defaults }) => ({
    ...{ check, title, why, severity, parameters, defaults },
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
    return { ...(await readCompliancePolicy(this.#parts.stores.documents)), checks: [...checkRows] };
  }

  async save(policy: CompliancePolicy, version: number, actor: Actor): Promise<SavedCompliancePolicy> {
    const { stores, events, bus, clock } = this.#parts;
    const problems = await policyProblems(policy, stores);
    if (problems.length > 0) throw new CodedError('bad-compliance-policy', undefined, problems);
    const before = await this.read();
    const saved = await stores.compliancePolicies.save(policy, version, { at: clock.now(), by: actor });
    const words = `The compliance policy was saved: ${changedWords(before.policy, policy, checkRows)}.`;
    await events.add({ actor, code: 'compliance-policy-saved', words, before: before.policy, after: policy });
    bus.publish('compliance-policy-changed', {});
    return { policy, version: saved, checks: [...checkRows] };
  }
}

export async function readCompliancePolicy(
  documents: DocumentStore,
): Promise<{ policy: CompliancePolicy; version: number }> {
  const saved = await documents.read(compliancePolicyDocument);
  if (!saved) return { policy: compliancePolicyDefaults, version: 0 };
  return { policy: saved.content as CompliancePolicy, version: saved.version };
}

/** What is wrong with a policy that fits its schema, one sentence each; empty when it may be saved. */
export async function policyProblems(
  policy: CompliancePolicy,
  stores: { profiles: ProfileStore; groups: GroupStore },
): Promise<string[]> {
  const known = { profiles: stores.profiles, groups: await stores.groups.published() };
  return await problemsOfPolicy(policy, known, (name) => checkRows.find(({ check }) => check === name)?.title);
}
