import type { Outcome } from '../../shared/compliance/check.ts';
import type { DeviceFacts } from '../../shared/compliance/facts.ts';
import { checks } from '../../shared/compliance/registry.ts';
import type { ReportedRecord } from '../../shared/protocol/messages.ts';
import type { LatestSeen } from '../health/latest.ts';

/** What this device finds of itself by one check. */
export interface OwnFinding extends Pick<Outcome, 'status' | 'actual'> {
  /** When it was seen to change, by the clock of the device. */
  at: number;
  /** Only the district knows what it allows: of a check with parameters the device knows what is seen, not whether it passes. */
  isCertain: boolean;
}

/** The checks of which the device knows everything but what the district allows, by name. Pure. */
export function ownChecks(
  seen: LatestSeen,
  sections: readonly ReportedRecord[],
  now: number,
): ReadonlyMap<string, OwnFinding> {
  const facts: DeviceFacts = {
    agentVersion: undefined,
    observations: seen.observations,
    health: seen.health,
    openFindings: undefined,
    webFilter: { asked: false },
  };
  const byLibrary = checks.flatMap(({ check, reads, observe, evaluate, defaults }): [string, OwnFinding][] => {
    const at = Math.max(...reads.map((fact) => seen.at[nameOf(fact)] ?? Number.NaN));
    if (Number.isNaN(at) || reads.length === 0) return [];
    const { status, actual } = evaluate(observe(facts), {}, now);
    return [[check, { status, actual, at, isCertain: Object.keys(defaults).length === 0 }]];
  });
  return new Map([...byLibrary, ...sections.flatMap(ofSection)]);
}

/** `observation:firewall` and `health:os` are looked at here; nothing is known here of other facts. */
function nameOf(fact: string): string {
  return /^(?:observation|health):(.+)$/.exec(fact)?.[1] ?? '';
}

/** As the server says it: see `shared/compliance/checks/policy-verified.ts`. A section that was removed is asked no more. */
function ofSection({ section, status, failure, hash, at }: ReportedRecord): [string, OwnFinding][] {
  if (hash === undefined) return [];
  const said = {
    verified: { status: 'pass', actual: 'in force and proved' },
    failed: { status: 'fail', actual: `failed (${failure?.message ?? ''})` },
    applied: { status: 'unknown', actual: 'applied, but not proved' },
    pending: { status: 'unknown', actual: 'not reported yet' },
    unsupported: { status: 'not-applicable', actual: 'this device cannot do this' },
  } as const;
  return [[`policy-verified:${section}`, { ...said[status], at, isCertain: true }]];
}
