import type { Server } from 'node:https';
import type { Socket } from 'node:net';
import { HandshakeGate, type HandshakeGateParts } from './handshake-gate.ts';

/** A server behind a gate must be made with these: who waits is not read from. */
export const gatedOptions = { pauseOnConnect: true } as const;

/**
 * Puts a gate before the handshakes of a TLS server. What starts TLS is the server's own listener to `connection`
 * (https://nodejs.org/api/tls.html#event-connection); it is called when the gate lets a connection in.
 */
export function gate(server: Server, parts: Omit<HandshakeGateParts<Socket>, 'begin'>): HandshakeGate {
  const starters = server.listeners('connection');
  server.removeAllListeners('connection');
  const handshakes = new HandshakeGate<Socket>({
    ...parts,
    begin: (socket) => {
      for (const start of starters) start.call(server, socket);
    },
  });
  server.on('connection', (socket: Socket) => handshakes.offer(socket));
  server.on('secureConnection', (socket) => handshakes.succeeded(socket));
  return handshakes;
}
