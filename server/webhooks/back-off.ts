import type { Random } from '../../shared/clock.ts';

const second = 1_000;
const hour = 3_600_000;
const longestPause = 6 * hour;
const longestRest = 300 * second;

/** A delivery is tried for a day, then given up: it is a dead letter, which people see and can send again. */
export const triedForMs = 24 * hour;

/**
 * How long to wait after the nth failed try: any time up to a cap that grows fourfold from half a minute to six hours
 * ("full jitter", https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 */
export function pauseAfter(attempts: number, random: Random): number {
  return jitter(30 * second * 4 ** (attempts - 1), longestPause, random);
}

/** How long a webhook rests whose last tries all failed, so that a queue does not fall upon a receiver that is down. */
export function restAfter(failures: number, random: Random): number {
  return jitter(second * 2 ** (failures - 1), longestRest, random);
}

/**
 * When a delivery is tried that pauses until `pause`, of a webhook that rests until `rest`. No wait is longer than these are
 * made: one that is was reckoned by a clock that has since been set back, and is over.
 */
export function dueAt({ pause, rest }: { pause: number; rest: number }, now: number): number {
  return Math.max(pause - now > longestPause ? now : pause, rest - now > longestRest ? now : rest);
}

function jitter(cap: number, longest: number, random: Random): number {
  return Math.ceil(random.unit() * Math.min(longest, cap));
}
