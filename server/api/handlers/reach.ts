import { CodedError } from '../../../shared/errors/catalogue.ts';
import type { Selector } from '../../../shared/policy/selector.ts';
import { selectorProblems } from '../../../shared/policy/selector-problems.ts';
import type { Reach } from '../../profiles/reach.ts';
import type { Handlers } from '../register.ts';

type ReachRoutes = 'countReach' | 'listReach' | 'listProfileReach';

export function reachHandlers({ reach }: { reach: Reach }): Pick<Handlers, ReachRoutes> {
  return {
    countReach: async ({ body }) => {
      demandSound(body.selector);
      const [count] = await reach.counts([{ kind: 'rule', selector: body.selector }]);
      return count ?? { devices: 0, people: 0, unknown: 0 };
    },
    listReach: async ({ body, query }) => {
      demandSound(body.selector);
      return await reach.list(body.selector, query);
    },
    listProfileReach: ({ params, query }) => reach.ofProfile(params.id, query),
  };
}

/** Its form alone: whom a group means that is not there yet is answered with what is not known. */
function demandSound(selector: Selector): void {
  const { errors } = selectorProblems(selector);
  if (errors.length > 0) throw new CodedError('bad-request', undefined, errors);
}
