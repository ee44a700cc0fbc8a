import type { RolloutPlan } from '../../shared/policy/share-rollout.ts';

/**
 * How a new version of a list goes out: to everybody within a working day, so that a daily refresh finds the one before
 * it arrived. Lists protect: where too few devices answer for a day, it goes on.
 */
export const listPlan: RolloutPlan = {
  rings: [
    { percent: 1, soakMinutes: 30 },
    { percent: 10, soakMinutes: 60 },
    { percent: 50, soakMinutes: 120 },
    { percent: 100, soakMinutes: 120 },
  ],
  enough: 10,
  tolerance: 0.05,
  leastFailures: 3,
  patienceMinutes: 24 * 60,
};

/** A list that fewer devices use goes to all of them at once: rings of one device prove nothing. */
export const fewDevices = 20;
