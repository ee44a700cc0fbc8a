import type { Server } from 'node:https';
import rateLimit from '@fastify/rate-limit';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Counter } from 'prom-client';
import type { Clock } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import {
  type Address,
  type EnrolmentAnswer,
  EnrolmentRequest,
  enrolmentPaths,
  type RenewalAnswer,
  type RenewalChallenge,
  RenewalRequest,
  type Trust,
  type TrustAnswer,
} from '../../shared/protocol/enrolment.ts';
import { type Validator, validator } from '../../shared/schema.ts';
import { answerErrors } from '../api/errors.ts';
import type { Enrolment } from '../devices/enrolment.ts';
import type { Renewal } from '../devices/renewal.ts';
import type { Metrics } from '../metrics.ts';
import type { Authority } from '../pki/authority.ts';
import type { LifeCycle } from '../services.ts';
import { gate, gatedOptions } from './door/gated-server.ts';
import type { HandshakeGate } from './door/handshake-gate.ts';
import { followLeaf, listenerOptions, portOf, tlsOptions } from './tls.ts';

export interface EnrolmentListenerParts {
  authority: Authority;
  enrolment: Enrolment;
  renewal: Renewal;
  /** What devices trust from then on. */
  trust: () => Trust;
  /** Where devices connect, the best first. */
  agentAddresses: () => Address[];
  metrics: Pick<Metrics, 'enrolments' | 'renewals' | 'handshakesRefused'>;
  clock: Clock;
  log: Logger;
  host: string;
  /** 0 takes any free port; read it back from `port`. */
  port: number;
  /** Requests per address and minute. A school enrols hundreds at once from one address. */
  perMinute?: number;
}

const usualPerMinute = 600;
const bodyLimit = 65_536;
const maxConnections = 1_000;

const enrolmentRequest = validator(EnrolmentRequest);
const renewalRequest = validator(RenewalRequest);

/** The only port that answers strangers: it shows the root, enrols by token and renews by proof of possession. */
export class EnrolmentListener implements LifeCycle {
  readonly #parts: EnrolmentListenerParts;
  #app: FastifyInstance<Server> | undefined;
  #gate: HandshakeGate | undefined;
  #unfollow: (() => void) | undefined;

  constructor(parts: EnrolmentListenerParts) {
    this.#parts = parts;
  }

  get port(): number {
    return this.#app ? portOf(this.#app.server) : this.#parts.port;
  }

  async start(): Promise<void> {
    const { authority, metrics, clock, log, host, port } = this.#parts;
    const app = Fastify({
      ...listenerOptions(log, bodyLimit),
      https: { ...tlsOptions(authority.agentsLeaf), ...gatedOptions },
    });
    await this.#route(app as unknown as FastifyInstance);
    app.server.maxConnections = maxConnections;
    this.#gate = gate(app.server, {
      clock,
      limits: { places: 500, atOnce: 128, slow: 128 },
      onDropped: (reason) => metrics.handshakesRefused.inc({ reason }),
    });
    this.#unfollow = followLeaf(app.server, authority.agentsLeaf);
    this.#app = app as unknown as FastifyInstance<Server>;
    await app.listen({ host, port });
  }

  async stop(): Promise<void> {
    this.#unfollow?.();
    this.#gate?.stop();
    this.#app?.server.closeIdleConnections();
    await this.#app?.close();
    this.#app = undefined;
  }

  async #route(app: FastifyInstance): Promise<void> {
    const { authority, enrolment, renewal, metrics, perMinute } = this.#parts;
    answerErrors(app);
    await app.register(rateLimit, {
      max: perMinute ?? usualPerMinute,
      timeWindow: 60_000,
      errorResponseBuilder: () => new CodedError('too-many-requests'),
    });
    app.get(enrolmentPaths.trust, async (): Promise<TrustAnswer> => ({ root: authority.rootPem }));
    app.post(enrolmentPaths.challenge, async (): Promise<RenewalChallenge> => ({ challenge: renewal.challenge() }));
    app.post(enrolmentPaths.enroll, async ({ body, ip }): Promise<EnrolmentAnswer> => {
      const issued = await counted(metrics.enrolments, () => enrolment.enroll(checked(enrolmentRequest, body), ip));
      return { ...issued, ...this.#whatToTrust() };
    });
    app.post(enrolmentPaths.renew, async ({ body, ip }): Promise<RenewalAnswer> => {
      const issued = await counted(metrics.renewals, () => renewal.renew(checked(renewalRequest, body), ip));
      return { certificateChain: issued.certificateChain, ...this.#whatToTrust() };
    });
  }

  #whatToTrust(): { trust: Trust; agents: Address[] } {
    return { trust: this.#parts.trust(), agents: this.#parts.agentAddresses() };
  }
}

function checked<T>(schema: Validator<T>, body: unknown): T {
  if (schema.check(body)) return body;
  const problems = schema.problems(body);
  throw new CodedError('bad-request', `The request is not valid: ${problems[0]}`, problems);
}

async function counted<T>(counter: Counter<'outcome'>, work: () => Promise<T>): Promise<T> {
  try {
    const done = await work();
    counter.inc({ outcome: 'issued' });
    return done;
  } catch (error) {
    counter.inc({ outcome: error instanceof CodedError ? error.code : 'internal' });
    throw error;
  }
}
