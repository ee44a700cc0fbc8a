// The floor under acknowledgements: mutual TLS and WebSockets as the agents' listener speaks them, each message parsed and
// answered at once, and nothing kept. Argument: folder for its certificates.
import { createPublicKey } from 'node:crypto';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import pino from 'pino';
import { WebSocketServer } from 'ws';
import { systemClock as clock, systemRandom as random } from '../../../server/clock.ts';
import { tlsOptions } from '../../../server/gateway/tls.ts';
import { openAuthority } from '../../../server/pki/authority.ts';
import { encode } from '../../../shared/protocol/codec.ts';
import type { Body } from '../../../shared/protocol/messages.ts';
import { makeDeviceKey } from '../../fakes/device-keys.ts';
import type { AgentIdentity } from './ingest-agents.ts';

export interface EchoReady {
  port: number;
  /** For everybody who connects. */
  identity: AgentIdentity;
}

const [, , home = ''] = process.argv;
const log = pino({ level: 'silent' });
const authority = await openAuthority({ home, district: 'Bench', hostNames: ['127.0.0.1'], clock, random, log });
const server = createServer(tlsOptions(authority.agentsLeaf, authority.clientCas));
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
sockets.on('connection', (socket) => {
  socket.on('message', (frame: Buffer) => {
    const { body } = JSON.parse(frame.toString('utf8')) as { body: Body<'report'> };
    socket.send(encode('ack', 's1', { epoch: body.epoch, sequence: body.sequence }));
  });
});

const key = await makeDeviceKey();
const { chain } = await authority.issueDevice('bench', createPublicKey(key.key));
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  const identity = { name: 'bench', root: authority.rootPem, chain, pem: key.pem };
  process.send?.({ port, identity } satisfies EchoReady);
});
process.once('SIGTERM', () => process.exit(0));
