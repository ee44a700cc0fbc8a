import type { Clock } from '../../shared/clock.ts';
import { plainText } from '../../shared/plain-text.ts';
import type { Bus } from '../bus.ts';
import type { EventLog, NewEvent } from '../services.ts';
import type { EventStore } from '../store/events.ts';

/** Adds events to the store and tells the live consoles. Words may quote strangers: they are made plain here. */
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
    const eventId = await this.#store.add({
      at: this.#clock.now(),
      actor: event.actor,
      code: event.code,
      words: plainText(event.words, event.code).slice(0, 1200),
      subject_kind: event.subject?.kind ?? null,
      subject_id: event.subject?.id ?? null,
    });
    this.#bus.publish('event-added', { eventId });
  }
}
