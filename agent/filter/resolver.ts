import type { Clock } from '../../shared/clock.ts';
import { decideName, decideTarget, type FilterPolicy } from '../../shared/filter/decide.ts';
import type { Decision } from '../../shared/filter/decision.ts';
import type { Log } from '../log.ts';
import {
  addressRecord,
  anyReply,
  type BlockAnswer,
  blockedReply,
  failedReply,
  ownReply,
  tooManyReply,
} from './answers.ts';
import { BlockReasons, withoutPolicy } from './block-reasons.ts';
import { leadsTo } from './cloaking.ts';
import type { UpstreamState } from './forwarder.ts';
import { type Rate, RateLimit, SurgeWatch, usualRate } from './limits.ts';
import { type Client, Listener } from './listener.ts';
import { Passage, type Passages } from './passage.ts';
import { askRewritten } from './rewrite.ts';
import { Routes, type Upstreams } from './routes.ts';
import type { ServerAddress } from './upstream/udp.ts';
import { UpstreamError } from './upstream/upstream.ts';
import type { QueryObserver } from './view.ts';
import { classIn, rcodes, types } from './wire/constants.ts';
import { type Query, readQuery } from './wire/query.ts';
import { addError, extendedError, type Reply, writeError } from './wire/reply.ts';

/** Everything a query is judged by; replaced as a whole, so no query sees half of a change. */
export interface ResolverPolicy extends Upstreams {
  filter: FilterPolicy;
  blockAnswer: BlockAnswer;
  /** Whom to ask about a blocked name; part of the answer. */
  contact: string;
  /** IPv4 address of the device's own pages, if they run. */
  pageAddress?: string;
  /** `essentials-only`: nothing else passes, for want of a usable policy. */
  mode?: 'normal' | 'essentials-only';
  /** Hears once of each query that was decided: of a block at once, of what passed with its answer. */
  observer?: QueryObserver;
}

/** Numbers only: which names were asked is neither kept nor logged. */
export interface ResolverCounts {
  blocked: number;
  forwarded: number;
  rewritten: number;
  failed: number;
  malformed: number;
  /** Refused because there were too many. */
  limited: number;
}

export interface ResolverOptions {
  clock: Clock;
  log: Log;
  /** What all programs together may ask; the usual unless given. */
  rate?: Rate;
  /** Called once, when a program asks so much that being fast is worth memory. */
  onSurge?: () => void;
}

interface InForce extends ResolverPolicy {
  reasons: BlockReasons;
  page: Buffer | undefined;
}

/** RFC 8914: Stale Answer. */
const staleError = extendedError(3);

