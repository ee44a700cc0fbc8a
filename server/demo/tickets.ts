import type { TicketCategory, TicketInput, TicketPriority, TicketStatus } from '../../shared/api/schemas.ts';
import type { Tickets } from '../services.ts';

export interface TicketSeedParts {
  /** Tickets as they were at an instant. */
  ticketsAt: (at: number) => Pick<Tickets, 'create' | 'change' | 'note' | 'read'>;
}

/** Whom and what a ticket is about. */
export type TicketSubject = Pick<TicketInput, 'personId' | 'deviceId'>;

interface Sample {
  daysAgo: number;
  subject: string;
  words: string;
  category: TicketCategory;
  priority: TicketPriority;
  /** What came after, with the hours since it was opened. */
  after: { hours: number; say?: string; toPerson?: boolean; status?: TicketStatus }[];
}

const by = { actor: 'server' };
const hourMs = 3_600_000;

/** Some that are solved, some that wait, some that are late and some that are fresh. */
const samples: Sample[] = [
  {
    ...{ daysAgo: 24, category: 'keyboard', priority: 'normal', subject: 'The letter E does not type' },
    words: 'It began after I cleaned the keyboard.',
    after: [
      { hours: 3, say: 'Please bring it to the helpdesk before the first lesson.', toPerson: true },
      { hours: 22, say: 'Keyboard replaced from spares.' },
      { hours: 22.5, status: 'resolved' },
    ],
  },
  {
    ...{ daysAgo: 17, category: 'network', priority: 'high', subject: 'No Wi-Fi in the science wing' },
    words: 'Nobody in rooms 210 to 216 can connect since this morning.',
    after: [
      { hours: 0.5, say: 'We are on our way.', toPerson: true },
      {
        hours: 4,
        say: 'The switch in the ceiling had lost its power. It is back.',
        toPerson: true,
        status: 'resolved',
      },
    ],
  },
  {
    ...{ daysAgo: 11, category: 'sign-in', priority: 'normal', subject: 'Cannot sign in after the holidays' },
    words: 'It says that the password is wrong.',
    after: [{ hours: 2, say: 'The office has a new one for you.', toPerson: true, status: 'resolved' }],
  },
  {
    ...{ daysAgo: 8, category: 'battery', priority: 'low', subject: 'Battery is empty by noon' },
    words: 'Even when it was charged over night.',
    after: [{ hours: 20, say: 'A battery is ordered.', toPerson: true, status: 'waiting' }],
  },
  {
    ...{ daysAgo: 6, category: 'slow', priority: 'normal', subject: 'The laptop is very slow' },
    words: 'It takes ten minutes until I can open a document.',
    after: [{ hours: 5, say: 'What is open when it is slow? Please tell us here.', toPerson: true, status: 'waiting' }],
  },
  {
    ...{ daysAgo: 5, category: 'screen', priority: 'high', subject: 'A line across the screen' },
    words: 'It is green, and it moves when I press the lid.',
    after: [],
  },
  {
    ...{ daysAgo: 2, category: 'printing', priority: 'low', subject: 'The library printer prints nothing' },
    words: 'It says that it is off line.',
    after: [{ hours: 6, say: 'It needs a new address after the move. On my list.' }],
  },
  {
    ...{ daysAgo: 1, category: 'web-filter', priority: 'normal', subject: 'The museum’s site is blocked' },
    words: 'We need it for the trip next week.',
    after: [],
  },
  {
    ...{ daysAgo: 0.1, category: 'lost-or-stolen', priority: 'urgent', subject: 'Left on the bus' },
    words: 'Line 12, this morning. The driver does not have it.',
    after: [],
  },
];

/** Gives these people, with the devices they hold, the sample tickets, each with its past. */
export async function seedTickets(
  { ticketsAt }: TicketSeedParts,
  about: readonly TicketSubject[],
  now: number,
): Promise<void> {
  for (const [index, { daysAgo, after, ...sample }] of samples.entries()) {
    const openedAt = now - daysAgo * 24 * hourMs;
    const { id } = await ticketsAt(openedAt).create({ ...sample, ...about[index % about.length] }, by);
    for (const { hours, say, toPerson = false, status } of after) {
      const tickets = ticketsAt(openedAt + hours * hourMs);
      if (say !== undefined) await tickets.note(id, { words: say, isToPerson: toPerson }, by);
      if (status) await tickets.change(id, { version: (await tickets.read(id)).version, status }, by);
    }
  }
}
