// A floor: TLS as the agents' listener speaks it, and nothing behind it. `tls` says hello by an empty pong and answers
// whatever comes with another; `websocket` upgrades and sends to all what it is told to. Arguments: what, folder of its
// certificates, and the port (0: any).
import { createPublicKey } from 'node:crypto';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import pino from 'pino';
import { WebSocketServer } from 'ws';
import { systemClock as clock, systemRandom as random } from '../../../server/clock.ts';
import { tlsOptions } from '../../../server/gateway/tls.ts';
import { openAuthority } from '../../../server/pki/authority.ts';
import { makeDeviceKey } from '../../fakes/device-keys.ts';

/** What a client needs. */
export interface BareReady {
  port: number;
  tls: { ca: string; cert: string; key: string };
}

const [, , what, home = '', port = '0'] = process.argv;
/** An empty pong, as a server frames it (RFC 6455 section 5.5.3). */
const pong = Buffer.from([0x8a, 0]);
const log = pino({ level: 'silent' });
const authority = await openAuthority({ home, district: 'Bench', hostNames: ['127.0.0.1'], clock, random, log });
const options = tlsOptions(authority.agentsLeaf, authority.clientCas);
const server = what === 'tls' ? createTlsServer(options) : createServer(options);

if (what === 'tls') {
  server.on('secureConnection', (socket) => {
    socket.on('error', () => socket.destroy());
    socket.on('data', () => socket.write(pong));
    socket.write(pong);
  });
} else {
  const sockets = new WebSocketServer({ server: server as ReturnType<typeof createServer>, perMessageDeflate: false });
  process.on('message', (frame: string) => {
    for (const socket of sockets.clients) socket.send(frame);
  });
}

const key = await makeDeviceKey();
const { chain } = await authority.issueDevice('bench', createPublicKey(key.key));
server.listen({ port: Number(port), host: '127.0.0.1', backlog: 4096 }, () => {
  const ready: BareReady = {
    port: (server.address() as AddressInfo).port,
    tls: { ca: authority.rootPem, cert: chain, key: key.pem },
  };
  process.send?.(ready);
});