/** The device's resolver: decides about every name, answers blocked ones itself and passes the others on. */
export class Resolver {
  readonly counts: ResolverCounts = { blocked: 0, forwarded: 0, rewritten: 0, failed: 0, malformed: 0, limited: 0 };
  readonly #listener: Listener;
  readonly #routes: Routes;
  readonly #limit: RateLimit;
  readonly #surge: SurgeWatch;
  readonly #log: Log;
  readonly #passages: Passages = {
    answered: (passage, answer, stale) => this.#answered(passage, answer, stale),
    failed: (passage, error) => this.#failed(passage, error),
  };
  #policy: InForce;
  #address: ServerAddress | undefined;

  constructor(policy: ResolverPolicy, { clock, log, rate = usualRate, onSurge = () => undefined }: ResolverOptions) {
    this.#log = log;
    this.#policy = inForce(policy);
    this.#routes = new Routes(policy, clock);
    this.#limit = new RateLimit(clock, rate);
    this.#surge = new SurgeWatch(clock, onSurge);
    this.#listener = new Listener(
      (packet, client) => this.#receive(packet, client),
      (error) => log.warn({ error: error.message }, 'a socket of the resolver failed'),
    );
  }

  /** Where it listens; undefined before `start` and after `stop`. */
  get address(): ServerAddress | undefined {
    return this.#address;
  }

  /** What is known of the upstream from the queries passed on. */
  get upstreamState(): UpstreamState {
    return this.#routes.state;
  }

  /** Binds the sockets; rejects with the system's error (EADDRINUSE, EACCES) when it cannot. */
  async start(address: string, port: number): Promise<ServerAddress> {
    this.#address = await this.#listener.start(address, port);
    return this.#address;
  }

  async stop(): Promise<void> {
    this.#address = undefined;
    await this.#listener.stop();
    this.#routes.close();
  }

  /** Puts another policy in force between two queries. Queries under way are answered by the upstream they went to. */
  use(policy: ResolverPolicy): void {
    this.#policy = inForce(policy);
    this.#routes.use(policy);
  }

  /** A bug costs one answer, not the resolver. */
  #receive(packet: Buffer, client: Client): void {
    try {
      this.#handle(packet, client);
    } catch (error) {
      this.#logBug(error);
      client.reply(undefined);
    }
  }

  #handle(packet: Buffer, client: Client): void {
    this.#surge.note();
    const query = readQuery(packet);
    if (!query) client.reply(undefined);
    else if ('rcode' in query) {
      this.counts.malformed += 1;
      client.reply(writeError(query));
    } else this.#judge(new Passage(packet, query, client, this.#passages));
  }

  #judge(passage: Passage): void {
    const { query } = passage;
    const own = this.#withoutDecision(query);
    if (own) {
      passage.reply(own);
      return;
    }
    const decision = this.#decide(query.name);
    if (decision.action === 'pass') {
      this.#pass(passage, decision);
      return;
    }
    this.#policy.observer?.decided(query.name, decision);
    if (decision.action === 'rewrite') this.#rewrite(passage, decision.target ?? '');
    else {
      this.counts.blocked += 1;
      passage.reply(this.#ownReply(query, decision));
    }
  }

  /** What is answered without asking what the policy makes of the name. */
  #withoutDecision(query: Query): Reply | undefined {
    if (this.#limit.take()) return refuse(query) ?? ownReply(query, this.#policy.page);
    this.counts.limited += 1;
    return tooManyReply;
  }

  #decide(name: string): Decision {
    const { filter, mode } = this.#policy;
    const decision = decideName(name, filter);
    if (mode !== 'essentials-only' || decision.layer === 'essential' || decision.layer === 'canary') return decision;
    return decision.action === 'block' ? decision : withoutPolicy;
  }

  #ownReply(query: Query, decision: Decision): Reply {
    if (decision.action === 'nxdomain') return { rcode: rcodes.nxDomain };
    if (decision.action === 'nodata') return { rcode: rcodes.noError };
    const { blockAnswer, reasons, page } = this.#policy;
    return blockedReply(query, blockAnswer, reasons.of(decision), page);
  }

  #pass(passage: Passage, decision: Decision): void {
    const { query } = passage;
    const forwarder = query.type === types.any ? undefined : this.#routes.of(query.name);
    if (forwarder) {
      this.counts.forwarded += 1;
      passage.asked = decision;
      forwarder.ask(passage);
      return;
    }
    this.#policy.observer?.decided(query.name, decision);
    passage.reply(query.type === types.any ? anyReply : { rcode: rcodes.nxDomain });
  }

  #answered(passage: Passage, answer: Buffer, stale: boolean): void {
    const { query, client, limit } = passage;
    const cloaked = passage.asked && this.#cloaked(answer, query, passage.asked);
    if (passage.asked) this.#policy.observer?.decided(query.name, cloaked ?? passage.asked);
    const whole = stale && query.edns ? addError(answer, query.end, staleError) : answer;
    if (cloaked) {
      this.counts.blocked += 1;
      passage.reply(this.#ownReply(query, cloaked));
    } else if (whole.length <= limit) client.reply(whole);
    else passage.reply({ rcode: (answer[3] ?? 0) & 0xf, truncated: true });
  }

  /** The block an answer runs into by leading to a blocked name. A malformed answer is as good as none. */
  #cloaked(answer: Buffer, query: Query, asked: Decision): Decision | undefined {
    const names = leadsTo(answer, query.end);
    if (!names) throw new UpstreamError('bad-answer', 'the answer is malformed');
    for (const name of names) {
      const block = decideTarget(name, asked, this.#policy.filter);
      if (block) return block;
    }
    return undefined;
  }

  #rewrite(passage: Passage, target: string): void {
    this.counts.rewritten += 1;
    askRewritten(this.#routes.main, passage.query, target).then(
      (reply) => passage.reply(reply),
      (error: unknown) => passage.failed(error),
    );
  }

  /** A query that fails is answered so, with the reason for those who speak EDNS. */
  #failed(passage: Passage, error: unknown): void {
    this.counts.failed += 1;
    if (passage.asked) this.#policy.observer?.decided(passage.query.name, passage.asked);
    if (!(error instanceof UpstreamError)) this.#logBug(error);
    passage.reply(failedReply(error));
  }

  #logBug(error: unknown): void {
    this.#log.error({ place: placeOf(error) }, 'the resolver failed on a query');
  }
}

function inForce(policy: ResolverPolicy): InForce {
  const { pageAddress, contact, filter } = policy;
  const page = pageAddress === undefined ? undefined : addressRecord(pageAddress);
  return { ...policy, page, reasons: new BlockReasons({ contact, page: page !== undefined }, filter.categories) };
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
