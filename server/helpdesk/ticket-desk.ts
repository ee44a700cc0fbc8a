import type { HelpdeskSettings, TicketCategory, TicketPriority, TicketStatus } from '../../shared/api/schemas.ts';
import type { Clock, Random } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { TicketStep } from '../../shared/helpdesk/service-clock.ts';
import type { Bus } from '../bus.ts';
import type { Metrics } from '../metrics.ts';
import type { Actor, EventLog } from '../services.ts';
import type { CalendarStore } from '../store/calendars.ts';
import type { CustodyStore } from '../store/custody.ts';
import type { DeviceStore } from '../store/devices.ts';
import type { PeopleStore } from '../store/people.ts';
import type { NewMail, NewNote, NewTicket, TicketAlteration, TicketRow, TicketStore } from '../store/tickets.ts';
import type { TicketsView, TicketWithNames } from '../store/views/tickets.ts';
import { type CalendarOf, readCalendarOf } from './school-calendars.ts';
import type { DistrictHelpdeskSettings } from './settings.ts';
import { altered, counted, promisedFor, type Timing } from './ticket-alteration.ts';
import { changeWords } from './ticket-changes.ts';
import { type MailOccasion, ticketMail } from './ticket-mail.ts';
import { emailOf } from './ticket-views.ts';
import { categoryWords } from './ticket-words.ts';

export interface TicketDeskParts {
  stores: {
    tickets: TicketStore;
    ticketViews: TicketsView;
    calendars: CalendarStore;
    people: PeopleStore;
    devices: DeviceStore;
    custody: CustodyStore;
  };
  settings: DistrictHelpdeskSettings;
  /** Of the district, as mail is signed. */
  district: string;
  events: EventLog;
  bus: Bus;
  clock: Pick<Clock, 'now'>;
  random: Random;
  metrics: Pick<Metrics, 'ticketsOpened'>;
}

export type TicketPlace = Pick<TicketRow, 'device_id' | 'person_id' | 'org_id' | 'custody_id'>;

/** A ticket as somebody or something opens it. */
export interface Opening {
  subject: string;
  words: string;
  /** Of a long report, what did not fit into `words`. */
  more?: readonly string[];
  category: TicketCategory;
  priority: TicketPriority;
  source: TicketRow['source'];
  by: Actor;
  deviceId: string | null;
  personId: string | null;
  /** Where nobody's; absent: of the person or of who holds the device. */
  orgId?: string | null;
  /** Of a sender the roster does not know. */
  email?: string | null;
  cause?: string;
  reference?: string;
  /** Staff opened it: the person need not be told that it arrived. */
  isByStaff?: boolean;
  /** False: it is not for whoever holds the device, but for nobody known. */
  isForHolder?: boolean;
}

/** What is wanted of a ticket as it is now. */
export interface Wanted {
  set?: Partial<Omit<TicketRow, 'id' | 'number' | 'version' | 'status'>>;
  status?: TicketStatus;
  say?: { words: string; more?: readonly string[]; isToPerson?: boolean; isFromPerson?: boolean };
  reference?: string;
}

export interface Altering {
  version?: number;
  /** A person did it, not the server by itself. */
  isByPerson: boolean;
  decide: (ticket: TicketRow) => Wanted | undefined;
}

/** Opens and alters tickets, whole: with clocks, notes, mail, events and the news of it. */
export class TicketDesk {
  readonly #parts: TicketDeskParts;

  constructor(parts: TicketDeskParts) {
    this.#parts = parts;
  }

  get views(): TicketsView {
    return this.#parts.stores.ticketViews;
  }

  now(): number {
    return this.#parts.clock.now();
  }

