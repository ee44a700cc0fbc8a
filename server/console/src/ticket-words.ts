import type {
  ServiceClock,
  TicketCategory,
  TicketNote,
  TicketPriority,
  TicketStatus,
  TicketSummary,
} from '../../../shared/api/schemas.ts';
import { count } from './words.ts';

type Tone = 'plain' | 'good' | 'bad' | 'warn' | 'grace';

export const categoryWords: Record<TicketCategory, string> = {
  slow: 'Slow',
  'will-not-start': 'Does not start',
  screen: 'Screen',
  keyboard: 'Keyboard and touchpad',
  battery: 'Battery and charger',
  network: 'Network and Wi-Fi',
  'web-filter': 'Web filter',
  'sign-in': 'Sign-in',
  software: 'Software',
  printing: 'Printing',
  'lost-or-stolen': 'Lost or stolen',
  damage: 'Damage',
  security: 'Security',
  other: 'Something else',
};

export const priorityWords: Record<TicketPriority, { label: string; tone: Tone }> = {
  low: { label: 'Low', tone: 'plain' },
  normal: { label: 'Normal', tone: 'plain' },
  high: { label: 'High', tone: 'warn' },
  urgent: { label: 'Urgent', tone: 'bad' },
};

export const ticketStatusWords: Record<TicketStatus, { label: string; tone: Tone }> = {
  new: { label: 'New', tone: 'warn' },
  open: { label: 'Open', tone: 'grace' },
  waiting: { label: 'Waiting', tone: 'plain' },
  resolved: { label: 'Resolved', tone: 'good' },
  closed: { label: 'Closed', tone: 'plain' },
};

export const sourceWords: Record<TicketSummary['source'], string> = {
  console: 'taken down by staff',
  device: 'from the device',
  email: 'by e-mail',
  api: 'from another system',
  automatic: 'opened by itself',
};

export const mailWords: Record<NonNullable<TicketNote['mail']>, string> = {
  queued: 'E-mail is waiting to go out',
  sent: 'Sent by e-mail',
  failed: 'The e-mail could not be sent',
};

/** Of the tickets that still need work. */
export const isOver = ({ status }: { status: TicketStatus }) => status === 'resolved' || status === 'closed';

/** School time as people say it: `40 minutes`, `3 hours 20 minutes`. A school day has no fixed length here. */
export function schoolTime(minutes: number): string {
  const whole = Math.abs(minutes);
  if (whole < 60) return count(whole, 'minute');
  const rest = whole % 60;
  const hours = count(Math.floor(whole / 60), 'hour');
  return whole >= 600 || rest === 0 ? hours : `${hours} ${count(rest, 'minute')}`;
}

/** How a promise stands, in a few words: `40 minutes left`, `late by 2 hours`. */
export function clockWords({ state, minutesLeft }: ServiceClock): { words: string; tone: Tone } {
  const left = minutesLeft ?? 0;
  switch (state) {
    case 'none':
      return { words: 'Nothing promised', tone: 'plain' };
    case 'met':
      return { words: 'Kept', tone: 'good' };
    case 'met-late':
      return { words: 'Kept late', tone: 'warn' };
    case 'late':
      return { words: `Late by ${schoolTime(left)}`, tone: 'bad' };
    case 'paused':
      return { words: minutesLeft === null ? 'Stands' : `Stands at ${schoolTime(left)}`, tone: 'plain' };
    case 'running':
      return { words: `${schoolTime(left)} left`, tone: left <= soonMinutes ? 'warn' : 'grace' };
  }
}

/** From here on a promise is about to be broken. */
const soonMinutes = 60;

/** The promise that matters now: the reply until somebody replied, then the solution. */
export function nextClock({ firstReply, resolution }: Pick<TicketSummary, 'firstReply' | 'resolution'>): {
  of: 'Reply' | 'Solution';
  clock: ServiceClock;
} {
  const awaitsReply = firstReply.state === 'running' || firstReply.state === 'late';
  return awaitsReply ? { of: 'Reply', clock: firstReply } : { of: 'Solution', clock: resolution };
}

/** Whether a promise of a ticket that is not over is broken. */
export const isLate = (ticket: TicketSummary) =>
  !isOver(ticket) && (ticket.firstReply.state === 'late' || ticket.resolution.state === 'late');
