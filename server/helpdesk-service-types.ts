import type { Query, RequestBody, Response } from '../shared/api/contract.ts';
import type { Routes } from '../shared/api/routes.ts';
import type { HelpdeskSettings, TicketInput, TicketSummary, TicketView } from '../shared/api/schemas.ts';
import type { Seen, Sight } from './access/standing.ts';
import type { Actor, Page } from './services.ts';

/** Who works on tickets; `staffId` where it is a signed-in member of staff. */
export interface HelpdeskCaller {
  actor: Actor;
  staffId?: string | undefined;
  /** The unit and the person of what they open about nothing; absent: the district, and nobody. */
  unit?: string | undefined;
  personId?: string | undefined;
  /** What else is told with a ticket is cut to this; absent: nothing is. */
  sight?: Sight | undefined;
}

/** `server/helpdesk`: the queue and its tickets. */
export interface Tickets {
  /** `me` in the query needs a member of staff. */
  list(query: Seen<Query<Routes['listTickets']>>, by: HelpdeskCaller): Promise<Page<TicketSummary>>;
  create(input: TicketInput, by: HelpdeskCaller): Promise<TicketView>;
  read(id: string, sight?: Sight): Promise<TicketView>;
  change(id: string, change: RequestBody<Routes['changeTicket']>, by: HelpdeskCaller): Promise<TicketView>;
  note(id: string, note: RequestBody<Routes['noteTicket']>, by: HelpdeskCaller): Promise<TicketView>;
  technicians(): Promise<Response<Routes['listTechnicians']>>;
}

/** `server/helpdesk`: tickets from other systems. */
export interface TicketIntake {
  take(wanted: RequestBody<Routes['intakeTicket']>, by: Actor): Promise<Response<Routes['intakeTicket']>>;
}

/** `server/helpdesk`: what the district decides for its helpdesk. */
export interface HelpdeskSettingsService {
  read(): Promise<HelpdeskSettings>;
  save(settings: HelpdeskSettings, by: Actor): Promise<HelpdeskSettings>;
}

/** `server/helpdesk`: status by e-mail. */
export interface HelpdeskMail {
  /** Sends one message now; throws `mail-refused` with what the mail server said. */
  test(recipient: string): Promise<void>;
}
