import { differences } from '../../shared/audit/differences.ts';
import { lookCode, readCodes } from '../../shared/audit/reads.ts';
import type { Clock } from '../../shared/clock.ts';
import { plainText } from '../../shared/plain-text.ts';
import type { Bus } from '../bus.ts';
import type { EventLog, NewEvent } from '../services.ts';
import type { NewEventRow } from '../store/event-chain.ts';
import type { EventStore } from '../store/events.ts';
import { actingOf } from './acting.ts';

const longestWords = 1200;
const longestReason = 1000;

/**
 * Adds events to the store and tells the live consoles. Words may quote strangers: they are made plain here. What is known
 * of who acts (`acting.ts`) is added to what the event says itself.
 */
export class StoredEventLog implements EventLog {
  readonly #store: EventStore;
  readonly #bus: Bus;
  readonly #clock: Clock;

  constructor(store: EventStore, bus: Bus, clock: Clock) {
    this.#store = store;
    this.#bus = bus;
    this.#clock = clock;
  }

  async add(event: NewEvent): Promise<void> {
    const eventId = await this.#store.add(eventRow(event, this.#clock.now()));
    // Looks change nothing: the pages of others need not reload.
    if (event.code !== lookCode) this.#bus.publish('event-added', { eventId });
    if (event.subject && readCodes.includes(event.code)) this.#bus.publish('record-read', event.subject);
  }
}

/** As it is stored; for stores that write the event in a transaction of their own. */
export function eventRow(event: NewEvent, at: number): NewEventRow {
  const acting = actingOf(event.actor);
  const changes = differences(event.before, event.after);
  const reason = event.reason ?? acting.reason;
  return {
    at,
    actor: event.actor,
    actor_id: acting.actorId ?? null,
    role: acting.role ?? null,
    address: acting.address ?? null,
    session: acting.session ?? null,
    code: event.code,
    words: plainText(event.words, event.code).slice(0, longestWords),
    reason: reason === undefined ? null : plainText(reason, '').slice(0, longestReason) || null,
    ticket_id: event.ticketId ?? acting.ticketId ?? null,
    changes: changes.length > 0 ? JSON.stringify(changes) : null,
    approver: event.approver ?? null,
    subject_kind: event.subject?.kind ?? null,
    subject_id: event.subject?.id ?? null,
  };
}
