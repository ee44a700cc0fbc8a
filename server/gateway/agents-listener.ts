import type { IncomingMessage } from 'node:http';
import type { Server } from 'node:https';
import type { TLSSocket } from 'node:tls';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Clock } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { answerErrors } from '../api/errors.ts';
import type { Authority } from '../pki/authority.ts';
import type { LifeCycle, Lists } from '../services.ts';
import type { CertificateStore, Identity } from '../store/certificates.ts';
import type { SocketTaker } from './agent-socket.ts';
import { type ScriptSources, serveArtifacts } from './artifacts.ts';
import { gate, gatedOptions } from './door/gated-server.ts';
import type { HandshakeGate } from './door/handshake-gate.ts';
import { SessionUpgrade } from './door/session-upgrade.ts';
import { certificateOf, Visits } from './door/visits.ts';
import { refusalOf } from './refusal.ts';
import { serveThroughput } from './throughput.ts';
import { followLeaf, type LeafInUse, listenerOptions, portOf, tlsOptions } from './tls.ts';

export interface AgentsListenerParts {
  authority: Pick<Authority, 'clientCas'> & { agentsLeaf: LeafInUse };
  certificates: Pick<CertificateStore, 'identify'>;
  gateway: SocketTaker<Identity>;
  lists: Pick<Lists, 'artifactPath' | 'deltaPath'>;
  scripts: ScriptSources;
  metrics: {
    handshakesRefused: { inc(labels: { reason: string }): void };
    handshakesWaiting?: { set(waiting: number): void };
  };
  clock: Clock;
  log: Logger;
  host: string;
  /** 0 takes any free port; read it back from `port`. */
  port: number;
  /** Several processes listen on the port, and the kernel spreads connections over them (SO_REUSEPORT). */
  reusePort?: boolean;
  /** Below the process's limit of open files, or an accept would end the server. */
  maxConnections?: number;
}

const usualMaxConnections = 19_500;
const bodyLimit = 1_024;
const identities = new WeakMap<FastifyRequest, Identity>();

/**
 * The agents' port. Who comes waits at the gate for a handshake, in which TLS itself demands a client certificate of this
 * district; then every request is matched to the device the certificate was issued to, and turned away when it may not come
 * in. Nothing else says who is asking.
 */
export class AgentsListener implements LifeCycle {
  readonly #parts: AgentsListenerParts;
  readonly #upgrade: SessionUpgrade;
  readonly #visits = new Visits(certificateOf);
  #app: FastifyInstance<Server> | undefined;
  #gate: HandshakeGate | undefined;
  #unfollow: (() => void) | undefined;

  constructor(parts: AgentsListenerParts) {
    this.#parts = parts;
    const { gateway, log } = parts;
    this.#upgrade = new SessionUpgrade({
      ...{ gateway, log, identify: (socket) => this.#identify(socket) },
      onOpen: (socket) => this.#visits.end(socket),
    });
  }

  get port(): number {
    return this.#app ? portOf(this.#app.server) : this.#parts.port;
  }

  async start(): Promise<void> {
    const { authority, log, host, port, reusePort = false } = this.#parts;
    const app = Fastify({
      ...listenerOptions(log, bodyLimit),
      https: { ...tlsOptions(authority.agentsLeaf, authority.clientCas), ...gatedOptions },
    });
    await this.#route(app as unknown as FastifyInstance);
    this.#guard(app.server);
    this.#unfollow = followLeaf(app.server, authority.agentsLeaf, authority.clientCas);
    this.#app = app as unknown as FastifyInstance<Server>;
    await app.listen({ host, port, ...(reusePort && { reusePort }) });
  }

  /** Call `gateway.stop()` first: it tells the agents. What is still open after it is cut off. */
  async stop(): Promise<void> {
    this.#unfollow?.();
    this.#gate?.stop();
    this.#upgrade.terminate();
    this.#app?.server.closeAllConnections();
    await this.#app?.close();
    this.#app = undefined;
  }

  #guard(server: Server): void {
    const { clock, metrics, maxConnections = usualMaxConnections } = this.#parts;
    server.maxConnections = maxConnections;
    server.on('drop', () => metrics.handshakesRefused.inc({ reason: 'house-full' }));
    server.on('tlsClientError', (error) => this.#countRefusal(error));
    server.on('upgrade', (request: IncomingMessage, socket, head: Buffer) =>
      this.#upgrade.handle(request, socket as TLSSocket, head),
    );
    server.on('secureConnection', (socket) => {
      if (this.#visits.begin(socket)) return;
      metrics.handshakesRefused.inc({ reason: 'too-many' });
      socket.destroy();
    });
    this.#gate = gate(server, {
      clock,
      limits: { places: 4_096, atOnce: 512, slow: 1_024 },
      onDropped: (reason) => metrics.handshakesRefused.inc({ reason }),
      onWaiting: (waiting) => metrics.handshakesWaiting?.set(waiting),
    });
  }

  async #route(app: FastifyInstance): Promise<void> {
    const { lists, scripts, clock } = this.#parts;
    answerErrors(app);
    app.addHook('onRequest', async (request) => {
      identities.set(request, await this.#identify(request.raw.socket as TLSSocket));
    });
    await serveArtifacts(app, lists, scripts);
    serveThroughput(app, clock, (request) => identities.get(request)?.deviceId);
  }

  /** Serial and fingerprint of the certificate that TLS has verified, as the store knows them. */
  async #identify(socket: TLSSocket): Promise<Identity> {
    const shown = this.#visits.shownBy(socket);
    const identity = shown && (await this.#parts.certificates.identify(shown.serial));
    const isSame = identity?.fingerprint === shown?.fingerprint;
    const refusal = refusalOf(isSame ? identity : undefined);
    if (!identity || refusal) {
      const code = refusal?.code ?? 'device-unknown';
      this.#parts.metrics.handshakesRefused.inc({ reason: code });
      throw new CodedError(code);
    }
    return identity;
  }

  #countRefusal(error: NodeJS.ErrnoException): void {
    const code = error.code ?? '';
    const isMissing = code === 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE';
    const isBad = /CERT|SIGNED|ISSUER|PURPOSE|SIGNATURE/.test(code);
    this.#parts.metrics.handshakesRefused.inc({
      reason: isMissing ? 'no-certificate' : isBad ? 'bad-certificate' : 'other',
    });
  }
}
