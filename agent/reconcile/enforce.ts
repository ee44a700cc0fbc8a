import type { CapabilityName, Sections } from '../../shared/profile/registry.ts';
import type { Evidence, ReportedRecord } from '../../shared/protocol/messages.ts';
import { type Capability, CapabilityError, type Change } from '../capabilities/capability.ts';
import type { Log } from '../log.ts';
import type { Postponed } from './repairs.ts';

/** What came of one pass: the status with the evidence of the last observation, and what had to be changed. */
export interface Outcome {
  status: ReportedRecord['status'];
  failure?: NonNullable<ReportedRecord['failure']>;
  evidence: Evidence[];
  changes: Change[];
  /** Those of the changes that the last observation shows as made. */
  corrected: Change[];
  /** Nothing is left that the agent could change; lines that only people can put right may be. */
  isDone?: boolean;
  /** The changes were not made, and are to be tried again after this. */
  postponedMs?: number;
}

const evidenceLimit = 200;

/**
 * One pass: observe → plan → apply → observe again; nothing is applied when `postponed` says so. Never throws: a bug in one
 * capability must not stop the others.
 */
export async function enforceOnce(
  capability: Capability,
  desired: NonNullable<Sections[CapabilityName]>,
  log: Log,
  postponed: (changes: readonly Change[]) => Postponed | undefined = () => undefined,
): Promise<Outcome> {
  let evidence: Evidence[] = [];
  let changes: Change[] = [];
  try {
    const before = await capability.observe(desired);
    evidence = before.evidence;
    changes = capability.plan(desired, before);
    const wait = changes.length > 0 ? postponed(changes) : undefined;
    if (wait) return { ...leftWrong(wait), evidence: fitting(evidence), changes, corrected: [] };
    if (changes.length > 0) {
      await capability.apply(desired);
      evidence = (await capability.observe(desired)).evidence;
    }
    const isDone = changes.length === 0 || capability.plan(desired, { evidence }).length === 0;
    const corrected = changes.filter(({ item }) => !evidence.some((line) => line.item === item && !line.ok));
    return { ...judge(capability, evidence), evidence: fitting(evidence), changes, corrected, isDone };
  } catch (error) {
    const failure = failureOf(error, `${capability.name} could not be enforced`, log);
    return { status: 'failed', failure, evidence: fitting(evidence), changes, corrected: [] };
  }
}

function leftWrong({ forMs, words }: Postponed): Pick<Outcome, 'status' | 'failure' | 'postponedMs'> {
  return { status: 'failed', failure: { code: 'tampered', message: words }, postponedMs: forMs };
}

/** Removes what the capability set. Never throws. */
export async function removeOnce(capability: Capability, log: Log): Promise<Outcome> {
  try {
    await capability.remove();
    return { status: 'verified', evidence: [removedLine(capability.name)], changes: [], corrected: [] };
  } catch (error) {
    const failure = failureOf(error, `${capability.name} could not be removed`, log);
    return { status: 'failed', failure, evidence: [], changes: [], corrected: [] };
  }
}

export function removedLine(section: string): Evidence {
  return { item: section, expected: 'not managed', seen: 'removed; what was there before is back', ok: true };
}

/** `verified` needs evidence, all of it as desired, on a system where that can be claimed. */
function judge(capability: Capability, evidence: Evidence[]): Pick<Outcome, 'status' | 'failure'> {
  if (!capability.verifiable) return { status: 'applied' };
  const wrong = evidence.find((line) => !line.ok);
  if (!wrong) return { status: evidence.length > 0 ? 'verified' : 'applied' };
  const message = `${wrong.item}: expected ${wrong.expected}, seen ${wrong.seen}`.slice(0, 1000);
  return { status: 'failed', failure: { code: 'not-in-force', message } };
}

function failureOf(error: unknown, what: string, log: Log): NonNullable<Outcome['failure']> {
  if (error instanceof CapabilityError) return { code: error.code, message: error.message.slice(0, 1000) };
  log.error({ err: error }, `${what}: a fault of the agent.`);
  return { code: 'internal', message: `${what}: a fault of the agent; its log on the device says more.` };
}

/** Within the protocol's limits; lines that are not as desired are never the ones left out. */
function fitting(evidence: Evidence[]): Evidence[] {
  const ordered =
    evidence.length <= evidenceLimit ? evidence : evidence.toSorted((a, b) => Number(a.ok) - Number(b.ok));
  return ordered.slice(0, evidenceLimit).map(({ item, expected, seen, ok }) => ({
    item: item.slice(0, 300),
    expected: expected.slice(0, 500),
    seen: seen.slice(0, 500),
    ok,
  }));
}
