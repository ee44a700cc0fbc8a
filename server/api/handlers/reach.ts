import type { Reach } from '../../profiles/reach.ts';
import type { Handlers } from '../register.ts';

type ReachRoutes = 'countReach' | 'listReach' | 'listProfileReach';

export function reachHandlers({ reach }: { reach: Reach }): Pick<Handlers, ReachRoutes> {
  return {
    countReach: async ({ body }) => {
      const [count] = await reach.counts([{ kind: 'rule', selector: body.selector }]);
      return count ?? { devices: 0, people: 0, unknown: 0 };
    },
    listReach: ({ body, query }) => reach.list(body.selector, query),
    listProfileReach: ({ params, query }) => reach.ofProfile(params.id, query),
  };
}
