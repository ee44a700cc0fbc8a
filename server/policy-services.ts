import type { Clock, Random } from '../shared/clock.ts';
import { ApiTokenService } from './access/api-tokens.ts';
import type { Bus } from './bus.ts';
import { RareEvents } from './devices/rare-events.ts';
import type { EventLog } from './services.ts';
import type { Stores } from './store/stores.ts';

/** What the services of policy at scale stand on. */
export interface PolicyBase {
  stores: Stores;
  events: EventLog;
  bus: Bus;
  clock: Clock;
  random: Random;
}

/** Groups, changes, rollouts and the interface for programs. */
export function createPolicyServices({ stores, ...parts }: PolicyBase) {
  const refusals = new RareEvents(parts.events, parts.clock);
  return {
    apiTokens: new ApiTokenService({ store: stores.apiTokens, refusals, ...parts }),
  };
}
