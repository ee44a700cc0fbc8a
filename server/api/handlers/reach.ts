import type { ChangePreviews } from '../../profiles/change-previews.ts';
import type { Reach } from '../../profiles/reach.ts';
import type { Handlers } from '../register.ts';

type ReachRoutes = 'countReach' | 'listReach' | 'listProfileReach' | 'previewChange' | 'listPreviewDevices';

export function reachHandlers({
  reach,
  previews,
}: {
  reach: Reach;
  previews: ChangePreviews;
}): Pick<Handlers, ReachRoutes> {
  return {
    countReach: async ({ body }) => {
      const [count] = await reach.counts([{ kind: 'rule', selector: body.selector }]);
      return count ?? { devices: 0, people: 0, unknown: 0 };
    },
    listReach: ({ body, query }) => reach.list(body.selector, query),
    listProfileReach: ({ params, query }) => reach.ofProfile(params.id, query),
    previewChange: async ({ body, gone }) => (await previews.of(body.items, gone)).preview,
    listPreviewDevices: ({ params, query }) => previews.devices(params.id, query),
  };
}
