/**
 * Something new on its way to the devices: a list, a profile, a program. It goes out in rings, each a share of all
 * devices that holds the ones before it; evidence from the devices that have it decides whether it goes on.
 */

/** A share of the devices, and how long it is watched before the next one follows. */
export interface Ring {
  /** In percent of all devices. */
  readonly percent: number;
  readonly soakMinutes: number;
}

export interface RolloutPlan {
  /** Rising; the last is everybody. */
  readonly rings: readonly Ring[];
  /** Devices that must have answered before a ring counts as watched; fewer when fewer can answer. */
  readonly enough: number;
  /** So much more of them may fail than among the devices that have the earlier one: 0.05 is five in a hundred. */
  readonly tolerance: number;
  /** Fewer failures than this are chance. */
  readonly leastFailures: number;
  /** After this long without enough answers, and none of them bad, it goes on all the same. */
  readonly patienceMinutes: number;
}

/** `ring`: how many rings have it; 0: none yet. `since`: epoch ms. */
export type RolloutState =
  | InRing<'running'>
  | InRing<'paused'>
  | (InRing<'halted'> & { readonly reason: string })
  | { readonly kind: 'completed'; readonly since: number }
  | { readonly kind: 'rolled-back'; readonly since: number };

interface InRing<Kind> {
  readonly kind: Kind;
  readonly ring: number;
  readonly since: number;
}

/** Devices that answered, and those of them that failed. A device that is away is in neither. */
export interface Answers {
  readonly asked: number;
  readonly failed: number;
}

export interface RolloutEvidence {
  /** Devices with the earlier one. */
  readonly before: Answers;
  /** Devices with the new one. */
  readonly after: Answers;
  /** Devices of the open rings that could answer now. */
  readonly reachable: number;
}

const minute = 60_000;
const buckets = 10_000;

/** What a rollout is next; the same state when nothing changes. Pure. */
export function decideRollout(
  state: RolloutState,
  evidence: RolloutEvidence,
  plan: RolloutPlan,
  now: number,
): RolloutState {
  if (state.kind !== 'running') return state;
  const reason = reasonToHalt(evidence, plan);
  if (reason !== undefined) return { kind: 'halted', ring: state.ring, since: now, reason };
  return isWatched(state, evidence, plan, now) ? nextRing(state.ring, plan, now) : state;
}

/** Begins in the first ring. */
export function beginRollout(now: number): RolloutState {
  return { kind: 'running', ring: 1, since: now };
}

export type RolloutAction = 'pause' | 'resume' | 'finish' | 'roll-back';

/** What a person decides; undefined when there is nothing to decide any more. */
export function applyAction(state: RolloutState, action: RolloutAction, now: number): RolloutState | undefined {
  if (state.kind === 'completed' || state.kind === 'rolled-back') return undefined;
  switch (action) {
    case 'pause':
      return state.kind === 'running' ? { kind: 'paused', ring: state.ring, since: now } : undefined;
    case 'resume':
      return state.kind === 'running' ? undefined : { kind: 'running', ring: Math.max(1, state.ring), since: now };
    case 'finish':
      return { kind: 'completed', since: now };
    case 'roll-back':
      return { kind: 'rolled-back', since: now };
  }
}

/** Share of the devices that are given the new one, in percent. */
export function percentOf(state: RolloutState, plan: RolloutPlan): number {
  if (state.kind === 'completed') return 100;
  if (state.kind === 'rolled-back') return 0;
  return plan.rings[state.ring - 1]?.percent ?? 0;
}

/**
 * Is the device among this share? The same devices come first in every rollout, so that several at once make few
 * different states. FNV-1a over the id, stirred so that ids which differ in their last letter spread.
 */
export function isWithin(deviceId: string, percent: number): boolean {
  return bucketOf(deviceId) < (percent / 100) * buckets;
}

/** 0 to 9,999. */
export function bucketOf(deviceId: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < deviceId.length; i++) hash = Math.imul(hash ^ deviceId.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  hash ^= hash >>> 13;
  return (hash >>> 0) % buckets;
}

function reasonToHalt({ before, after }: RolloutEvidence, plan: RolloutPlan): string | undefined {
  if (after.failed < plan.leastFailures) return undefined;
  const rate = shareOf(after);
  if (rate <= shareOf(before) + plan.tolerance) return undefined;
  return `It fails on ${after.failed} of ${after.asked} devices that have it; of those with the earlier one on ${before.failed} of ${before.asked}.`;
}

function isWatched(
  { ring, since }: { ring: number; since: number },
  { after, reachable }: RolloutEvidence,
  plan: RolloutPlan,
  now: number,
): boolean {
  const soak = plan.rings[ring - 1]?.soakMinutes ?? 0;
  if (now < since + soak * minute) return false;
  return after.asked >= Math.min(plan.enough, reachable) || now >= since + (soak + plan.patienceMinutes) * minute;
}

function nextRing(ring: number, plan: RolloutPlan, now: number): RolloutState {
  return ring >= plan.rings.length
    ? { kind: 'completed', since: now }
    : { kind: 'running', ring: ring + 1, since: now };
}

function shareOf({ asked, failed }: Answers): number {
  return asked === 0 ? 0 : failed / asked;
}
