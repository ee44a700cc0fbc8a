import type { HelpdeskSettings } from '../../shared/api/schemas.ts';
import type { Clock } from '../../shared/clock.ts';
import { graceDeadline } from '../../shared/compliance/grace.ts';
import type { Bus } from '../bus.ts';
import { ChangeQueue } from '../change-queue.ts';
import type { LifeCycle } from '../services.ts';
import type { AutomaticFactStore } from '../store/automatic-facts.ts';
import type { CalendarStore } from '../store/calendars.ts';
import type { PeopleStore } from '../store/people.ts';
import { type Cause, type CausePlan, causeKey, causeOf, planCondition, planSilence } from './automatic-plan.ts';
import { causeTexts, endedWords } from './automatic-words.ts';
import { readCalendarOf } from './school-calendars.ts';
import type { DistrictHelpdeskSettings } from './settings.ts';
import { isOver } from './ticket-alteration.ts';
import type { TicketDesk } from './ticket-desk.ts';

export interface AutomaticParts {
  stores: { automaticFacts: AutomaticFactStore; calendars: CalendarStore; people: PeopleStore };
  settings: DistrictHelpdeskSettings;
  desk: TicketDesk;
  isConnected: (deviceId: string) => boolean;
  bus: Bus;
  clock: Clock;
  onError: (error: unknown) => void;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Conditions are looked at no more often: many devices report at once. */
const gapMs = 2_000;
const silence = 'silence';

/**
 * Opens a ticket when a device stays silent, foresees the failure of a drive, or is tampered with: one for each cause, and
 * none again before the cause is over. What nobody has touched is closed by itself when its cause ends.
 */
export class AutomaticTickets implements LifeCycle {
  readonly #parts: AutomaticParts;
  readonly #queue: ChangeQueue;
  /** Causes that hold, with their tickets. */
  #known = new Map<string, string>();
  #unsubscribe: (() => void)[] = [];
  #cancelTimer: () => void = () => undefined;

  constructor(parts: AutomaticParts) {
    this.#parts = parts;
    const { clock, onError } = parts;
    this.#queue = new ChangeQueue({ work: (ids) => this.#look(ids), clock, onError, gapMs });
  }

  async start(): Promise<void> {
    const { bus, settings, stores } = this.#parts;
    const standing = await stores.automaticFacts.standing();
    this.#known = new Map(standing.map(({ cause, ticketId }) => [cause, ticketId]));
    this.#unsubscribe = [
      bus.subscribe('reported', ({ byKind: { health = [], finding = [] } }) => {
        const deviceIds = [...health, ...finding];
        if (deviceIds.length > 0) this.#queue.add(deviceIds);
      }),
      bus.subscribe('presence-changed', ({ deviceIds, connected }) => {
        const isKnown = (subject: string) => this.#known.has(causeKey({ kind: 'silent', subject }));
        if (connected && deviceIds.some(isKnown)) this.#queue.add([silence]);
      }),
      settings.onSaved(() => this.#queue.add('all')),
    ];
    this.#queue.add('all');
    this.#lookHourly();
  }

  async stop(): Promise<void> {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#cancelTimer();
    await this.#queue.stop();
  }

  /** Resolves when every cause that is known of has its ticket. */
  async settled(): Promise<void> {
    await this.#queue.settled();
  }

  #lookHourly(): void {
    this.#cancelTimer = this.#parts.clock.after(hourMs, () => {
      this.#queue.add([silence]);
      this.#lookHourly();
    });
  }

  async #look(ids: readonly string[] | 'all'): Promise<void> {
    const { automatic } = await this.#parts.settings.read();
    const devices = ids === 'all' ? undefined : ids.filter((id) => id !== silence);
    if (devices === undefined || devices.length > 0) await this.#lookAtConditions(automatic, devices);
    if (ids === 'all' || ids.includes(silence)) await this.#lookForSilence(automatic);
  }

  async #lookAtConditions(
    { failingDisk, tamper }: HelpdeskSettings['automatic'],
    ids: readonly string[] | undefined,
  ): Promise<void> {
    const { automaticFacts } = this.#parts.stores;
    const looked = ids && new Set(ids);
    const known = new Set(this.#known.keys());
    const failing = failingDisk ? await automaticFacts.failingDisks(ids) : new Set<string>();
    const tampered = tamper ? await automaticFacts.tampered(ids) : new Set<string>();
    await this.#carryOut(planCondition('disk', failing, known, looked));
    await this.#carryOut(planCondition('tamper', tampered, known, looked));
  }

  async #lookForSilence({ silentDays }: HelpdeskSettings['automatic']): Promise<void> {
    const { automaticFacts } = this.#parts.stores;
    const silent = silentDays === null ? [] : await this.#silentFor(silentDays);
    const heldByUnit = silent.length === 0 ? new Map<string | null, number>() : await automaticFacts.heldByUnit();
    await this.#carryOut(planSilence({ silent, heldByUnit, known: new Set(this.#known.keys()) }));
  }

  /** School days by the calendar of the unit: a laptop that is shut over a break is on break. */
  async #silentFor(days: number) {
    const { stores, clock, isConnected } = this.#parts;
    const now = clock.now();
    const calendarOf = await readCalendarOf(stores);
    const unheard = await stores.automaticFacts.unheardSince(now - (days - 1) * dayMs);
    return unheard.filter(
      ({ deviceId, orgId, lastSeenAt }) =>
        !isConnected(deviceId) && graceDeadline(calendarOf(orgId), lastSeenAt, days) <= now,
    );
  }

  async #carryOut({ begin, end }: CausePlan): Promise<void> {
    for (const cause of begin) await this.#begin(cause);
    for (const key of end) await this.#end(key);
  }

  async #begin(cause: Cause): Promise<void> {
    const { desk, stores } = this.#parts;
    const isSchool = cause.kind === 'silent-school';
    const { row } = await desk.open({
      ...{ ...causeTexts[cause.kind], source: 'automatic', by: 'server', cause: causeKey(cause), personId: null },
      ...{ deviceId: isSchool ? null : cause.subject, orgId: isSchool ? cause.subject || null : null },
    });
    await stores.automaticFacts.begin({ cause: causeKey(cause), ticketId: row.id });
    this.#known.set(causeKey(cause), row.id);
  }

  /** What somebody works on is theirs to close: they are told. */
  async #end(key: string): Promise<void> {
    const { desk, stores } = this.#parts;
    const ticketId = this.#known.get(key);
    const words = endedWords[causeOf(key).kind];
    if (ticketId !== undefined && (await desk.views.one(ticketId)))
      await desk.alter(ticketId, 'server', {
        isByPerson: false,
        decide: (ticket) =>
          isOver(ticket.status)
            ? undefined
            : { ...(ticket.touched_at === null && { status: 'closed' as const }), say: { words } },
      });
    await stores.automaticFacts.end(key);
    this.#known.delete(key);
  }
}
