import { type GateName, gateNames, type RolloutPlan, type RolloutRing } from '../../../shared/policy/rollout-plan.ts';
import { changedAt } from './form-rows.ts';

export const mostRings = 12;
export const longestSoak = 400;

/** A plan with a gate watched with this tolerance, or not watched any more (undefined), in the order gates are named. */
export function withGate(plan: RolloutPlan, gate: GateName, tolerance: number | undefined): RolloutPlan {
  const others = plan.gates.filter((one) => one.gate !== gate);
  const gates = tolerance === undefined ? others : [...others, { gate, tolerance }];
  return { ...plan, gates: gates.sort((a, b) => gateNames.indexOf(a.gate) - gateNames.indexOf(b.gate)) };
}

/** One more ring before the last, between the shares of its neighbours. */
export function withRing(plan: RolloutPlan): RolloutPlan {
  const before = plan.rings.findLast((ring, place) => ring.kind === 'percent' && place < plan.rings.length - 1);
  const from = before?.kind === 'percent' ? before.percent : 0;
  const ring: RolloutRing = { kind: 'percent', percent: Math.round((from + 100) / 2), soakHours: 7 };
  return { ...plan, rings: plan.rings.toSpliced(Math.max(0, plan.rings.length - 1), 0, ring) };
}

export const withRingAt = (plan: RolloutPlan, place: number, ring: RolloutRing): RolloutPlan => ({
  ...plan,
  rings: changedAt(plan.rings, place, ring),
});

/** Everything that is wrong with a plan, in words with the place; numbers left empty are not numbers. */
export function planProblems(plan: RolloutPlan): string[] {
  const last = plan.rings.at(-1);
  const whole = last?.kind === 'percent' && last.percent === 100;
  return [
    ...plan.rings.flatMap((ring, place) =>
      ringProblems(ring, sharesBefore(plan, place)).map((words) => `Ring ${place + 1}: ${words}`),
    ),
    ...(whole ? [] : ['Rings: The last one must be everybody, 100 %.']),
    ...plan.gates.flatMap(({ tolerance }) =>
      isBetween(tolerance, 0, 1) ? [] : ['Gates: A tolerance is between 0 and 100 %.'],
    ),
    ...(Number.isInteger(plan.enough) && isBetween(plan.enough, 1, 100_000)
      ? []
      : ['Enough devices: Between 1 and 100,000.']),
    ...(isBetween(plan.patienceHours, 0, 2000) ? [] : ['Patience: Between 0 and 2,000 school hours.']),
  ];
}

function sharesBefore({ rings }: RolloutPlan, place: number): number {
  return Math.max(0, ...rings.slice(0, place).map((ring) => (ring.kind === 'percent' ? ring.percent : 0)));
}

function ringProblems(ring: RolloutRing, before: number): string[] {
  const soak = isBetween(ring.soakHours, 0, longestSoak) ? [] : [`Between 0 and ${longestSoak} school hours.`];
  if (ring.kind === 'group') return [...(ring.group === '' ? ['Choose a group.'] : []), ...soak];
  if (!isBetween(ring.percent, 0.1, 100)) return ['Between 0.1 and 100 %.', ...soak];
  return [...(ring.percent > before ? [] : ['It adds nobody: give it a greater share than the one before.']), ...soak];
}

const isBetween = (number: number, least: number, most: number) => number >= least && number <= most;
