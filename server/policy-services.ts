import type { Clock, Random } from '../shared/clock.ts';
import type { RolloutAction } from '../shared/policy/rollout.ts';
import { ApiTokenService } from './access/api-tokens.ts';
import type { Bus } from './bus.ts';
import { ChangeService } from './changes/change-service.ts';
import { itemProblems } from './changes/item-problems.ts';
import type { ChangePreviews } from './changes/previews.ts';
import { DistrictPublishing } from './changes/publishing.ts';
import type { Config } from './config.ts';
import { RareEvents } from './devices/rare-events.ts';
import { GroupService } from './groups/group-service.ts';
import type { Reach } from './profiles/reach.ts';
import { RolloutService } from './rollouts/rollout-service.ts';
import type { EventLog } from './services.ts';
import type { Stores } from './store/stores.ts';
import { usualSendLimits, webhookSender } from './webhooks/send.ts';
import { WebhookService } from './webhooks/webhooks.ts';

/** What the services of policy at scale stand on. */
export interface PolicyBase {
  stores: Stores;
  events: EventLog;
  bus: Bus;
  clock: Clock;
  random: Random;
  config: Config;
  previews: ChangePreviews;
  reach: Reach;
  isConnected: (deviceId: string) => boolean;
  /** Resolves when every device's desired state follows what was published so far. */
  settled: () => Promise<void>;
  /** Before a person’s word on a list on its way is followed. */
  prepareList: (category: string, action: RolloutAction) => Promise<void>;
  failed: (what: string) => (error: unknown) => void;
}

/** Groups, changes, rollouts and the interface for programs. */
export function createPolicyServices({
  stores,
  config,
  failed,
  settled,
  previews,
  reach,
  prepareList,
  ...parts
}: PolicyBase) {
  const refusals = new RareEvents(parts.events, parts.clock);
  const allowPrivate = config.privateWebhooks;
  return {
    changes: new ChangeService({
      ...{ stores, previews, problemsOf: itemProblems(stores), ...parts },
      onError: failed('changes could not be published when they were due'),
    }),
    publishing: new DistrictPublishing({ stores, ...parts }),
    groups: new GroupService({ stores, count: (contents) => reach.counts(contents), ...parts }),
    rollouts: new RolloutService({
      ...{ stores, settled, prepareList, ...parts },
      onError: failed('rollouts could not be looked after'),
    }),
    apiTokens: new ApiTokenService({ store: stores.apiTokens, refusals, ...parts }),
    webhooks: new WebhookService({
      ...{ stores: stores.webhooks, allowPrivate, send: webhookSender({ ...usualSendLimits, allowPrivate }), ...parts },
      onError: failed('webhooks could not be looked after'),
    }),
  };
}
