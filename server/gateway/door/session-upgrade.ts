import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { Logger } from 'pino';
import { WebSocketServer } from 'ws';
import { CodedError } from '../../../shared/errors/catalogue.ts';
import { agentPaths } from '../../../shared/protocol/agent-paths.ts';
import { chooseSubprotocol, subprotocols } from '../../../shared/protocol/version.ts';
import { answerOf } from '../../api/errors.ts';
import type { Identity } from '../../store/certificates.ts';
import type { SocketTaker } from '../agent-socket.ts';

export interface SessionUpgradeParts {
  /** Throws a `CodedError` when whoever presents the certificate may not come in. */
  identify(socket: TLSSocket): Promise<Identity>;
  gateway: SocketTaker<Identity>;
  /** It is a session from now on. */
  onOpen(socket: TLSSocket): void;
  log: Pick<Logger, 'error' | 'debug'>;
}

/** Above it ws itself ends the connection (1009); below, the codec names the message that is too large. */
const maxPayload = 1_048_576;

/**
 * Turns a request into a session's WebSocket, from the server's `upgrade` event and past the router, whose objects would
 * stay for as long as the connection does.
 */
export class SessionUpgrade {
  readonly #parts: SessionUpgradeParts;
  readonly #sockets = new WebSocketServer({
    noServer: true,
    maxPayload,
    perMessageDeflate: false,
    // The codec checks it, and its refusal is counted and told.
    skipUTF8Validation: true,
    handleProtocols: (offered) => chooseSubprotocol(offered) ?? false,
  });

  /** One for all sessions. */
  readonly #noteFailure = (error: Error) => this.#parts.log.debug({ err: error }, 'an agent’s connection failed');

  constructor(parts: SessionUpgradeParts) {
    this.#parts = parts;
    this.#sockets.on('wsClientError', ({ message }, socket) =>
      this.#refuse(socket as TLSSocket, new CodedError('bad-request', `This is no WebSocket handshake: ${message}.`)),
    );
  }

  handle(request: IncomingMessage, socket: TLSSocket, head: Buffer): void {
    socket.on('error', this.#noteFailure);
    this.#open(request, socket, head).catch((error: unknown) => this.#refuse(socket, error));
  }

  /** Cuts off every connection that was upgraded. */
  terminate(): void {
    for (const socket of this.#sockets.clients) socket.terminate();
  }

  async #open(request: IncomingMessage, socket: TLSSocket, head: Buffer): Promise<void> {
    const identity = await this.#parts.identify(socket);
    demandSession(request);
    const address = socket.remoteAddress;
    socket.off('error', this.#noteFailure);
    this.#sockets.handleUpgrade(request, socket, head, (session) => {
      session.on('error', this.#noteFailure);
      this.#parts.onOpen(socket);
      this.#parts.gateway.open(session, identity, address);
    });
  }

  #refuse(socket: TLSSocket, thrown: unknown): void {
    const error = thrown instanceof CodedError ? thrown : new CodedError('internal', undefined, [], thrown);
    if (error.status >= 500) this.#parts.log.error({ err: thrown }, 'a session could not be opened');
    const body = JSON.stringify(answerOf(error));
    const head = [
      `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}`,
      'content-type: application/json; charset=utf-8',
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
    socket.destroySoon();
  }
}

function demandSession({ url, headers }: IncomingMessage): void {
  if (url?.split('?', 1)[0] !== agentPaths.session) throw new CodedError('not-found');
  const offered = headers['sec-websocket-protocol']?.split(',').map((protocol) => protocol.trim()) ?? [];
  if (chooseSubprotocol(new Set(offered)) === undefined)
    throw new CodedError('bad-request', `This server speaks the WebSocket subprotocol ${subprotocols.join(' or ')}.`);
}
