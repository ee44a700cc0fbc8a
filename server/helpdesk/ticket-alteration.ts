import type { HelpdeskSettings, TicketPriority, TicketStatus } from '../../shared/api/schemas.ts';
import { queueRank } from '../../shared/helpdesk/queue-rank.ts';
import { dueDates, type TicketStep } from '../../shared/helpdesk/service-clock.ts';
import type { TicketAlteration, TicketRow } from '../store/tickets.ts';
import type { CalendarOf } from './school-calendars.ts';

/** What a ticket is timed by. */
export interface Timing {
  serviceLevel: HelpdeskSettings['serviceLevel'];
  calendarOf: CalendarOf;
  now: number;
}

/** Bits of `late_told`. */
export const lateBits = { firstReply: 1, resolution: 2 } as const;

type Counted = 'first_reply_due_at' | 'resolution_due_at' | 'resolution_left_ms' | 'late_told' | 'rank';
type Uncounted = Omit<TicketRow, Counted | 'number' | 'version'>;

export const isOver = (status: string) => status === 'resolved' || status === 'closed';

/** What was promised for a priority, as it is written into the ticket: later settings are for later tickets. */
export function promisedFor(
  priority: TicketPriority,
  { serviceLevel }: Pick<Timing, 'serviceLevel'>,
): Pick<TicketRow, 'first_reply_minutes' | 'resolution_minutes'> {
  const { firstReplyMinutes, resolutionMinutes } = serviceLevel[priority];
  return { first_reply_minutes: firstReplyMinutes, resolution_minutes: resolutionMinutes };
}

/** When it is due, and its place in the queue. A promise that is not late any more may be told late again. */
export function counted(
  ticket: Uncounted & Partial<Pick<TicketRow, 'late_told'>>,
  steps: readonly TicketStep[],
  { calendarOf, now }: Pick<Timing, 'calendarOf' | 'now'>,
): Pick<TicketRow, Counted> {
  const promised = { firstReplyMinutes: ticket.first_reply_minutes, resolutionMinutes: ticket.resolution_minutes };
  const due = dueDates({ openedAt: ticket.opened_at, steps, promised }, calendarOf(ticket.org_id));
  const facts = {
    status: ticket.status as TicketStatus,
    openedAt: ticket.opened_at,
    firstReplyAt: ticket.first_reply_at,
    resolvedAt: ticket.resolved_at,
  };
  const isPast = (at: number | null) => at !== null && at <= now;
  const still =
    (isPast(due.firstReplyDueAt) ? lateBits.firstReply : 0) | (isPast(due.resolutionDueAt) ? lateBits.resolution : 0);
  return {
    first_reply_due_at: due.firstReplyDueAt,
    resolution_due_at: due.resolutionDueAt,
    resolution_left_ms: due.resolutionLeftMs,
    late_told: (ticket.late_told ?? 0) & still,
    rank: queueRank({ ...facts, ...due }),
  };
}

type Wanted = Omit<TicketAlteration, 'set'> & { set?: Partial<Uncounted> };

/**
 * A change with everything that follows from it: a solved ticket was answered too, a reopened one is not solved, another
 * priority has other promises, and the clocks are counted anew.
 */
export function altered(
  ticket: TicketRow,
  steps: readonly TicketStep[],
  { set = {}, ...wanted }: Wanted,
  timing: Timing,
): TicketAlteration {
  const { now } = timing;
  const status = wanted.status ?? (ticket.status as TicketStatus);
  const next: TicketRow = { ...ticket, ...set, status, changed_at: now };
  if (set.priority !== undefined && set.priority !== ticket.priority)
    Object.assign(next, promisedFor(set.priority as TicketPriority, timing));
  if (isOver(status)) next.first_reply_at ??= now;
  next.resolved_at = isOver(status) ? (isOver(ticket.status) ? ticket.resolved_at : now) : null;
  const after = status === ticket.status ? steps : [...steps, { at: now, status }];
  const { id: _id, number: _number, version: _version, status: _status, ...rest } = next;
  return { ...wanted, status, set: { ...rest, ...counted(next, after, timing) } };
}
