import type { Clock, Random } from '../../../shared/clock.ts';
import type { FilterPolicy } from '../../../shared/filter/decide.ts';
import type { UpstreamState } from '../../filter/forwarder.ts';
import { probeResolver } from '../../filter/probe.ts';
import { Resolver, type ResolverCounts, type ResolverPolicy } from '../../filter/resolver.ts';
import type { ServerAddress } from '../../filter/upstream/udp.ts';
import type { Log } from '../../log.ts';
import { compileHotCode } from '../../platform/hot-code.ts';
import { CapabilityError } from '../capability.ts';

export interface OwnResolverOptions {
  dnsPort: number;
  dnsAddress: string;
  clock: Clock;
  random: Random;
  log: Log;
}

/** The agent's resolver, started by the first policy and kept on its port by those that follow. */
export class OwnResolver {
  readonly #options: OwnResolverOptions;
  #running: Resolver | undefined;
  #policy: ResolverPolicy | undefined;

  constructor(options: OwnResolverOptions) {
    this.#options = options;
  }

  /** Undefined while it does not run. */
  get address(): ServerAddress | undefined {
    return this.#running?.address;
  }

  get counts(): ResolverCounts | undefined {
    return this.#running?.counts;
  }

  get upstreamState(): UpstreamState | undefined {
    return this.#running?.upstreamState;
  }

  /** Puts a policy in force. Throws `CapabilityError` when the port cannot be had. */
  async use(policy: ResolverPolicy): Promise<ServerAddress> {
    this.#policy = policy;
    if (this.#running?.address) {
      this.#running.use(policy);
      return this.#running.address;
    }
    const { dnsAddress, dnsPort } = this.#options;
    const resolver = new Resolver(policy, { ...this.#options, onSurge: compileHotCode });
    try {
      const server = await resolver.start(dnsAddress, dnsPort);
      this.#running = resolver;
      if (this.#policy !== policy) resolver.use(this.#policy);
      return server;
    } catch (error) {
      throw startFailure(error, dnsAddress, dnsPort);
    }
  }

  /** Changes what is decided and nothing else, between two queries. */
  decideBy(filter: FilterPolicy): void {
    if (!this.#policy) return;
    this.#policy = { ...this.#policy, filter };
    this.#running?.use(this.#policy);
  }

  /** Throws `CapabilityError` unless a name the filter answers by itself is answered. */
  async proveAnswer(server: ServerAddress): Promise<void> {
    const { outcome, seen } = await probeResolver(server, 'use-application-dns.net', 'A', this.#options);
    if (outcome === 'no-such-name') return;
    throw new CapabilityError(
      'resolver-silent',
      `The web filter does not answer (${seen}), so this host is not pointed at it.`,
    );
  }

  async stop(): Promise<void> {
    const resolver = this.#running;
    this.#running = undefined;
    this.#policy = undefined;
    await resolver?.stop();
  }
}

function startFailure(error: unknown, address: string, port: number): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'EADDRINUSE') {
    return new CapabilityError(
      'port-in-use',
      `Port ${port} of ${address} is used by another program. Stop that program; where systemd-resolved is in charge, another port will do (--dns-port).`,
      error,
    );
  }
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL') {
    return new CapabilityError(
      'port-denied',
      `The web filter may not listen on ${address} port ${port} (${code}). Run the agent as root, or choose another port with --dns-port.`,
      error,
    );
  }
  return error;
}
