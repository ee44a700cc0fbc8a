import type { Clock } from '../../shared/clock.ts';
import { AnswerCache } from './cache.ts';
import { isUnhelpful, type Question, type Upstream, UpstreamError, type Waiter } from './upstream/upstream.ts';

/** What the last queries told about the upstream. */
export interface UpstreamState {
  /** Undefined until something was asked. */
  reachable: boolean | undefined;
  /** Which servers, and the last failure, in words. */
  words: string;
}

/** A question and who waits for its answer, in one object because one is made for every query. */
export interface Asker extends Question {
  /** The buffer is the asker's own. `stale`: the answer's time is over, but no upstream answers (RFC 8767). */
  answered(answer: Buffer, stale: boolean): void;
  /** An `UpstreamError`; anything else is a bug. */
  failed(error: unknown): void;
}

/** Queries under way and those who wait for them, together: the bound of memory under a flood. */
const mostHeld = 2000;
const cacheBytes = 1_048_576;
const idBytes = 2;
/** RFC 8767 section 5: nobody is kept longer from an answer that was true not long ago. */
const staleAfterMs = 1800;

/**
 * Passes queries to the upstream: from memory when it was just asked, once when several ask the same, and not too many.
 * While no upstream answers, what was kept beyond its time is given at once, and asked for again behind the asker's back.
 */
export class Forwarder {
  readonly #clock: Clock;
  readonly #cache: AnswerCache;
  /** By hash of the question; of two with the same hash only the later can be joined. */
  readonly #flights = new Map<number, Flight>();
  #held = 0;
  #upstream: Upstream;
  #failure: string | undefined;
  #reachable: boolean | undefined;

  constructor(upstream: Upstream, clock: Clock) {
    this.#upstream = upstream;
    this.#clock = clock;
    this.#cache = new AnswerCache(clock, cacheBytes);
  }

  get state(): UpstreamState {
    const failure = this.#reachable === false ? ` (${this.#failure})` : '';
    return { reachable: this.#reachable, words: `${this.#upstream.words}${failure}` };
  }

  /** Changes the upstream; the earlier one closes when its queries have ended. */
  use(upstream: Upstream): void {
    if (upstream === this.#upstream) return;
    this.#upstream.close();
    this.#upstream = upstream;
    this.#reachable = undefined;
    this.#cache.clear();
    this.#flights.clear();
  }

  close(): void {
    this.#upstream.close();
    this.#cache.clear();
  }

  /** The asker hears exactly once, possibly before this returns. */
  ask(asker: Asker): void {
    const hash = AnswerCache.hash(asker.packet);
    const known = this.#cache.get(hash, asker);
    if (known) {
      asker.answered(known, false);
      return;
    }
    const before = this.#flights.get(hash);
    const joined = before?.asks(asker) ? before : undefined;
    const stale = this.#reachable === false || joined?.late ? this.#cache.getStale(hash, asker) : undefined;
    if (stale) asker.answered(stale, true);
    if (this.#held >= mostHeld) {
      if (!stale) this.#disappoint(hash, asker, new UpstreamError('busy', 'too many queries under way'));
    } else if (!joined) {
      this.#depart(new Flight(this.#upstream, hash, asker, this.#landing), stale ? undefined : asker);
    } else if (!stale) this.#board(joined, asker);
  }

  readonly #landing: Landing = {
    arrived: (flight, answer) => this.#arrived(flight, answer),
    lost: (flight, error) => this.#lost(flight, error),
  };

  #depart(flight: Flight, asker: Asker | undefined): void {
    this.#held += 1;
    this.#flights.set(flight.hash, flight);
    if (asker) this.#board(flight, asker);
    if (asker && this.#cache.hasStale(flight.hash, asker)) {
      flight.cancel = this.#clock.after(staleAfterMs, () => this.#late(flight));
    }
    flight.upstream.ask(flight.question, flight);
  }

  #board(flight: Flight, asker: Asker): void {
    this.#held += 1;
    flight.askers.push(asker);
  }

  #late(flight: Flight): void {
    flight.late = true;
    for (const asker of this.#alight(flight)) {
      this.#disappoint(flight.hash, asker, new UpstreamError('timed-out', `no answer in ${staleAfterMs} ms`));
    }
  }

  #arrived(flight: Flight, answer: Buffer): void {
    const inForce = flight.upstream === this.#upstream;
    if (inForce) this.#reachable = true;
    const askers = this.#land(flight);
    if (inForce) this.#cache.put(flight.hash, flight.question, answer);
    const unhelpful = isUnhelpful(answer);
    // The first gets the buffer itself, so the copies are made before.
    for (let i = askers.length - 1; i >= 0; i--) {
      const asker = askers[i];
      if (!asker) continue;
      const stale = unhelpful ? this.#cache.getStale(flight.hash, asker) : undefined;
      const own = stale ?? (i === 0 ? answer : Buffer.from(answer));
      own.writeUInt16BE(asker.id, 0);
      asker.answered(own, stale !== undefined);
    }
  }

  #lost(flight: Flight, error: unknown): void {
    if (flight.upstream === this.#upstream) {
      this.#reachable = false;
      this.#failure = error instanceof Error ? error.message : String(error);
    }
    for (const asker of this.#land(flight)) this.#disappoint(flight.hash, asker, error);
  }

  /** There will be no answer in time: one from before, or the failure. */
  #disappoint(hash: number, asker: Asker, error: unknown): void {
    const stale = this.#cache.getStale(hash, asker);
    if (stale) asker.answered(stale, true);
    else asker.failed(error);
  }

  #land(flight: Flight): Asker[] {
    flight.cancel?.();
    this.#held -= 1;
    if (this.#flights.get(flight.hash) === flight) this.#flights.delete(flight.hash);
    return this.#alight(flight);
  }

  #alight(flight: Flight): Asker[] {
    const { askers } = flight;
    this.#held -= askers.length;
    flight.askers = [];
    return askers;
  }
}

interface Landing {
  arrived(flight: Flight, answer: Buffer): void;
  lost(flight: Flight, error: unknown): void;
}

/** One question under way to an upstream, and who waits for it. */
class Flight implements Waiter {
  readonly upstream: Upstream;
  readonly hash: number;
  readonly question: Question;
  readonly #landing: Landing;
  askers: Asker[] = [];
  /** Those who ask meanwhile get a stale answer at once. */
  late = false;
  cancel: (() => void) | undefined;

  constructor(upstream: Upstream, hash: number, question: Question, landing: Landing) {
    this.upstream = upstream;
    this.hash = hash;
    this.question = question;
    this.#landing = landing;
  }

  /** True when it asks the same; the id, which is the upstream's, apart. */
  asks({ packet, stream }: Question): boolean {
    const own = this.question.packet;
    return this.question.stream === stream && own.compare(packet, idBytes, packet.length, idBytes, own.length) === 0;
  }

  answered(answer: Buffer): void {
    this.#landing.arrived(this, answer);
  }

  failed(error: unknown): void {
    this.#landing.lost(this, error);
  }
}
