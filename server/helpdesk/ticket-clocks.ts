import type { Clock } from '../../shared/clock.ts';
import type { Bus } from '../bus.ts';
import { ChangeQueue } from '../change-queue.ts';
import { Deadlines } from '../deadlines.ts';
import type { Metrics } from '../metrics.ts';
import type { EventLog, LifeCycle } from '../services.ts';
import type { CalendarStore } from '../store/calendars.ts';
import type { PeopleStore } from '../store/people.ts';
import type { TicketRow, TicketStore } from '../store/tickets.ts';
import { readCalendarOf } from './school-calendars.ts';
import { counted, isOver, lateBits } from './ticket-alteration.ts';
import type { TicketDesk } from './ticket-desk.ts';

export interface TicketClockParts {
  stores: { tickets: TicketStore; calendars: CalendarStore; people: PeopleStore };
  desk: TicketDesk;
  events: EventLog;
  bus: Bus;
  clock: Clock;
  metrics: Pick<Metrics, 'ticketsLate'>;
  onError: (error: unknown) => void;
}

/** What is solved is closed after this, unless somebody says otherwise. */
const closedAfterMs = 14 * 86_400_000;
const closing = 'closing';
const promises = [
  {
    bit: lateBits.firstReply,
    dueAt: (row: TicketRow) => (row.first_reply_at === null ? row.first_reply_due_at : null),
    words: 'first reply',
  },
  { bit: lateBits.resolution, dueAt: (row: TicketRow) => row.resolution_due_at, words: 'solution' },
] as const;

/** Tells once when a promise is late, counts deadlines anew when a calendar changes, and closes what stayed solved. */
export class TicketClocks implements LifeCycle {
  readonly #parts: TicketClockParts;
  readonly #deadlines: Deadlines;
  readonly #queue: ChangeQueue;
  #unsubscribe: (() => void)[] = [];
  #areCalendarsNew = true;

  constructor(parts: TicketClockParts) {
    this.#parts = parts;
    const { clock, onError } = parts;
    this.#queue = new ChangeQueue({ work: (ids) => this.#look(ids), clock, onError });
    this.#deadlines = new Deadlines(clock, (ids) => this.#queue.add(ids));
  }

  async start(): Promise<void> {
    const { bus } = this.#parts;
    const recount = () => {
      this.#areCalendarsNew = true;
      this.#queue.add('all');
    };
    this.#unsubscribe = [
      bus.subscribe('tickets-changed', ({ ticketIds }) => this.#queue.add(ticketIds)),
      bus.subscribe('calendars-changed', recount),
    ];
    this.#queue.add('all');
    await this.#queue.settled();
  }

  async stop(): Promise<void> {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#deadlines.disarm();
    await this.#queue.stop();
    this.#deadlines.disarm();
  }

  /** Resolves when everything that is due was told. */
  async settled(): Promise<void> {
    await this.#queue.settled();
  }

  async #look(ids: readonly string[] | 'all'): Promise<void> {
    const { tickets } = this.#parts.stores;
    if (ids === 'all') {
      if (this.#areCalendarsNew) await this.#recount();
      this.#areCalendarsNew = false;
      for (const row of await tickets.unsolved()) await this.#lookAt(row);
    } else for (const id of ids) await this.#lookAt(await tickets.byId(id), id);
    await this.#close();
    this.#deadlines.arm();
  }

  async #lookAt(row: TicketRow | undefined, id = row?.id): Promise<void> {
    if (id === undefined) return;
    const now = this.#parts.clock.now();
    const running = row && !isOver(row.status) ? promises : [];
    const late = running.filter(
      ({ bit, dueAt }) => isPast(row && dueAt(row), now) && ((row?.late_told ?? 0) & bit) === 0,
    );
    if (row && late.length > 0) await this.#tellLate(row, late);
    const coming = running.map(({ dueAt }) => (row ? dueAt(row) : null)).filter((at) => at !== null && at >= now);
    this.#deadlines.set(id, coming.length > 0 ? Math.min(...(coming as number[])) + 1 : null);
  }

  async #tellLate(row: TicketRow, late: readonly (typeof promises)[number][]): Promise<void> {
    const { stores, events, bus, metrics } = this.#parts;
    metrics.ticketsLate.inc(late.length);
    const late_told = late.reduce((told, { bit }) => told | bit, row.late_told);
    await stores.tickets.recount(row.id, { late_told });
    const about = { subject: { kind: 'ticket' as const, id: row.id }, ticketId: row.id };
    for (const { words } of late)
      await events.add({
        ...{ actor: 'server', code: 'ticket-late', ...about },
        words: `Ticket ${row.number} is late: the promised ${words} has not come.`,
      });
    bus.publish('tickets-changed', { ticketIds: [row.id] });
  }

  async #recount(): Promise<void> {
    const { stores, clock } = this.#parts;
    const timing = { calendarOf: await readCalendarOf(stores), now: clock.now() };
    const rows = await stores.tickets.unsolved();
    const steps = await stores.tickets.steps(rows.map(({ id }) => id));
    for (const row of rows) {
      const anew = counted(row, steps.get(row.id) ?? [], timing);
      const isSame = (Object.keys(anew) as (keyof typeof anew)[]).every((key) => anew[key] === row[key]);
      if (!isSame) await stores.tickets.recount(row.id, anew);
    }
  }

  async #close(): Promise<void> {
    const { stores, desk, clock } = this.#parts;
    for (const id of await stores.tickets.resolvedBefore(clock.now() - closedAfterMs))
      await desk.alter(id, 'server', {
        isByPerson: false,
        decide: (ticket) => (ticket.status === 'resolved' ? { status: 'closed' } : undefined),
      });
    const oldest = await stores.tickets.oldestResolved();
    this.#deadlines.set(closing, oldest === undefined ? null : oldest + closedAfterMs);
  }
}

const isPast = (at: number | null | undefined, now: number) => at !== null && at !== undefined && at < now;
