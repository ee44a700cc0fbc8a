import type { Clock } from '../../shared/clock.ts';
import { type Decision, decideName, type FilterPolicy } from '../../shared/filter/decide.ts';
import type { Log } from '../log.ts';
import { anyReply, type BlockAnswer, BlockReasons, blockedReply, failedReply } from './answers.ts';
import { leadsTo } from './cloaking.ts';
import { Forwarder } from './forwarder.ts';
import { Listener } from './listener.ts';
import { askRewritten } from './rewrite.ts';
import type { ServerAddress } from './upstream/udp.ts';
import { type Upstream, UpstreamError } from './upstream/upstream.ts';
import { classIn, rcodes, types } from './wire/constants.ts';
import { type Query, readQuery, udpLimit } from './wire/query.ts';
import { type Reply, writeError, writeReply } from './wire/reply.ts';

/** Everything a query is judged by; replaced as a whole, so no query sees half of a change. */
export interface ResolverPolicy {
  filter: FilterPolicy;
  blockAnswer: BlockAnswer;
  /** Whom to ask about a blocked name; part of the answer. */
  contact: string;
  upstream: Upstream;
}

/** Numbers only: which names were asked is neither kept nor logged. */
export interface ResolverCounts {
  blocked: number;
  forwarded: number;
  rewritten: number;
  failed: number;
  malformed: number;
}

export interface ResolverOptions {
  clock: Clock;
  log: Log;
}

interface InForce extends ResolverPolicy {
  reasons: BlockReasons;
}

const streamLimit = 65_535;

/** The device's resolver: decides about every name, answers blocked ones itself and passes the others on. */
export class Resolver {
  readonly counts: ResolverCounts = { blocked: 0, forwarded: 0, rewritten: 0, failed: 0, malformed: 0 };
  readonly #listener: Listener;
  readonly #forwarder: Forwarder;
  readonly #log: Log;
  #policy: InForce;
  #address: ServerAddress | undefined;

  constructor(policy: ResolverPolicy, { clock, log }: ResolverOptions) {
    this.#log = log;
    this.#policy = inForce(policy);
    this.#forwarder = new Forwarder(policy.upstream, clock);
    this.#listener = new Listener(
      (packet, stream) => this.#handle(packet, stream),
      (error) => log.warn({ error: error.message }, 'a socket of the resolver failed'),
    );
  }

  /** Where it listens; undefined before `start` and after `stop`. */
  get address(): ServerAddress | undefined {
    return this.#address;
  }

  /** What is known of the upstream from the queries passed on. */
  get upstreamState(): Forwarder['state'] {
    return this.#forwarder.state;
  }

  /** Binds the sockets; rejects with the system's error (EADDRINUSE, EACCES) when it cannot. */
  async start(address: string, port: number): Promise<ServerAddress> {
    this.#address = await this.#listener.start(address, port);
    return this.#address;
  }

  async stop(): Promise<void> {
    this.#address = undefined;
    await this.#listener.stop();
    this.#forwarder.close();
  }

  /** Puts another policy in force between two queries. Queries under way are answered by the upstream they went to. */
  use(policy: ResolverPolicy): void {
    this.#policy = inForce(policy);
    this.#forwarder.use(policy.upstream);
  }

  #handle(packet: Buffer, stream: boolean): Buffer | undefined | Promise<Buffer | undefined> {
    const query = readQuery(packet);
    if (!query) return undefined;
    if ('rcode' in query) {
      this.counts.malformed += 1;
      return writeError(query);
    }
    const limit = stream ? streamLimit : udpLimit(query);
    const refusal = refuse(query);
    if (refusal) return writeReply(packet, query, refusal, limit);
    const decision = decideName(query.name, this.#policy.filter);
    if (decision.action === 'pass')
      return this.#guard(this.#pass(packet, query, stream, limit, decision), packet, query, limit);
    if (decision.action === 'rewrite') {
      return this.#guard(this.#rewrite(packet, query, decision.target ?? '', limit), packet, query, limit);
    }
    this.counts.blocked += 1;
    return writeReply(packet, query, this.#ownReply(query, decision), limit);
  }

  #ownReply(query: Query, decision: Decision): Reply {
    if (decision.action === 'nxdomain') return { rcode: rcodes.nxDomain };
    if (decision.action === 'nodata') return { rcode: rcodes.noError };
    return blockedReply(query, this.#policy.blockAnswer, this.#policy.reasons.of(decision));
  }

  async #pass(packet: Buffer, query: Query, stream: boolean, limit: number, decision: Decision): Promise<Buffer> {
    if (query.type === types.any) return writeReply(packet, query, anyReply, limit);
    this.counts.forwarded += 1;
    const answer = await this.#forwarder.ask({ packet, end: query.end, stream });
    const cloaked = decision.reason === 'allowed-domain' ? undefined : this.#cloaked(answer, query);
    if (cloaked) {
      this.counts.blocked += 1;
      return writeReply(packet, query, this.#ownReply(query, cloaked), limit);
    }
    if (answer.length <= limit) return answer;
    return writeReply(packet, query, { rcode: (answer[3] ?? 0) & 0xf, truncated: true }, limit);
  }

  /** The block an answer runs into by leading to a blocked name. A malformed answer is as good as none. */
  #cloaked(answer: Buffer, query: Query): Decision | undefined {
    const names = leadsTo(answer, query.end);
    if (!names) throw new UpstreamError('bad-answer', 'the answer is malformed');
    for (const name of names) {
      const decision = decideName(name, this.#policy.filter);
      if (decision.action === 'block') return decision;
    }
    return undefined;
  }

  async #rewrite(packet: Buffer, query: Query, target: string, limit: number): Promise<Buffer> {
    this.counts.rewritten += 1;
    return writeReply(packet, query, await askRewritten(this.#forwarder, query, target), limit);
  }

  /** A query that fails is answered so, with the reason for those who speak EDNS; a bug costs one answer, not the resolver. */
  #guard(answer: Promise<Buffer>, packet: Buffer, query: Query, limit: number): Promise<Buffer> {
    return answer.catch((error: unknown) => {
      this.counts.failed += 1;
      if (!(error instanceof UpstreamError))
        this.#log.error({ place: placeOf(error) }, 'the resolver failed on a query');
      return writeReply(packet, query, failedReply(error), limit);
    });
  }
}

function inForce(policy: ResolverPolicy): InForce {
  return { ...policy, reasons: new BlockReasons(policy.contact, policy.filter.categories) };
}

/** What no resolver for a laptop has to do: zone transfers, other classes, unknown versions of EDNS. */
function refuse(query: Query): Reply | undefined {
  if (query.edns && query.edns.version > 0) return { rcode: rcodes.badVersion };
  if (query.class !== classIn || query.type === types.axfr || query.type === types.ixfr)
    return { rcode: rcodes.refused };
  return undefined;
}

/** The kind of a bug and where it is, without its words: they could hold the name that was asked for. */
function placeOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const [frame = ''] = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return `${error.name} ${frame.trim()}`;
}
