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
    listTickets: ({ query, caller }) => tickets.list({ ...query, sight: caller.sight }, workerOf(caller)),
    createTicket: ({ body, caller }) => tickets.create(body, workerOf(caller)),
    readTicket: ({ params, caller }) => tickets.read(params.id, caller.sight),
    changeTicket: ({ params, body, caller }) => tickets.change(params.id, body, workerOf(caller)),
    noteTicket: ({ params, body, caller }) => {
      if ((body.isToPerson || body.fixId !== undefined) && !caller.standing.sight('tickets:work'))
        throw new CodedError('forbidden', 'Only those who work on tickets write to its person. Write a note for them.');
      return tickets.note(params.id, body, workerOf(caller));
    },
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

/** What is opened about nothing belongs to the unit of whoever opens it; a teacher's is about the teacher. */
function workerOf({ actor, staff, standing, sight }: Caller): HelpdeskCaller {
  const units = standing.sight('any')?.orgs ?? 'all';
  return {
    actor,
    staffId: staff?.id,
    unit: units === 'all' ? undefined : units[0],
    personId: sight.own?.selfId,
    sight,
  };
}
