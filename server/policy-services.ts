import type { Clock, Random } from '../shared/clock.ts';
import { ApiTokenService } from './access/api-tokens.ts';
import type { Bus } from './bus.ts';
import { RareEvents } from './devices/rare-events.ts';
import { RolloutService } from './rollouts/rollout-service.ts';
import type { EventLog } from './services.ts';
import type { Stores } from './store/stores.ts';

/** What the services of policy at scale stand on. */
export interface PolicyBase {
  stores: Stores;
  events: EventLog;
  bus: Bus;
  clock: Clock;
  random: Random;
  isConnected: (deviceId: string) => boolean;
  /** Resolves when every device's desired state follows what was published so far. */
  settled: () => Promise<void>;
  failed: (what: string) => (error: unknown) => void;
}

/** Groups, changes, rollouts and the interface for programs. */
export function createPolicyServices({ stores, failed, settled, ...parts }: PolicyBase) {
  const refusals = new RareEvents(parts.events, parts.clock);
  return {
    rollouts: new RolloutService({ stores, settled, ...parts, onError: failed('rollouts could not be looked after') }),
    apiTokens: new ApiTokenService({ store: stores.apiTokens, refusals, ...parts }),
  };
}
