import type { RequestBody } from '../../shared/api/contract.ts';
import type { Routes } from '../../shared/api/routes.ts';
import type { TicketStatus } from '../../shared/api/schemas.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { TicketRow } from '../store/tickets.ts';
import type { TicketPlace } from './ticket-desk.ts';
import { statusWords, subjectOf } from './ticket-words.ts';

type Change = RequestBody<Routes['changeTicket']>;

/** Nothing becomes new again; what is closed comes back by being opened. */
const next: Record<TicketStatus, readonly TicketStatus[]> = {
  new: ['open', 'waiting', 'resolved', 'closed'],
  open: ['waiting', 'resolved', 'closed'],
  waiting: ['open', 'resolved', 'closed'],
  resolved: ['open', 'closed'],
  closed: ['open'],
};

/** What a member of staff wants of a ticket; `conflict` for a status that cannot follow. */
export function changeOf(ticket: TicketRow, change: Change, place: TicketPlace | undefined) {
  const { subject, category, priority, assigneeId } = change;
  return {
    set: {
      ...(subject !== undefined && { subject: subjectOf(subject, ticket.subject) }),
      ...(category !== undefined && { category }),
      ...(priority !== undefined && { priority }),
      ...(assigneeId !== undefined && { assignee_id: assigneeId }),
      ...place,
    },
    status: statusAfter(ticket.status as TicketStatus, change),
  };
}

/** What the person says: who was waited for has answered, and what was over is not. */
export function answered({ status }: TicketRow, say: { words: string; more?: readonly string[] }) {
  return {
    status: (status === 'new' ? 'new' : 'open') as TicketStatus,
    say: { ...say, isToPerson: false, isFromPerson: true },
  };
}

/** Who takes a new ticket has begun with it. */
function statusAfter(before: TicketStatus, { status, assigneeId }: Change): TicketStatus {
  if (status === undefined || status === before) return before === 'new' && assigneeId ? 'open' : before;
  if (next[before].includes(status)) return status;
  throw new CodedError(
    'conflict',
    `A ticket that is ${statusWords[before]} cannot become ${statusWords[status]}. Open it first.`,
  );
}

const titles = {
  subject: 'subject',
  category: 'category',
  priority: 'priority',
  assignee_id: 'assignment',
  device_id: 'device',
  person_id: 'person',
} as const;

/** For the event: a code and what differs, without names of people. Undefined: nothing does. */
export function changeWords(before: TicketRow, after: TicketRow): { code: string; words: string } | undefined {
  const status = statusChange(before, after);
  const changed = (Object.keys(titles) as (keyof typeof titles)[]).filter((key) => before[key] !== after[key]);
  if (!status && changed.length === 0) return undefined;
  const what = changed.map((key) => titles[key]).join(', ');
  if (!status) return { code: 'ticket-changed', words: `Ticket ${after.number} was changed: ${what}.` };
  return { code: status.code, words: `Ticket ${after.number} is ${status.words} now.${what && ` Changed: ${what}.`}` };
}

function statusChange(before: TicketRow, after: TicketRow): { code: string; words: string } | undefined {
  if (before.status === after.status) return undefined;
  const wasOver = before.status === 'resolved' || before.status === 'closed';
  const words = statusWords[after.status as TicketStatus];
  if (after.status === 'resolved' || after.status === 'closed') return { code: `ticket-${after.status}`, words };
  return wasOver ? { code: 'ticket-reopened', words: 'open again' } : { code: 'ticket-changed', words };
}
