import type { Clock } from '../../../shared/clock.ts';
import { isUnhelpful, type Question, type Upstream, UpstreamError, type Waiter } from './upstream.ts';

/** One server of an upstream. */
export type Server = Upstream;

interface Health {
  server: Server;
  failures: number;
  /** Not asked before this while another server is well; monotonic clock. */
  restsUntil: number;
}

/** Clients give up after 5 s (resolv.conf(5)); what comes later helps nobody. */
const totalMs = 4500;
const leastAttempts = 3;
const firstRestMs = 1000;
const longestRestMs = 30_000;

/** Asks the servers in their order; one that fails rests, longer each time, while others are well. */
export class Failover implements Upstream {
  readonly words: string;
  readonly #servers: readonly Health[];
  readonly #clock: Clock;

  constructor(servers: readonly Server[], clock: Clock) {
    this.#servers = servers.map((server) => ({ server, failures: 0, restsUntil: 0 }));
    this.#clock = clock;
    this.words = servers.map(({ words }) => words).join(', ') || 'no resolver';
  }

  ask(question: Question, waiter: Waiter): void {
    const now = this.#clock.monotonic();
    new Attempts(question, waiter, this.#order(now), this.#clock, now + totalMs).next();
  }

  close(): void {
    for (const { server } of this.#servers) server.close();
  }

  /** Without a copy while all are well, or there is no choice. */
  #order(now: number): readonly Health[] {
    const rests = ({ restsUntil }: Health) => restsUntil > now;
    if (this.#servers.length === 1 || !this.#servers.some(rests)) return this.#servers;
    return [...this.#servers.filter((health) => !rests(health)), ...this.#servers.filter(rests)];
  }
}

/** One query on its way through the servers. */
class Attempts implements Waiter {
  readonly #question: Question;
  readonly #waiter: Waiter;
  readonly #order: readonly Health[];
  readonly #clock: Clock;
  readonly #deadline: number;
  #made = 0;
  #unhelpful: Buffer | undefined;
  #failure: unknown;

  constructor(question: Question, waiter: Waiter, order: readonly Health[], clock: Clock, deadline: number) {
    this.#question = question;
    this.#waiter = waiter;
    this.#order = order;
    this.#clock = clock;
    this.#deadline = deadline;
  }

  /** Asks the next server, or ends. A first attempt is always in time. */
  next(): void {
    const attempts = this.#unhelpful ? this.#order.length : Math.max(leastAttempts, this.#order.length);
    const health = this.#made < attempts ? this.#order[this.#made % this.#order.length] : undefined;
    if (!health || (this.#made > 0 && this.#clock.monotonic() >= this.#deadline)) {
      this.#end();
      return;
    }
    this.#made += 1;
    health.server.ask(this.#question, this);
  }

  answered(answer: Buffer): void {
    const { failures } = this.#asked;
    if (failures > 0) Object.assign(this.#asked, { failures: 0, restsUntil: 0 });
    if (!isUnhelpful(answer)) {
      this.#waiter.answered(answer);
      return;
    }
    this.#unhelpful = answer;
    this.next();
  }

  failed(error: unknown): void {
    if (!(error instanceof UpstreamError)) {
      this.#waiter.failed(error);
      return;
    }
    this.#failure = error;
    rest(this.#asked, this.#clock.monotonic());
    this.next();
  }

  #end(): void {
    if (this.#unhelpful) this.#waiter.answered(this.#unhelpful);
    else this.#waiter.failed(this.#failure ?? new UpstreamError('none', 'no resolver is known behind the filter'));
  }

  get #asked(): Health {
    const health = this.#order[(this.#made - 1) % this.#order.length];
    if (!health) throw new Error('an answer came before anything was asked');
    return health;
  }
}

function rest(health: Health, now: number): void {
  health.failures += 1;
  health.restsUntil = now + Math.min(longestRestMs, firstRestMs * 2 ** Math.min(health.failures - 1, 10));
}
