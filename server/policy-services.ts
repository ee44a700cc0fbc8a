import type { RolloutAction } from '../shared/policy/rollout.ts';
import { ApiTokenService } from './access/api-tokens.ts';
import type { ServiceBase } from './base.ts';
import { ChangeService } from './changes/change-service.ts';
import { itemProblems } from './changes/item-problems.ts';
import type { ChangePreviews } from './changes/previews.ts';
import { DistrictPublishing } from './changes/publishing.ts';
import { RareEvents } from './devices/rare-events.ts';
import { GroupService } from './groups/group-service.ts';
import type { Reach } from './profiles/reach.ts';
import { RolloutService } from './rollouts/rollout-service.ts';
import { usualSendLimits, webhookSender } from './webhooks/send.ts';
import { WebhookService } from './webhooks/webhooks.ts';

interface PolicyBase extends ServiceBase {
  previews: ChangePreviews;
  reach: Reach;
  /** Resolves when every device's desired state follows what was published so far. */
  settled: () => Promise<void>;
  /** Before a person’s word on a list on its way is followed. */
  prepareList: (category: string, action: RolloutAction) => Promise<void>;
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
