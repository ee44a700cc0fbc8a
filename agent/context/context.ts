import type { Clock } from '../../shared/clock.ts';
import type { CampusNetwork, Whereabouts } from '../../shared/filter/place.ts';
import type { Body } from '../../shared/protocol/messages.ts';
import type { Places } from './places.ts';
import type { TrustedClock } from './trusted-clock.ts';

/** The moment and the place of this device, as far as they may be believed. */
export interface Context {
  /** The time schedules go by (epoch ms). */
  now(): number;
  readonly here: Whereabouts;
  /** The networks the place is known by. Resolves when it is worked out by them. Never rejects. */
  useCampus(campus: readonly CampusNetwork[]): Promise<void>;
  /** The network may have changed. Never rejects. */
  look(): Promise<void>;
  /** Calls the listener when the place changed or the time was corrected; the returned function ends that. */
  onChange(listener: () => void): () => void;
}

/** The context of a running agent: its own clock, its network, and what the server says of both. */
export class HostContext implements Context {
  readonly #clock: TrustedClock;
  readonly #places: Places;

  constructor(clock: TrustedClock, places: Places) {
    this.#clock = clock;
    this.#places = places;
  }

  start(): void {
    this.#clock.start();
  }

  stop(): void {
    this.#places.stop();
    this.#clock.stop();
  }

  now(): number {
    return this.#clock.now();
  }

  get here(): Whereabouts {
    return this.#places.here;
  }

  useCampus(campus: readonly CampusNetwork[]): Promise<void> {
    return this.#places.use(campus);
  }

  look(): Promise<void> {
    return this.#places.look();
  }

  welcomed({ serverTime, seenFrom }: Body<'welcome'>): void {
    this.#clock.learned(serverTime);
    if (seenFrom !== undefined) void this.#places.seenFrom(seenFrom);
  }

  onChange(listener: () => void): () => void {
    const ends = [this.#clock.onCorrected(listener), this.#places.onMoved(listener)];
    return () => {
      for (const end of ends) end();
    };
  }
}

/** Where no agent runs, as when settings are only put back: the wall clock, and a place nobody knows. */
export function contextWithout(clock: Clock): Context {
  return {
    now: () => clock.now(),
    here: { place: 'unknown' },
    useCampus: async () => undefined,
    look: async () => undefined,
    onChange: () => () => undefined,
  };
}
