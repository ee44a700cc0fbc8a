import type { Clock } from '../../../shared/clock.ts';
import { type Question, type Upstream, UpstreamError } from './upstream.ts';

/** One server of an upstream. */
export interface Server {
  ask(question: Question): Promise<Buffer>;
  close(): void;
  readonly words: string;
}

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
/** SERVFAIL, NOTIMP and REFUSED speak of the server, not of the name: another server may know better. */
const unhelpful = new Set([2, 4, 5]);

/** Asks the servers in their order; one that fails rests, longer each time, while others are well. */
export class Failover implements Upstream {
  readonly words: string;
  readonly #servers: Health[];
  readonly #clock: Clock;

  constructor(servers: readonly Server[], clock: Clock) {
    this.#servers = servers.map((server) => ({ server, failures: 0, restsUntil: 0 }));
    this.#clock = clock;
    this.words = servers.map(({ words }) => words).join(', ') || 'no resolver';
  }

  async ask(question: Question): Promise<Buffer> {
    const deadline = this.#clock.monotonic() + totalMs;
    let answer: Buffer | undefined;
    let failure: UpstreamError | undefined;
    const order = this.#order();
    const attempts = order.length === 0 ? 0 : Math.max(leastAttempts, order.length);
    for (let i = 0; i < attempts && this.#clock.monotonic() < deadline; i++) {
      const health = order[i % order.length];
      if (!health || (answer && i >= order.length)) break;
      try {
        answer = await health.server.ask(question);
        health.failures = 0;
        health.restsUntil = 0;
        if (!unhelpful.has((answer[3] ?? 0) & 0xf)) return answer;
      } catch (error) {
        if (!(error instanceof UpstreamError)) throw error;
        failure = error;
        this.#rest(health);
      }
    }
    if (answer) return answer;
    throw failure ?? new UpstreamError('none', 'no resolver is known behind the filter');
  }

  close(): void {
    for (const { server } of this.#servers) server.close();
  }

  #order(): Health[] {
    const [first] = this.#servers;
    if (first && this.#servers.length === 1) return this.#servers;
    const now = this.#clock.monotonic();
    return [
      ...this.#servers.filter(({ restsUntil }) => restsUntil <= now),
      ...this.#servers.filter(({ restsUntil }) => restsUntil > now),
    ];
  }

  #rest(health: Health): void {
    health.failures += 1;
    health.restsUntil =
      this.#clock.monotonic() + Math.min(longestRestMs, firstRestMs * 2 ** Math.min(health.failures - 1, 10));
  }
}
