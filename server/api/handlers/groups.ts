import type { Services } from '../../services.ts';
import type { Handlers } from '../register.ts';

type GroupRoutes =
  | 'listGroups'
  | 'createGroup'
  | 'readGroup'
  | 'saveGroupDraft'
  | 'discardGroupDraft'
  | 'importGroupList'
  | 'deleteGroup';

export function groupHandlers({ groups }: Pick<Services, 'groups'>): Pick<Handlers, GroupRoutes> {
  return {
    listGroups: async () => ({ items: await groups.list() }),
    createGroup: ({ body, caller }) => groups.create(body, caller.actor),
    readGroup: ({ params }) => groups.read(params.id),
    saveGroupDraft: ({ params, body, caller }) => groups.saveDraft(params.id, body.content, body.version, caller.actor),
    discardGroupDraft: ({ params, caller }) => groups.discardDraft(params.id, caller.actor),
    importGroupList: ({ params, bytes, caller }) => groups.importList(params.id, bytes, caller.actor),
    deleteGroup: async ({ params, caller }) => {
      await groups.delete(params.id, caller.actor);
      return { done: true as const };
    },
  };
}
