import type { Query } from '../../shared/api/contract.ts';
import type { Routes } from '../../shared/api/routes.ts';
import type { RolloutSummary, RolloutView } from '../../shared/api/schemas.ts';
import type { RolloutAction } from '../../shared/policy/rollout.ts';
import type { RolloutPlan } from '../../shared/policy/rollout-plan.ts';
import type { Actor, Page } from '../services.ts';

/** `server/rollouts`: what is on its way to the devices in rings. */
export interface Rollouts {
  list(query: Query<Routes['listRollouts']>): Promise<Page<RolloutSummary>>;
  /** `not-found` when there is none. */
  read(id: string): Promise<RolloutView>;
  /** What a person decides; `conflict` when there is nothing of the kind to decide. */
  act(id: string, action: RolloutAction, reason: string, actor: Actor): Promise<RolloutView>;
  /** The ring of each of these devices under a plan, as `insertRollout` takes them. Held and revoked devices are absent. */
  rings(plan: RolloutPlan, deviceIds: readonly string[]): Promise<Map<string, number>>;
  /** Opens the first ring of what was just published. Where that fails it is done within a minute. */
  begin(id: string): Promise<void>;
}
