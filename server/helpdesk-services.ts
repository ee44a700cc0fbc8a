import type { ServiceBase } from './base.ts';
import { AutomaticTickets } from './helpdesk/automatic.ts';
import { DeviceTickets } from './helpdesk/device-tickets.ts';
import { HelpRequests } from './helpdesk/help-requests.ts';
import { IntakeService } from './helpdesk/intake.ts';
import { MailService } from './helpdesk/mail.ts';
import { smtpSender } from './helpdesk/mail-transport.ts';
import { DistrictHelpdeskSettings } from './helpdesk/settings.ts';
import { TicketClocks } from './helpdesk/ticket-clocks.ts';
import { TicketDesk } from './helpdesk/ticket-desk.ts';
import { TicketService } from './helpdesk/ticket-service.ts';
import type { Metrics } from './metrics.ts';

interface HelpdeskBase extends ServiceBase {
  metrics: Metrics;
}

/** Tickets, their clocks, and mail about them. */
export function createHelpdeskServices({ stores, config, failed, ...parts }: HelpdeskBase) {
  const { district } = config;
  const settings = new DistrictHelpdeskSettings({ documents: stores.documents, ...parts });
  const desk = new TicketDesk({ stores, settings, district, ...parts });
  const deskAt = (at: number) => new TicketDesk({ stores, settings, district, ...parts, clock: { now: () => at } });
  return {
    helpdeskSettings: settings,
    tickets: new TicketService(desk),
    /** For samples with a past. */
    ticketsAt: (at: number) => new TicketService(deskAt(at)),
    intake: new IntakeService({ desk, senders: stores.ticketSenders }),
    ticketClocks: new TicketClocks({ stores, desk, ...parts, onError: failed('tickets could not be looked after') }),
    helpRequests: new HelpRequests({
      stores,
      desk,
      ...parts,
      onError: failed('requests for help could not be taken up'),
    }),
    automaticTickets: new AutomaticTickets({
      ...{ stores, settings, desk, ...parts },
      onError: failed('tickets could not be opened by themselves'),
    }),
    deviceTickets: new DeviceTickets({ stores, ...parts }),
    helpdeskMail: new MailService({
      ...{ store: stores.mailOutbox, settings, send: smtpSender(), district, ...parts },
      onError: failed('mail could not be looked after'),
    }),
  };
}
