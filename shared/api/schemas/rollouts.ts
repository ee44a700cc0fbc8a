import Type from 'typebox';
import { gateNames, RolloutPlan, RolloutRing } from '../../policy/rollout-plan.ts';
import { choice, strictObject, text } from '../../schema.ts';
import { Id, Instant, Nullable } from '../contract.ts';

const Count = Type.Integer({ minimum: 0 });

export const rolloutStates = ['running', 'paused', 'halted', 'completed', 'rolled-back'] as const;

/** What one gate saw on the devices that have the new one, each beside itself before. */
export const GateView = strictObject({
  gate: choice(gateNames),
  title: text(100),
  /** Devices that could be compared. */
  asked: Count,
  /** Of those, bad before it came, and now. */
  before: Count,
  after: Count,
  /** Good before and bad now; bad before and good now. */
  worsened: Count,
  improved: Count,
  /** Devices still without it, and those of them that are bad now: what goes wrong there has another cause. */
  elsewhere: strictObject({ asked: Count, after: Count }),
  verdict: choice(['fine', 'watched', 'bad', 'no-evidence']),
  words: text(400),
});
export type GateView = Type.Static<typeof GateView>;

export const RolloutSummary = strictObject({
  id: Id,
  kind: choice(['policy', 'list', 'agent']),
  title: text(200),
  state: choice(rolloutStates),
  /** How many rings have it, of how many. */
  ring: Count,
  rings: Count,
  devices: Count,
  given: Count,
  startedAt: Instant,
  since: Instant,
  by: text(300),
  reason: Nullable(text(1000)),
  changeId: Nullable(Id),
});
export type RolloutSummary = Type.Static<typeof RolloutSummary>;

export const RolloutView = strictObject({
  rollout: RolloutSummary,
  plan: RolloutPlan,
  rings: Type.Array(
    strictObject({
      ring: RolloutRing,
      title: text(160),
      devices: Count,
      given: Count,
      /** Have reported since: it is in force, or it failed. Those that are offline leave the denominator. */
      verified: Count,
      failed: Count,
      offline: Count,
      openedAt: Nullable(Instant),
      /** School hours it has been watched, and has to be. */
      soakedHours: Type.Number(),
      soakHours: Type.Number(),
    }),
  ),
  /** When the next ring opens if all stays as it is; `null`: not, or it cannot be said. */
  nextAt: Nullable(Instant),
  nextWords: text(400),
  gates: Type.Array(GateView),
  /** Newest first; at most 200. */
  decisions: Type.Array(
    strictObject({
      at: Instant,
      by: text(300),
      from: choice([...rolloutStates, 'draft']),
      to: choice(rolloutStates),
      ring: Count,
      words: text(1000),
      gates: Type.Array(GateView),
    }),
  ),
});
export type RolloutView = Type.Static<typeof RolloutView>;
