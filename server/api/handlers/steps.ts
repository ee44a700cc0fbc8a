import type { Services } from '../../services.ts';
import type { Handlers } from '../register.ts';

type StepRoutes =
  | 'listRestrictions'
  | 'readRestrictionHold'
  | 'decideRestrictionHold'
  | 'listObligations'
  | 'previewObligations'
  | 'createObligations'
  | 'meetObligation'
  | 'cancelObligation'
  | 'importSignatures';

/** What follows a failure that lasts, and what people owe. */
export function stepHandlers({ restrictions, obligations }: Services): Pick<Handlers, StepRoutes> {
  return {
    listRestrictions: ({ query, caller: { sight } }) => restrictions.list({ ...query, sight }),
    readRestrictionHold: () => restrictions.hold(),
    decideRestrictionHold: ({ body, caller }) => restrictions.decideHold(body, caller.actor),
    listObligations: ({ query, caller: { sight } }) => obligations.list({ ...query, sight }),
    previewObligations: ({ body }) => obligations.preview(body),
    createObligations: ({ body, caller }) => obligations.create(body, caller.actor),
    meetObligation: ({ params, caller }) => obligations.meet(params.id, caller.actor),
    cancelObligation: ({ params, body, caller }) => obligations.cancel(params.id, body.reason, caller.actor),
    importSignatures: ({ query, bytes, caller }) => obligations.importSignatures(bytes, query, caller.actor),
  };
}
