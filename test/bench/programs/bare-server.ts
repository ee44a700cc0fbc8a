// A floor: TLS as the agents' listener speaks it, and nothing behind it. It says hello by an empty pong, answers whatever
// comes with another, and sends to all what it is told to. Argument: folder of its certificates.
import { createPublicKey } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import pino from 'pino';
import { systemClock as clock, systemRandom as random } from '../../../server/clock.ts';
import { tlsOptions } from '../../../server/gateway/tls.ts';
import { openAuthority } from '../../../server/pki/authority.ts';
import { makeDeviceKey } from '../../fakes/device-keys.ts';

/** What a client needs. */
export interface BareReady {
  port: number;
  tls: { ca: string; cert: string; key: string };
}

const [, , home = ''] = process.argv;
/** An empty pong, as a server frames it (RFC 6455 section 5.5.3). */
const pong = Buffer.from([0x8a, 0]);
/** A short text frame as a server writes it (RFC 6455 section 5.2). */
function textFrame(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([0x81, 126, bytes.length >> 8, bytes.length & 255]), bytes]);
}

const log = pino({ level: 'silent' });
const authority = await openAuthority({ home, district: 'Bench', hostNames: ['127.0.0.1'], clock, random, log });
const options = tlsOptions(authority.agentsLeaf, authority.clientCas);
const server = createServer(options);

const sockets = new Set<TLSSocket>();
server.on('secureConnection', (socket) => {
  sockets.add(socket);
  socket.on('error', () => socket.destroy());
  socket.on('close', () => sockets.delete(socket));
  socket.on('data', () => socket.write(pong));
  socket.write(pong);
});
process.on('message', (text: string) => {
  const frame = textFrame(text);
  for (const socket of sockets) socket.write(frame);
});

const key = await makeDeviceKey();
const { chain } = await authority.issueDevice('bench', createPublicKey(key.key));
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  const ready: BareReady = {
    port: (server.address() as AddressInfo).port,
    tls: { ca: authority.rootPem, cert: chain, key: key.pem },
  };
  process.send?.(ready);
});
