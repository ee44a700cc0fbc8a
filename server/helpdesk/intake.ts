import type { RequestBody, Response } from '../../shared/api/contract.ts';
import type { Routes } from '../../shared/api/routes.ts';
import type { Actor, TicketIntake } from '../services.ts';
import type { TicketSenders } from '../store/views/ticket-senders.ts';
import { isMailAddress } from './settings-problems.ts';
import { answered } from './ticket-changes.ts';
import type { TicketDesk } from './ticket-desk.ts';
import { emailOf } from './ticket-views.ts';
import { piecesOf, subjectOf } from './ticket-words.ts';

type Wanted = RequestBody<Routes['intakeTicket']>;

export interface IntakeParts {
  desk: TicketDesk;
  senders: TicketSenders;
}

/** Programs answer programs: what one address sends beyond this in an hour is added to its newest, which sends no mail. */
const mostPerHour = 5;
const hourMs = 3_600_000;

/** Tickets from forms and mail gateways. What they bring was written by anybody. */
export class IntakeService implements TicketIntake {
  readonly #parts: IntakeParts;

  constructor(parts: IntakeParts) {
    this.#parts = parts;
  }

  /** An answer to a message of ours, by the sender it went to, is a note on that ticket; everything else opens one. */
  async take(wanted: Wanted, by: Actor): Promise<Response<Routes['intakeTicket']>> {
    const { desk, senders } = this.#parts;
    const reference = `api ${wanted.reference}`;
    const email = wanted.email !== undefined && isMailAddress(wanted.email) ? wanted.email : null;
    const [words = '', ...more] = piecesOf(wanted.words);
    const answers = (await this.#answeredBy(wanted.subject, email)) ?? (await this.#tooMany(reference, email));
    if (answers !== undefined) {
      const ticket = await desk.alter(answers, by, {
        isByPerson: true,
        decide: (ticket) => ({ ...answered(ticket, { words: words || wanted.subject, more }), reference }),
      });
      return { id: ticket.id, number: ticket.number, isNew: false };
    }
    const person = email === null ? undefined : await senders.personBy(email);
    const device = wanted.device === undefined ? undefined : await senders.deviceBy(wanted.device);
    const { row, isNew } = await desk.open({
      ...{ subject: subjectOf(wanted.subject, 'Without a subject'), words, more },
      ...{ category: wanted.category ?? 'other', priority: 'normal', by, reference },
      ...{ source: email === null ? 'api' : 'email', email, orgId: null },
      ...{ deviceId: device ?? null, personId: person ?? null, isForHolder: email === null },
    });
    return { id: row.id, number: row.number, isNew };
  }

  /** What came in before is found by its reference. */
  async #tooMany(reference: string, email: string | null): Promise<string | undefined> {
    const { desk, senders } = this.#parts;
    if (email === null || (await desk.isKnown(reference))) return undefined;
    const lately = await senders.openedBy(email, desk.now() - hourMs);
    return lately.length >= mostPerHour ? lately[0]?.id : undefined;
  }

  /** The subject names a ticket, and the sender is whom its mail goes to: others cannot write into it. */
  async #answeredBy(subject: string, email: string | null): Promise<string | undefined> {
    const number = Number(/\[#(\d{1,9})\]/.exec(subject)?.[1] ?? 0);
    if (number === 0 || email === null) return undefined;
    const ticket = await this.#parts.senders.ticketBy(number);
    const own = ticket && emailOf(ticket);
    return own && own.toLowerCase() === email.toLowerCase() ? ticket.id : undefined;
  }
}
