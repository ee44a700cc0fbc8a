import type { Query, RequestBody, Response } from '../../shared/api/contract.ts';
import type { Routes } from '../../shared/api/routes.ts';
import type { TicketInput, TicketStatus, TicketSummary, TicketView } from '../../shared/api/schemas.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { Seen, Sight } from '../access/standing.ts';
import type { HelpdeskCaller, Page, Tickets } from '../services.ts';
import type { TicketRow } from '../store/tickets.ts';
import { timesBy } from './school-calendars.ts';
import { changeOf } from './ticket-changes.ts';
import type { TicketDesk, TicketPlace } from './ticket-desk.ts';
import { ticketSummary, ticketView } from './ticket-views.ts';
import { piecesOf, subjectOf } from './ticket-words.ts';

type Change = RequestBody<Routes['changeTicket']>;
type Note = RequestBody<Routes['noteTicket']>;

/** The queue and its tickets, as staff work on them. */
export class TicketService implements Tickets {
  readonly #desk: TicketDesk;

  constructor(desk: TicketDesk) {
    this.#desk = desk;
  }

  async list(query: Seen<Query<Routes['listTickets']>>, by: HelpdeskCaller): Promise<Page<TicketSummary>> {
    const { views, calendarOf, now } = await this.#desk.looking();
    const wanted = { ...query, ...meant(query.assignee, by) };
    const { rows, total, nextCursor } = await views.page(wanted);
    const timeOf = timesBy(calendarOf);
    return { items: rows.map((row) => ticketSummary(row, timeOf, now)), total, nextCursor };
  }

  async create(input: TicketInput, by: HelpdeskCaller): Promise<TicketView> {
    const [words = '', ...rest] = piecesOf(input.words ?? '');
    const ownPerson = input.deviceId === undefined ? (by.personId ?? null) : null;
    const { row } = await this.#desk.open({
      ...{ subject: subjectOf(input.subject, 'Without a subject'), words, more: rest },
      ...{ category: input.category, priority: input.priority ?? 'normal', source: 'console', by: by.actor },
      ...{ deviceId: input.deviceId ?? null, personId: input.personId ?? ownPerson, orgId: by.unit ?? null },
      isByStaff: true,
    });
    return await this.read(row.id, by.sight);
  }

  async read(id: string, sight?: Sight): Promise<TicketView> {
    const { views, calendarOf, settings, now } = await this.#desk.looking();
    const row = await views.one(id);
    if (!row) throw new CodedError('not-found', 'There is no such ticket.');
    return ticketView(row, {
      summary: ticketSummary(row, timesBy(calendarOf), now),
      notes: await views.notes(id),
      custody: await views.custodyOf(row.device_id, sight),
      related: await views.related(row, sight),
      fixes: settings.fixes,
    });
  }

  async change(id: string, change: Change, by: HelpdeskCaller): Promise<TicketView> {
    await this.#demandAssignee(change.assigneeId);
    const place = await this.#placeOf(id, change);
    await this.#desk.alter(id, by.actor, {
      version: change.version,
      isByPerson: true,
      decide: (ticket) => changeOf(ticket, change, place),
    });
    return await this.read(id, by.sight);
  }

  async note(id: string, { words, isToPerson, fixId }: Note, by: HelpdeskCaller): Promise<TicketView> {
    const { settings } = await this.#desk.looking();
    const fix = fixId === undefined ? undefined : settings.fixes.find((one) => one.id === fixId);
    if (fixId !== undefined && !fix)
      throw new CodedError('not-found', 'There is no such canned fix any more. Load the ticket again.');
    const [said = ''] = piecesOf(words);
    if (said === '') throw new CodedError('bad-request', 'Write a few words.');
    await this.#desk.alter(id, by.actor, {
      isByPerson: true,
      decide: (ticket) => ({
        ...(isToPerson && ticket.first_reply_at === null && { set: { first_reply_at: this.#desk.now() } }),
        ...{ status: statusAfterNote(ticket, isToPerson, fix?.resolves ?? false), say: { words: said, isToPerson } },
      }),
    });
    return await this.read(id, by.sight);
  }

  async technicians(): Promise<Response<Routes['listTechnicians']>> {
    return { items: await this.#desk.views.technicians() };
  }

  async #demandAssignee(id: string | null | undefined): Promise<void> {
    if (id === undefined || id === null) return;
    if (!(await this.#desk.views.technicians()).some((one) => one.id === id))
      throw new CodedError('bad-request', 'Nobody with this account can sign in. Choose somebody else.');
  }

  /** Where the ticket belongs when it is about another device or person; undefined: it stays. About nobody, it stays where it was. */
  async #placeOf(id: string, { deviceId, personId }: Change): Promise<TicketPlace | undefined> {
    if (deviceId === undefined && personId === undefined) return undefined;
    const ticket = await this.#desk.views.one(id);
    if (!ticket) throw new CodedError('not-found', 'There is no such ticket.');
    const device = deviceId === undefined ? ticket.device_id : deviceId;
    const person = personId === undefined ? ticket.person_id : personId;
    return await this.#desk.place({ deviceId: device, personId: person, orgId: ticket.org_id });
  }
}

/** Who writes to a person works on it; a fix that resolves closes the matter. */
function statusAfterNote({ status }: TicketRow, isToPerson: boolean, resolves: boolean): TicketStatus {
  if (isToPerson && resolves) return 'resolved';
  return (isToPerson && status === 'new' ? 'open' : status) as TicketStatus;
}

function meant(assignee: string | undefined, { staffId }: HelpdeskCaller): { assignee?: string } {
  if (assignee !== 'me') return {};
  if (staffId === undefined)
    throw new CodedError('bad-request', 'Only a signed-in member of staff has tickets of their own. Name an account.');
  return { assignee: staffId };
}
