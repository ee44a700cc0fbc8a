import Type from 'typebox';
import { choice, strictObject, text } from '../schema.ts';

/** What is watched on the devices that have the new one, each beside the same device before it came. */
export const gateNames = [
  'failed-sections',
  'lost-check-ins',
  'agent-crashes',
  'agent-cpu',
  'agent-memory',
  'filter-probes',
  'boot-time',
  'unblock-requests',
  'help-tickets',
] as const;
export type GateName = (typeof gateNames)[number];

const SoakHours = Type.Number({ minimum: 0, maximum: 400, description: 'school hours' });

/** Who is given it together. Every ring holds those before it; the last should be everybody. */
export const RolloutRing = Type.Union([
  strictObject({ kind: Type.Literal('group'), group: text(120, { minLength: 1 }), soakHours: SoakHours }),
  strictObject({
    kind: Type.Literal('percent'),
    percent: Type.Number({ minimum: 0.1, maximum: 100 }),
    soakHours: SoakHours,
  }),
]);
export type RolloutRing = Type.Static<typeof RolloutRing>;

export const RolloutPlan = strictObject({
  rings: Type.Array(RolloutRing, { minItems: 1, maxItems: 12 }),
  gates: Type.Array(
    strictObject({
      gate: choice(gateNames),
      /** So many more of them may be worse than before: 0.05 is five in a hundred. */
      tolerance: Type.Number({ minimum: 0, maximum: 1 }),
    }),
    { maxItems: gateNames.length },
  ),
  /** Devices that must have answered before a ring counts as watched; fewer when fewer can answer. */
  enough: Type.Integer({ minimum: 1, maximum: 100_000 }),
  /** School hours after the soak in which too few answers, none of them bad, are waited for. */
  patienceHours: Type.Number({ minimum: 0, maximum: 2000 }),
  /** After that it waits for a person, or goes on all the same. */
  whenSilent: choice(['pause', 'go-on']),
  /** What a halt does: delivery stops, or those who have it are also given the earlier one again. */
  onHalt: choice(['hold', 'return']),
});
export type RolloutPlan = Type.Static<typeof RolloutPlan>;

/**
 * What a district starts with: five school days pass before it leaves the tenth, so that what breaks on one weekday alone is
 * seen there; and one in twenty waits to the end, so that there is always somebody to compare with.
 */
export const usualPlan: RolloutPlan = {
  rings: [
    { kind: 'percent', percent: 1, soakHours: 7 },
    { kind: 'percent', percent: 10, soakHours: 28 },
    { kind: 'percent', percent: 50, soakHours: 7 },
    { kind: 'percent', percent: 95, soakHours: 7 },
    { kind: 'percent', percent: 100, soakHours: 0 },
  ],
  gates: gateNames.map((gate) => ({ gate, tolerance: 0.02 })),
  enough: 20,
  patienceHours: 21,
  whenSilent: 'pause',
  onHalt: 'return',
};
