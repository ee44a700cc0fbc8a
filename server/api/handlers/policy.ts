import type { ImportOptions, Services } from '../../services.ts';
import { authorOf } from '../author.ts';
import type { Handlers } from '../register.ts';

type PolicyRoutes =
  | 'listProfiles'
  | 'createProfile'
  | 'readProfile'
  | 'saveDraft'
  | 'discardDraft'
  | 'previewProfile'
  | 'publishProfile'
  | 'applyProfile'
  | 'readLanding'
  | 'importOneRoster'
  | 'importPeople';

export function policyHandlers({ profiles, rosters }: Services): Pick<Handlers, PolicyRoutes> {
  return {
    listProfiles: async () => ({ items: await profiles.list() }),
    createProfile: ({ body, caller }) => profiles.create(body.name, body.description, caller.actor),
    readProfile: ({ params }) => profiles.read(params.id),
    saveDraft: ({ params, body, caller }) => profiles.saveDraft(params.id, body.content, body.version, caller.actor),
    discardDraft: ({ params, caller }) => profiles.discardDraft(params.id, caller.actor),
    previewProfile: ({ params, body }) => profiles.preview(params.id, body.content),
    publishProfile: ({ params, body, caller }) =>
      profiles.publish(params.id, body.version, body.note, authorOf(caller)),
    applyProfile: async ({ body, caller }) => ({ result: await profiles.applyDocument(body, authorOf(caller)) }),
    readLanding: ({ params }) => profiles.landing(params.id),
    importOneRoster: ({ query, bytes, caller }) => rosters.importOneRoster({ bytes }, optionsOf(query), caller.actor),
    importPeople: ({ query, bytes, caller }) => rosters.importPeople({ bytes }, optionsOf(query), caller.actor),
  };
}

/** Strict, for real, and with the brake on, unless said otherwise. */
function optionsOf(query: Partial<ImportOptions>): ImportOptions {
  return { mode: query.mode ?? 'strict', dryRun: query.dryRun ?? false, confirm: query.confirm ?? false };
}