  /** Something came in by this reference before. */
  async isKnown(reference: string): Promise<boolean> {
    return (await this.#parts.stores.tickets.byReference(reference)) !== undefined;
  }

  /** What tickets are shown and timed by. */
  async looking(): Promise<Timing & { views: TicketsView; settings: HelpdeskSettings }> {
    const settings = await this.#parts.settings.read();
    const calendarOf: CalendarOf = await readCalendarOf(this.#parts.stores);
    return { views: this.views, settings, serviceLevel: settings.serviceLevel, calendarOf, now: this.now() };
  }

  /** Where the same reference came in before, or an unsolved ticket has the cause, that one is given. */
  async open(opening: Opening): Promise<{ row: TicketRow; isNew: boolean }> {
    const { stores, random, bus, events, metrics } = this.#parts;
    const timing = await this.looking();
    const place = await this.place(opening, opening.isForHolder ?? true);
    const ticket = newTicket(random.uuid(), opening, place, timing);
    const compose = await this.#composer(ticket);
    const isQuiet = opening.isByStaff || opening.source === 'automatic';
    const { row, isNew } = await stores.tickets.open(ticket, opening.reference, (row) => ({
      notes: (opening.more ?? []).map((words) => noteOf(opening.by, timing.now, { words, isFromPerson: true })),
      mail: isQuiet ? undefined : compose(row, { kind: 'opened' }),
    }));
    if (!isNew) return { row, isNew };
    metrics.ticketsOpened.inc({ source: opening.source });
    const words = `Ticket ${row.number} was opened, about ${categoryWords[opening.category]}.`;
    await events.add({ actor: opening.by, code: 'ticket-opened', words, ...aboutTicket(row.id) });
    bus.publish('tickets-changed', { ticketIds: [row.id] });
    return { row, isNew };
  }

  /** Reads, decides and writes in one go; what `decide` refuses changes nothing. */
  async alter(id: string, by: Actor, { version, isByPerson, decide }: Altering): Promise<TicketRow> {
    const { stores, bus } = this.#parts;
    const timing = await this.looking();
    const { now } = timing;
    const known = await this.views.one(id);
    const compose = known && (await this.#composer(known));
    let said: Wanted['say'];
    const decideWhole = (ticket: TicketRow, steps: TicketStep[]): TicketAlteration | undefined => {
      const wanted = decide(ticket);
      if (!wanted) return undefined;
      said = wanted.say;
      const set = { ...wanted.set, ...(isByPerson && { touched_at: ticket.touched_at ?? now }) };
      const { status, reference } = wanted;
      const next = altered(ticket, steps, { set, status, reference }, timing);
      const occasion = isByPerson ? occasionOf(ticket, wanted) : undefined;
      return {
        ...next,
        notes: said && [said.words, ...(said.more ?? [])].map((words) => noteOf(by, now, { ...said, words })),
        mail: occasion && compose?.({ ...ticket, status: status ?? ticket.status }, occasion),
      };
    };
    const { before, after } = await stores.tickets.alter(id, now, decideWhole, version);
    if (after === before) return after;
    await this.#tell(by, before, after, said);
    bus.publish('tickets-changed', { ticketIds: [id] });
    return after;
  }

  /**
   * Where a ticket belongs: to the unit of the person, else of who holds the device. `forHolder`: nobody named means whoever
   * holds the device. `not-found` when there is no such device or person.
   */
  async place(about: Pick<Opening, 'deviceId' | 'personId' | 'orgId'>, forHolder = false): Promise<TicketPlace> {
    const { devices, people, custody } = this.#parts.stores;
    const { deviceId } = about;
    if (deviceId !== null && !(await devices.read(deviceId)))
      throw new CodedError('not-found', 'There is no such device.');
    const held = deviceId === null ? undefined : (await custody.openCustodyOfDevices([deviceId])).get(deviceId);
    const personId = about.personId ?? (forHolder ? (held?.personId ?? null) : null);
    const belongsTo = personId ?? held?.personId ?? null;
    const person = belongsTo === null ? undefined : await people.findPerson(belongsTo);
    if (personId !== null && !person) throw new CodedError('not-found', 'There is no such person.');
    const org = person?.orgId ?? about.orgId ?? null;
    return { device_id: deviceId, person_id: personId, org_id: org, custody_id: held?.id ?? null };
  }

  /** Writes to whom the ticket is for; nothing where no mail is sent or nobody has an address. */
  async #composer(ticket: Pick<TicketWithNames, 'person_id' | 'email'>) {
    const { settings, stores, district, random } = this.#parts;
    const { mail } = await settings.read();
    const person = ticket.person_id === null ? undefined : await stores.people.findPerson(ticket.person_id);
    const recipient = emailOf({ ...ticket, person_email: person?.email ?? null });
    return (about: TicketRow, occasion: MailOccasion): NewMail | undefined =>
      mail ? ticketMail(about, recipient, occasion, { district, from: mail.from }, random) : undefined;
  }

  async #tell(actor: Actor, before: TicketRow, after: TicketRow, said: Wanted['say']): Promise<void> {
    const { events } = this.#parts;
    const about = aboutTicket(after.id);
    const noted = said && notedWords(after.number, said);
    if (noted) await events.add({ actor, ...noted, ...about });
    const changed = changeWords(before, after);
    if (changed) await events.add({ actor, ...changed, ...about, before: shownOf(before), after: shownOf(after) });
  }
}

const aboutTicket = (id: string) => ({ subject: { kind: 'ticket' as const, id }, ticketId: id });

/** Of a ticket, what the audit compares: nothing that somebody wrote. */
function shownOf({ category, priority, status, assignee_id, device_id, person_id }: TicketRow) {
  return { category, priority, status, assignee_id, device_id, person_id };
}

function notedWords(number: number, { isToPerson, isFromPerson }: NonNullable<Wanted['say']>) {
  if (isFromPerson) return { code: 'ticket-answered', words: `The person answered about ticket ${number}.` };
  return isToPerson
    ? { code: 'ticket-replied', words: `Staff wrote to the person about ticket ${number}.` }
    : { code: 'ticket-noted', words: `A note was added to ticket ${number}.` };
}

/** Of what the person hears by mail: words to them, and that it is solved. */
function occasionOf(before: TicketRow, { say, status }: Wanted): MailOccasion | undefined {
  if (say?.isFromPerson) return undefined;
  const words = say?.isToPerson ? say.words : undefined;
  if (status === 'resolved' && before.status !== 'resolved') return { kind: 'solved', ...(words && { words }) };
  return words === undefined ? undefined : { kind: 'answer', words };
}

function noteOf(by: Actor, at: number, said: { words: string; isToPerson?: boolean; isFromPerson?: boolean }): NewNote {
  return {
    ...{ at, by_actor: by, words: said.words },
    ...{ is_to_person: said.isToPerson ? 1 : 0, is_from_person: said.isFromPerson ? 1 : 0 },
  };
}

function newTicket(id: string, opening: Opening, place: TicketPlace, timing: Timing): NewTicket {
  const { now } = timing;
  const promised = promisedFor(opening.priority, timing);
  const ticket = {
    ...{ id, subject: opening.subject, words: opening.words, category: opening.category, priority: opening.priority },
    ...{ status: 'new', source: opening.source, email: opening.email ?? null, opened_by: opening.by },
    ...{ ...place, assignee_id: null, cause: opening.cause ?? null, touched_at: opening.isByStaff ? now : null },
    ...{ opened_at: now, changed_at: now, first_reply_at: null, resolved_at: null, ...promised },
    // Nobody waits for a reply to what was opened by itself.
    ...(opening.source === 'automatic' && { first_reply_minutes: null }),
  };
  return { ...ticket, ...counted(ticket, [{ at: now, status: 'new' }], timing) };
}
