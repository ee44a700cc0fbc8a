import type { Clock } from '../../shared/clock.ts';
import { connectivityChecks } from '../../shared/filter/captive.ts';
import { CaptiveUpstream } from './captive.ts';
import { Forwarder, type UpstreamState } from './forwarder.ts';
import { specialUse } from './special-names.ts';
import type { Upstream } from './upstream/upstream.ts';

/** Who is asked. Each upstream belongs to the routes once given; the same object again means nothing has changed. */
export interface Upstreams {
  upstream: Upstream;
  /** The servers of the network the device is on, if they are known; the same as `upstream` where that is them. */
  network?: Upstream;
  /** Names below a domain that have servers of their own. */
  splitDomains?: readonly SplitUpstream[];
}

export interface SplitUpstream {
  /** In comparable form. */
  domain: string;
  upstream: Upstream;
}

const checks: ReadonlySet<string> = new Set(connectivityChecks);

/**
 * Which forwarder a name that is not blocked goes to: that of the most specific split domain, that of the network for names
 * only a network knows, that of captive-portal checks, else the usual one. Each remembers its own answers, so none is given
 * for another, and each knows of its own servers only whether they answer.
 */
export class Routes {
  readonly main: Forwarder;
  readonly #clock: Clock;
  readonly #captive: Forwarder;
  readonly #split = new Map<string, Forwarder>();
  #network: Forwarder | undefined;
  #asked: Upstreams;

  constructor(upstreams: Upstreams, clock: Clock) {
    this.#clock = clock;
    this.#asked = upstreams;
    this.main = new Forwarder(upstreams.upstream, clock);
    this.#captive = new Forwarder(new CaptiveUpstream(upstreams.upstream, upstreams.network, clock), clock);
    this.#useOthers(upstreams);
  }

  get state(): UpstreamState {
    return this.main.state;
  }

  /** Changes who is asked. Those asked no more close when their queries have ended. */
  use(upstreams: Upstreams): void {
    const { upstream, network } = this.#asked;
    this.#asked = upstreams;
    this.main.use(upstreams.upstream);
    if (upstream !== upstreams.upstream || network !== upstreams.network) {
      this.#captive.use(new CaptiveUpstream(upstreams.upstream, upstreams.network, this.#clock));
    }
    this.#useOthers(upstreams);
  }

  /** Undefined: the name is the network's, and of the network no server is known. */
  of(name: string): Forwarder | undefined {
    const split = this.#split.size > 0 ? this.#splitOf(name) : undefined;
    if (split) return split;
    if (specialUse(name) === 'network') return this.#network;
    return checks.has(name) ? this.#captive : this.main;
  }

  close(): void {
    this.main.close();
    this.#captive.close();
    for (const forwarder of this.#split.values()) forwarder.close();
    if (this.#network !== this.main) this.#network?.close();
  }

  #useOthers({ upstream, network, splitDomains = [] }: Upstreams): void {
    const before = this.#network === this.main ? undefined : this.#network;
    this.#network = network === upstream ? this.main : network && this.#forwarder(before, network);
    if (before !== this.#network) before?.close();
    const wanted = new Map(splitDomains.map((split) => [split.domain, split.upstream]));
    for (const [domain, forwarder] of this.#split) {
      if (wanted.has(domain)) continue;
      forwarder.close();
      this.#split.delete(domain);
    }
    for (const [domain, own] of wanted) this.#split.set(domain, this.#forwarder(this.#split.get(domain), own));
  }

  #forwarder(before: Forwarder | undefined, upstream: Upstream): Forwarder {
    before?.use(upstream);
    return before ?? new Forwarder(upstream, this.#clock);
  }

  #splitOf(name: string): Forwarder | undefined {
    for (let domain = name; ; ) {
      const forwarder = this.#split.get(domain);
      if (forwarder) return forwarder;
      const dot = domain.indexOf('.');
      if (dot < 0) return undefined;
      domain = domain.slice(dot + 1);
    }
  }
}
