import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer as createHttps, type ServerOptions } from 'node:https';
import { createServer, type Server, type Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { encode } from '../../shared/protocol/codec.ts';
import type { FakeDistrict } from './district.ts';

/** What stands in the place of the district's server; `opened` is called for each connection it takes. */
export type Impostor = (port: number, opened: (socket: Socket) => void) => Promise<Server>;

async function listening(server: Server, port: number, opened: (socket: Socket) => void): Promise<Server> {
  server.on('connection', opened);
  server.on('tlsClientError', () => undefined);
  await once(server.listen(port, '127.0.0.1'), 'listening');
  return server;
}

/** Something without TLS. */
export const bare =
  (speak: (socket: Socket) => void): Impostor =>
  (port, opened) =>
    listening(
      createServer((socket) => speak(socket.resume())),
      port,
      opened,
    );

/** A web server with this district's certificate, or another's. */
export const web =
  (district: FakeDistrict, head: string): Impostor =>
  (port, opened) => {
    const server = createHttps(tlsOf(district));
    server.on('upgrade', (_request, socket) => socket.end(head));
    return listening(server, port, opened);
  };

/** The district's own server, gone wrong: what it does with each session. */
export const session =
  (district: FakeDistrict, speak: (socket: WebSocket) => void): Impostor =>
  (port, opened) => {
    const server = createHttps({ ...tlsOf(district), requestCert: true, ca: [district.root] });
    const sockets = new WebSocketServer({ server, perMessageDeflate: false, handleProtocols: () => 'rollcall.1' });
    sockets.on('connection', (socket) => {
      socket.on('error', () => undefined);
      socket.once('message', () => speak(socket));
    });
    return listening(server, port, opened);
  };

function tlsOf({ server }: FakeDistrict): ServerOptions {
  return { key: server.key, cert: server.certificate, minVersion: 'TLSv1.3' };
}

export const noise = () => randomBytes(2_000);

export function welcome(socket: WebSocket): void {
  const body = { deviceId: 'device-1', serverTime: Date.now(), heartbeatSeconds: 60, acknowledged: 0 };
  socket.send(encode('welcome', 's1', body));
}

/** Says it again and again, as fast as it is taken, and reads nothing. */
export function withoutEnd(socket: WebSocket, say: (done: () => void) => void): void {
  socket.pause();
  const again = () => {
    if (socket.readyState === socket.OPEN)
      for (let n = 0; n < 100; n++) say(n === 99 ? () => setImmediate(again) : () => undefined);
  };
  again();
}
