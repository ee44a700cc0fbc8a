import Type from 'typebox';
import { choice, strictObject, text } from '../../schema.ts';
import { Done, Id, IdParams, PageQuery, page, route } from '../contract.ts';
import {
  HelpdeskSettings,
  TicketChange,
  TicketInput,
  TicketSummary,
  TicketView,
  ticketCategories,
  ticketPriorities,
  ticketStatuses,
} from '../schemas.ts';

const Named = strictObject({ id: Id, name: text(400) });

/** The helpdesk's queue. */
export const ticketRoutes = {
  listTickets: route('GET', '/api/tickets', {
    summary: 'The queue: what is due first comes first; those that are over, newest first',
    query: strictObject({
      ...PageQuery,
      /** `unsolved`: new, open or waiting. Absent: `unsolved`. */
      status: Type.Optional(choice(['unsolved', ...ticketStatuses, 'all'])),
      category: Type.Optional(choice(ticketCategories)),
      priority: Type.Optional(choice(ticketPriorities)),
      /** An account's id, `me` or `nobody`. */
      assignee: Type.Optional(text(64)),
      device: Type.Optional(Id),
      person: Type.Optional(Id),
      org: Type.Optional(Id),
      search: Type.Optional(text(100)),
    }),
    response: page(TicketSummary),
  }),
  createTicket: route('POST', '/api/tickets', {
    summary: 'Open a ticket about a device, a person or both',
    body: TicketInput,
    response: TicketView,
  }),
  readTicket: route('GET', '/api/tickets/:id', {
    summary: 'One ticket with its notes',
    params: IdParams,
    response: TicketView,
  }),
  changeTicket: route('PUT', '/api/tickets/:id', {
    summary: 'Assign, sort, solve or close a ticket',
    params: IdParams,
    body: TicketChange,
    response: TicketView,
  }),
  noteTicket: route('POST', '/api/tickets/:id/notes', {
    summary: 'Add a note for staff, or write to the person',
    params: IdParams,
    body: strictObject({
      words: text(4000, { minLength: 1 }),
      isToPerson: Type.Boolean(),
      /** A canned fix that was sent; one that resolves closes the matter. */
      fixId: Type.Optional(Id),
    }),
    response: TicketView,
  }),
  listTechnicians: route('GET', '/api/technicians', {
    summary: 'Those a ticket may be given to',
    response: strictObject({ items: Type.Array(Named) }),
  }),
  intakeTicket: route('POST', '/api/intake/tickets', {
    summary: 'A ticket from another system, such as a form or a mail gateway; the same `reference` opens it once',
    body: strictObject({
      reference: text(200, { minLength: 1 }),
      subject: text(200, { minLength: 1 }),
      words: text(20_000),
      /** Of the sender: the person is found by it. Nobody has it: the ticket stands without a person. */
      email: Type.Optional(text(255)),
      /** Serial number or name of a device. */
      device: Type.Optional(text(100)),
      category: Type.Optional(choice(ticketCategories)),
    }),
    response: strictObject({ id: Id, number: Type.Integer(), isNew: Type.Boolean() }),
  }),
  readHelpdeskSettings: route('GET', '/api/helpdesk/settings', {
    summary: 'Service levels, automatic tickets, mail and canned fixes',
    response: HelpdeskSettings,
  }),
  saveHelpdeskSettings: route('PUT', '/api/helpdesk/settings', {
    summary: 'Change service levels, automatic tickets, mail and canned fixes',
    body: HelpdeskSettings,
    response: HelpdeskSettings,
    secret: true,
  }),
  testHelpdeskMail: route('POST', '/api/helpdesk/settings/mail-test', {
    summary: 'Send one message to yourself with the saved settings',
    response: Done,
  }),
} as const;
