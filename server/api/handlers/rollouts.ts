import type { rolloutRoutes } from '../../../shared/api/routes/rollouts.ts';
import { demandPerson } from '../../changes/authors.ts';
import type { Rollouts } from '../../rollouts/rollouts.ts';
import { authorOf } from '../author.ts';
import type { Handlers } from '../register.ts';

/** A program may stop, pause and take back; what gives it to more devices than the gates let through is for a person to say. */
export function rolloutHandlers({ rollouts }: { rollouts: Rollouts }): Pick<Handlers, keyof typeof rolloutRoutes> {
  return {
    listRollouts: ({ query }) => rollouts.list(query),
    readRollout: ({ params }) => rollouts.read(params.id),
    actOnRollout: ({ params, body, caller }) => {
      if (body.action === 'finish' || body.action === 'resume') demandPerson(authorOf(caller));
      return rollouts.act(params.id, body.action, body.reason, caller.actor);
    },
  };
}
