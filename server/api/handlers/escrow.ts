import { CodedError } from '../../../shared/errors/catalogue.ts';
import type { Services, StaffPerson } from '../../services.ts';
import type { Caller } from '../guard.ts';
import type { Handlers } from '../register.ts';

type EscrowRoutes =
  | 'readEscrow'
  | 'replaceEscrowKey'
  | 'listRecoveryKeys'
  | 'askForRecoveryKey'
  | 'listRecoveryRequests'
  | 'decideRecoveryRequest'
  | 'showRecoveryKey';

export function escrowHandlers({ escrow, recovery }: Services): Pick<Handlers, EscrowRoutes> {
  return {
    readEscrow: () => escrow.read(),
    replaceEscrowKey: ({ body, caller }) => escrow.replace(body, demandPerson(caller)),
    listRecoveryKeys: async ({ params, caller }) => ({
      items: await recovery.keysOfDevice(params.id, personOf(caller)),
    }),
    askForRecoveryKey: ({ params, body, caller }) => recovery.ask(params.id, body.reason, demandPerson(caller)),
    listRecoveryRequests: ({ query, caller }) => recovery.requests({ ...query, sight: caller.sight }, personOf(caller)),
    decideRecoveryRequest: ({ params, body, caller }) => recovery.decide(params.id, body, demandPerson(caller)),
    showRecoveryKey: ({ params, caller }) => recovery.show(params.id, demandPerson(caller)),
  };
}

/** The command line is no person: it could be either of the two. */
function demandPerson(caller: Caller): StaffPerson {
  const person = personOf(caller);
  if (person) return person;
  throw new CodedError('forbidden', 'Only somebody who is signed in to the console may do this.');
}

function personOf({ staff, actor }: Caller): StaffPerson | undefined {
  return staff && { id: staff.id, actor };
}
