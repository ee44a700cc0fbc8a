import type { Server } from 'node:https';
import type { TLSSocket } from 'node:tls';
import websocket from '@fastify/websocket';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Clock } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { agentPaths } from '../../shared/protocol/enrolment.ts';
import { subprotocol } from '../../shared/protocol/version.ts';
import { answerErrors } from '../api/errors.ts';
import type { Authority } from '../pki/authority.ts';
import type { LifeCycle, Lists } from '../services.ts';
import type { CertificateStore, Identity } from '../store/certificates.ts';
import type { SocketTaker } from './agent-socket.ts';
import { type ScriptSources, serveArtifacts } from './artifacts.ts';
import { refusalOf } from './refusal.ts';
import { serveThroughput } from './throughput.ts';
import { followLeaf, type LeafInUse, listenerOptions, portOf, tlsOptions } from './tls.ts';

export interface AgentsListenerParts {
  authority: Pick<Authority, 'clientCas'> & { agentsLeaf: LeafInUse };
  certificates: Pick<CertificateStore, 'identify'>;
  gateway: SocketTaker<Identity>;
  lists: Pick<Lists, 'artifactPath' | 'deltaPath'>;
  scripts: ScriptSources;
  metrics: { handshakesRefused: { inc(labels: { reason: string }): void } };
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
/** Above it ws itself ends the connection (1009); below, the codec names the message that is too large. */
const maxPayload = 1_048_576;
const identities = new WeakMap<FastifyRequest, Identity>();

/**
 * The agents' port. TLS itself demands a client certificate of this district; then every request is matched to the
 * device the certificate was issued to, and turned away when it may not come in. Nothing else says who is asking.
 */
export class AgentsListener implements LifeCycle {
  readonly #parts: AgentsListenerParts;
  #app: FastifyInstance<Server> | undefined;
  #unfollow: (() => void) | undefined;

  constructor(parts: AgentsListenerParts) {
    this.#parts = parts;
  }

  get port(): number {
    return this.#app ? portOf(this.#app.server) : this.#parts.port;
  }

  async start(): Promise<void> {
    const { authority, log, host, port, reusePort = false, maxConnections } = this.#parts;
    const app = Fastify({
      ...listenerOptions(log, bodyLimit),
      https: tlsOptions(authority.agentsLeaf, authority.clientCas),
    });
    await this.#route(app as unknown as FastifyInstance);
    app.server.maxConnections = maxConnections ?? usualMaxConnections;
    app.server.on('tlsClientError', (error) => this.#countRefusal(error));
    this.#unfollow = followLeaf(app.server, authority.agentsLeaf, authority.clientCas);
    this.#app = app as unknown as FastifyInstance<Server>;
    await app.listen({ host, port, ...(reusePort && { reusePort }) });
  }

  /** Call `gateway.stop()` first: it tells the agents. What is still open after it is cut off. */
  async stop(): Promise<void> {
    this.#unfollow?.();
    for (const client of this.#app?.websocketServer.clients ?? []) client.terminate();
    this.#app?.server.closeAllConnections();
    await this.#app?.close();
    this.#app = undefined;
  }

  async #route(app: FastifyInstance): Promise<void> {
    const { gateway, lists, scripts, clock, log } = this.#parts;
    answerErrors(app);
    app.addHook('onRequest', async (request) => {
      identities.set(request, await this.#identify(request));
    });
    await app.register(websocket, {
      options: {
        maxPayload,
        perMessageDeflate: false,
        // The codec checks it, and its refusal is counted and told.
        skipUTF8Validation: true,
        handleProtocols: (offered: Set<string>) => offered.has(subprotocol) && subprotocol,
      },
      errorHandler: (error) => log.debug({ err: error }, 'an agent’s connection failed'),
    });
    app.get(agentPaths.session, { websocket: true, preValidation: demandSubprotocol }, (socket, request) => {
      const identity = identities.get(request);
      if (identity) gateway.open(socket, identity, request.raw.socket.remoteAddress);
      else socket.terminate();
    });
    await serveArtifacts(app, lists, scripts);
    serveThroughput(app, clock, (request) => identities.get(request)?.deviceId);
  }

  /** Serial and fingerprint of the certificate that TLS has verified, as the store knows them. */
  async #identify(request: FastifyRequest): Promise<Identity> {
    const socket = request.raw.socket as TLSSocket;
    const { serialNumber, fingerprint256 } = socket.authorized ? socket.getPeerCertificate() : NO_CERTIFICATE;
    const identity = serialNumber ? await this.#parts.certificates.identify(serialNumber) : undefined;
    const isSame = identity?.fingerprint === fingerprint256?.replaceAll(':', '').toLowerCase();
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

const NO_CERTIFICATE = { serialNumber: undefined, fingerprint256: undefined };

async function demandSubprotocol(request: FastifyRequest): Promise<void> {
  const offered = request.headers['sec-websocket-protocol']?.split(',').map((protocol) => protocol.trim()) ?? [];
  if (!offered.includes(subprotocol))
    throw new CodedError('bad-request', `This server speaks the WebSocket subprotocol ${subprotocol}.`);
}
