import type { ticketRoutes } from '../../../shared/api/routes/tickets.ts';
import { CodedError } from '../../../shared/errors/catalogue.ts';
import type { HelpdeskCaller, Services } from '../../services.ts';
import type { Caller } from '../guard.ts';
import type { Handlers } from '../register.ts';

type Parts = Pick<Services, 'tickets' | 'intake' | 'helpdeskSettings' | 'helpdeskMail'>;

/** The helpdesk's queue and its settings. */
export function ticketHandlers(services: Parts): Pick<Handlers, keyof typeof ticketRoutes> {
  const { tickets, intake, helpdeskSettings, helpdeskMail } = services;
  return {
    listTickets: ({ query, caller }) => tickets.list(query, workerOf(caller)),
    createTicket: ({ body, caller }) => tickets.create(body, workerOf(caller)),
    readTicket: ({ params }) => tickets.read(params.id),
    changeTicket: ({ params, body, caller }) => tickets.change(params.id, body, workerOf(caller)),
    noteTicket: ({ params, body, caller }) => tickets.note(params.id, body, workerOf(caller)),
    listTechnicians: () => tickets.technicians(),
    intakeTicket: ({ body, caller }) => intake.take(body, caller.actor),
    readHelpdeskSettings: () => helpdeskSettings.read(),
    saveHelpdeskSettings: ({ body, caller }) => helpdeskSettings.save(body, caller.actor),
    testHelpdeskMail: async ({ caller }) => {
      if (!caller.staff)
        throw new CodedError('bad-request', 'Only a signed-in member of staff has an address to write to.');
      await helpdeskMail.test(caller.staff.email);
      return { done: true };
    },
  };
}

const workerOf = ({ actor, staff }: Caller): HelpdeskCaller => ({ actor, staffId: staff?.id });
