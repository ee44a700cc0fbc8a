import type { RolloutPlan } from '../../shared/policy/rollout-plan.ts';

/**
 * How a new version of a list goes out: to everybody within a working day, so that a daily refresh finds the one before
 * it arrived. Its hours are those of the clock. Lists protect: where too few devices answer for a day, it goes on, and after a
 * halt those who have it keep it.
 */
export const listPlan: RolloutPlan = {
  rings: [
    { kind: 'percent', percent: 1, soakHours: 0.5 },
    { kind: 'percent', percent: 10, soakHours: 1 },
    { kind: 'percent', percent: 50, soakHours: 2 },
    { kind: 'percent', percent: 95, soakHours: 2 },
    { kind: 'percent', percent: 100, soakHours: 0 },
  ],
  gates: [
    { gate: 'failed-sections', tolerance: 0.05 },
    { gate: 'filter-probes', tolerance: 0.05 },
    { gate: 'lost-check-ins', tolerance: 0.05 },
    { gate: 'agent-crashes', tolerance: 0.05 },
    { gate: 'agent-cpu', tolerance: 0.05 },
    { gate: 'agent-memory', tolerance: 0.05 },
  ],
  enough: 10,
  patienceHours: 24,
  whenSilent: 'go-on',
  onHalt: 'hold',
};

/** A list that fewer devices use goes to all of them at once: rings of one device prove nothing. */
export const fewDevices = 20;
