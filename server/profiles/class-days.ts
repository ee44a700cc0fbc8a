import type { Clock } from '../../shared/clock.ts';
import type { Bus } from '../bus.ts';
import { ChangeQueue } from '../change-queue.ts';
import { Deadlines } from '../deadlines.ts';
import type { LifeCycle } from '../services.ts';
import type { ClassMemberships } from '../store/class-memberships.ts';
import type { CustodyStore } from '../store/custody.ts';

export interface ClassDayParts {
  stores: { classMemberships: ClassMemberships; custody: CustodyStore };
  bus: Bus;
  clock: Clock;
  onError: (error: unknown) => void;
}

/** Enrolments begin and end by the calendar: on such a day the devices of those people are looked at again. */
export class ClassDays implements LifeCycle {
  readonly #parts: ClassDayParts;
  readonly #queue: ChangeQueue;
  readonly #next: Deadlines;
  /** Up to when enrolments that begin or end were followed. */
  #followed = 0;
  #unsubscribe: (() => void)[] = [];

  constructor(parts: ClassDayParts) {
    const { clock, onError } = parts;
    this.#parts = parts;
    this.#queue = new ChangeQueue({ work: () => this.#follow(), clock, onError });
    this.#next = new Deadlines(clock, (due) => this.#queue.add(due));
  }

  /** What moved before now is read by whoever starts. */
  async start(): Promise<void> {
    const { bus, clock } = this.#parts;
    this.#followed = clock.now();
    this.#unsubscribe = [
      bus.subscribe('roster-changed', () => this.#queue.add('all')),
      bus.subscribe('calendars-changed', () => this.#queue.add('all')),
    ];
    await this.#follow();
  }

  async stop(): Promise<void> {
    for (const unsubscribe of this.#unsubscribe.splice(0)) unsubscribe();
    this.#next.disarm();
    await this.#queue.stop();
    this.#next.disarm();
  }

  /** Resolves when everything that is due was followed. */
  async settled(): Promise<void> {
    await this.#queue.settled();
  }

  async #follow(): Promise<void> {
    const { stores, bus, clock } = this.#parts;
    for (;;) {
      const move = await stores.classMemberships.nextMove(this.#followed);
      if (!move || move.at > clock.now()) {
        this.#next.set('classes', move?.at ?? null);
        this.#next.arm();
        return;
      }
      const held = await stores.custody.openCustodyOfPeople(move.personIds);
      const deviceIds = [...held.values()].flat().map(({ deviceId }) => deviceId);
      this.#followed = move.at;
      if (deviceIds.length > 0) bus.publish('device-changed', { deviceIds });
    }
  }
}
