import type { rolloutRoutes } from '../../../shared/api/routes/rollouts.ts';
import type { Rollouts } from '../../rollouts/rollouts.ts';
import type { Handlers } from '../register.ts';

export function rolloutHandlers({ rollouts }: { rollouts: Rollouts }): Pick<Handlers, keyof typeof rolloutRoutes> {
  return {
    listRollouts: ({ query }) => rollouts.list(query),
    readRollout: ({ params }) => rollouts.read(params.id),
    actOnRollout: ({ params, body, caller }) => rollouts.act(params.id, body.action, body.reason, caller.actor),
  };
}
