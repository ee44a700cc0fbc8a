import type { commandRoutes } from '../../../shared/api/routes/commands.ts';
import { CodedError } from '../../../shared/errors/catalogue.ts';
import type { Approvals, Approvers, CommandService, Giver, Scripts } from '../../command-service-types.ts';
import type { StaffPerson } from '../../services.ts';
import type { Caller } from '../guard.ts';
import type { Handlers } from '../register.ts';

interface Parts {
  commands: CommandService;
  approvals: Approvals;
  approvers: Approvers;
  scripts: Scripts;
}

/** What devices are told to do. What two must sign is asked for, and signed, by people alone. */
export function commandHandlers(parts: Parts): Pick<Handlers, keyof typeof commandRoutes> {
  const { commands, approvals, approvers, scripts } = parts;
  return {
    previewCommand: ({ body, caller }) => commands.preview(body, giverOf(caller)),
    createCommand: ({ body, caller }) => commands.create(body, giverOf(caller)),
    listCommands: ({ query, caller }) => commands.list(query, caller.sight),
    readCommand: ({ params }) => commands.read(params.id),
    listCommandDevices: ({ params, query }) => commands.devices(params.id, query),
    withdrawCommand: ({ params, caller }) => commands.withdraw(params.id, giverOf(caller)),
    listApprovals: ({ query, caller }) => approvals.list(query, personOf(caller), caller.sight),
    readApproval: ({ params, caller }) => approvals.read(params.id, personOf(caller)),
    signApproval: ({ params, body, caller }) => approvals.sign(params.id, body.assertion, demandPerson(caller)),
    rejectApproval: ({ params, body, caller }) => approvals.reject(params.id, body.reason, demandPerson(caller)),
    readApprovers: () => approvers.read(),
    proposeApprovers: ({ body, caller }) => approvers.propose(body.staffIds, body.reason, demandPerson(caller)),
    listScripts: async () => ({ items: await scripts.list() }),
    createScript: ({ body, caller }) => scripts.create(body, caller.actor),
    saveScript: ({ params, body, caller }) => scripts.save(params.id, body, caller.actor),
    publishScript: ({ params, body, caller }) => scripts.publish(params.id, body.reason, demandPerson(caller)),
    deleteScript: async ({ params, caller }) => {
      await scripts.withdraw(params.id, caller.actor);
      return { done: true };
    },
  };
}

function giverOf(caller: Caller): Giver {
  return { actor: caller.actor, person: personOf(caller) };
}

function personOf({ staff, actor }: Caller): StaffPerson | undefined {
  return staff && { id: staff.id, actor };
}

/** The command line and programs are no person who could sign. */
function demandPerson(caller: Caller): StaffPerson {
  const person = personOf(caller);
  if (person) return person;
  throw new CodedError('forbidden', 'Only somebody who is signed in to the console may do this.');
}
