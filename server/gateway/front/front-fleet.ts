import type { Logger } from 'pino';
import type { Clock } from '../../../shared/clock.ts';
import type { TlsIdentity } from '../../pki/leaf.ts';
import type { LifeCycle } from '../../services.ts';
import type { ConnectionListener } from '../connection.ts';
import type { LeafInUse } from '../tls.ts';
import { type FrontChild, startFrontChild } from './front-child.ts';
import { type FrontAnswers, FrontLine, type RemoteOwner } from './front-line.ts';
import type { Listening } from './records.ts';

export interface FrontFleetParts<L extends ConnectionListener> extends FrontAnswers {
  owner: RemoteOwner<L>;
  processes: number;
  /** Whether this system spreads the connections of one port over several listeners (SO_REUSEPORT). */
  canShare: boolean;
  leaf: LeafInUse;
  listening: Omit<Listening, 'isShared'>;
  environment: NodeJS.ProcessEnv;
  onRefused: (reason: string, count: number) => void;
  /** So many wait for their handshake by now, at all fronts. */
  onWaiting: (count: number) => void;
  startChild?: typeof startFrontChild;
  clock: Clock;
  log: Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;
}

/** One place of the fleet: the front that holds it, and how it went with those before. */
interface Place<L extends ConnectionListener> {
  number: number;
  child: FrontChild | undefined;
  line: FrontLine<L> | undefined;
  startedAt: number;
  heardAt: number;
  waiting: number;
  failures: number;
}

const firstDelayMs = 250;
const longestDelayMs = 30_000;
/** A front that lived this long was no failure. */
const provenMs = 60_000;
const lookEveryMs = 60_000;
/** A front tells once a minute whom it heard. */
const silentMs = 200_000;
const stopWithinMs = 5_000;

/**
 * The front processes that hold the connections of agents. One that dies takes its connections with it, whose agents come
 * back by themselves, and is started again, later each time it fails at once.
 */
export class FrontFleet<L extends ConnectionListener> implements LifeCycle {
  readonly #parts: FrontFleetParts<L>;
  readonly #places: Place<L>[];
  #port: number;
  #isStopping = false;
  #undo: (() => void)[] = [];

  constructor(parts: FrontFleetParts<L>) {
    const { processes, canShare, listening } = parts;
    this.#parts = parts;
    this.#port = listening.port;
    this.#places = Array.from({ length: canShare ? processes : 1 }, (_, number) => ({
      ...{ number, child: undefined, line: undefined, startedAt: 0, heardAt: 0, waiting: 0, failures: 0 },
    }));
  }

  get port(): number {
    return this.#port;
  }

  /** Processes that run, by place. */
  get pids(): (number | undefined)[] {
    return this.#places.map(({ child }) => child?.pid);
  }

  /** Rejects when one of them cannot listen; none is left then. */
  async start(): Promise<void> {
    const { leaf, processes, log } = this.#parts;
    if (this.#places.length < processes)
      log.warn({ processes }, 'this system cannot spread one port over several processes; one front holds all agents');
    this.#undo = [leaf.onRenewed((tls) => this.#renew(tls))];
    this.#watch();
    const [first, ...others] = this.#places;
    try {
      // The others take the port that the first one got.
      if (first) this.#port = await this.#open(first);
      await Promise.all(others.map((place) => this.#open(place)));
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Call `gateway.stop()` first: it tells the agents. What is still open after it is cut off. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    for (const undo of this.#undo) undo();
    await Promise.all(this.#places.map((place) => this.#close(place)));
  }

  #renew(tls: TlsIdentity): void {
    for (const { line } of this.#places) line?.leaf(tls);
  }

  /** Resolves with the port when the front listens. Throws when there can be no further process (EMFILE, ENOMEM). */
  #open(place: Place<L>): Promise<number> {
    const { owner, environment, leaf, listening, onRefused, startChild = startFrontChild, clock, log } = this.#parts;
    const child = startChild(environment);
    return new Promise((resolve, reject) => {
      const line = new FrontLine<L>(child.link, {
        ...{ owner, onRefused, log },
        answer: (what, of) => this.#parts.answer(what, of),
        onReady: resolve,
        onFailed: (words) => {
          reject(new Error(`a front process cannot listen: ${words}`));
          child.kill();
        },
        onHeard: () => {
          place.heardAt = clock.monotonic();
        },
        onWaiting: (count) => this.#tellWaiting(place, count),
        onEnd: (problem) => void this.#ended(place, child, problem).then(reject),
      });
      const startedAt = clock.monotonic();
      Object.assign(place, { child, line, startedAt, heardAt: startedAt });
      line.start();
      line.leaf(leaf.tls);
      line.listen({ ...listening, port: this.#port, isShared: this.#places.length > 1 });
    });
  }

  async #ended(place: Place<L>, child: FrontChild, problem: Error | undefined): Promise<Error> {
    if (!this.#isStopping) child.kill();
    const why = await child.ended;
    place.child = undefined;
    place.line = undefined;
    this.#tellWaiting(place, 0);
    if (!this.#isStopping) this.#startAgain(place, problem ?? why);
    return new Error(`a front process ended: ${why}`);
  }

  #tellWaiting(place: Place<L>, count: number): void {
    place.waiting = count;
    this.#parts.onWaiting(this.#places.reduce((sum, { waiting }) => sum + waiting, 0));
  }

  #startAgain(place: Place<L>, why: unknown): void {
    const { clock, log } = this.#parts;
    place.failures = clock.monotonic() - place.startedAt > provenMs ? 1 : place.failures + 1;
    const delayMs = Math.min(longestDelayMs, firstDelayMs * 2 ** (place.failures - 1));
    log.error({ err: why, front: place.number, delayMs }, 'a front process ended; it is started again');
    const cancel = clock.after(delayMs, () => {
      this.#undo = this.#undo.filter((undo) => undo !== cancel);
      this.#tryAgain(place);
    });
    this.#undo.push(cancel);
  }

  /** One that ends before it listens is seen to where all ends are. */
  #tryAgain(place: Place<L>): void {
    const { clock, log } = this.#parts;
    try {
      const opening = this.#open(place);
      opening.catch((error: unknown) => log.error({ err: error }, 'a front process could not be started'));
    } catch (error) {
      place.startedAt = clock.monotonic();
      this.#startAgain(place, error);
    }
  }

  async #close({ child, line }: Place<L>): Promise<void> {
    if (!child) return;
    line?.stop();
    const cancel = this.#parts.clock.after(stopWithinMs, () => child.kill());
    await child.ended;
    cancel();
  }

  /** A front that hangs is ended, so that its agents go elsewhere. */
  #watch(): void {
    const { clock, log } = this.#parts;
    const cancel = clock.after(lookEveryMs, () => {
      this.#undo = this.#undo.filter((undo) => undo !== cancel);
      this.#watch();
      for (const { child, heardAt, number } of this.#places)
        if (child && clock.monotonic() - heardAt > silentMs) {
          log.error({ front: number }, 'a front process says nothing any more and is ended');
          child.kill();
        }
    });
    this.#undo.push(cancel);
  }
}
