import type { changeRoutes } from '../../../shared/api/routes/changes.ts';
import type { ChangePreviews } from '../../profiles/change-previews.ts';
import type { Services } from '../../services.ts';
import { authorOf } from '../author.ts';
import type { Handlers } from '../register.ts';

export function changeHandlers({
  changes,
  publishing,
  previews,
}: Pick<Services, 'changes' | 'publishing'> & { previews: ChangePreviews }): Pick<Handlers, keyof typeof changeRoutes> {
  return {
    previewChange: async ({ body, gone }) => (await previews.of(body.items, gone)).preview,
    listPreviewDevices: ({ params, query }) => previews.devices(params.id, query),
    proposeChange: ({ body, caller }) => changes.propose(body, authorOf(caller)),
    listChanges: ({ query, caller }) => changes.list(query, authorOf(caller)),
    readChange: ({ params, caller }) => changes.read(params.id, authorOf(caller)),
    refreshChange: ({ params, caller }) => changes.refresh(params.id, authorOf(caller)),
    commentChange: ({ params, body, caller }) => changes.comment(params.id, body.words, authorOf(caller)),
    decideChange: ({ params, body, caller }) => changes.decide(params.id, body, authorOf(caller)),
    scheduleChange: ({ params, body, caller }) => changes.schedule(params.id, body.publishAt, authorOf(caller)),
    publishChange: ({ params, body, caller }) => changes.publish(params.id, body.despiteFreeze, authorOf(caller)),
    withdrawChange: ({ params, caller }) => changes.withdraw(params.id, authorOf(caller)),
    diffRevisions: ({ params, query }) => changes.diff(params.id, query),
    returnToRevision: ({ params, body, caller }) => changes.returnTo(params.id, body, authorOf(caller)),
    readPublishing: () => publishing.read(),
    savePublishing: ({ body, caller }) => publishing.save(body.settings, body.version, authorOf(caller)),
  };
}
