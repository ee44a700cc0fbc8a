import type { TicketStatus } from '../api/schemas/tickets.ts';
import type { DueDates } from './service-clock.ts';

/** Beyond any instant (epoch ms): what nothing is due of comes after what is, and what is over comes last. */
const notDue = 1e13;
const over = 1e14;

export interface RankFacts extends DueDates {
  status: TicketStatus;
  openedAt: number;
  firstReplyAt: number | null;
  /** When it was solved or closed. */
  resolvedAt: number | null;
}

/** Place in the queue, the least first: what is due first; then what nothing is due of, by age; then what is over, newest first. */
export function queueRank(ticket: RankFacts): number {
  if (ticket.status === 'resolved' || ticket.status === 'closed')
    return 2 * over - (ticket.resolvedAt ?? ticket.openedAt);
  const due = [ticket.firstReplyAt === null ? ticket.firstReplyDueAt : null, ticket.resolutionDueAt];
  const first = Math.min(...due.filter((at) => at !== null));
  return Number.isFinite(first) ? first : notDue + ticket.openedAt;
}
