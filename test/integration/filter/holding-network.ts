// The rest of the world, in a network namespace of its own: answers DNS on 53, over TLS on 853 and 443, and over UDP 443.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { FakeUpstream, selfSigned } from '../../fakes/upstream.ts';

const a = (name: string, data: string) => [{ type: 'A' as const, name, ttl: 1, data }];
const world = new FakeUpstream({
  'school.test A': a('school.test', '192.0.2.80'),
  'bad.test A': a('bad.test', '192.0.2.9'),
  'use-application-dns.net A': a('use-application-dns.net', '192.0.2.10'),
});

async function serveUdp(kind: 'udp4' | 'udp6', port: number, address: string): Promise<void> {
  const udp = createSocket(kind).bind(port, address);
  await once(udp, 'listening');
  udp.on('message', (query, from) => world.respond(query, (answer) => udp.send(answer, from.port, from.address), 512));
}
await serveUdp('udp6', 53, '::');
const credentials = selfSigned('resolver.test');
await once(createServer((socket) => world.serveStream(socket)).listen(53, '::'), 'listening');
for (const port of [853, 443]) {
  const server = createTlsServer(credentials, (socket) => world.serveStream(socket)).listen(port, '::');
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  await once(server, 'listening');
}
process.on('disconnect', () => process.exit());
process.send?.('ready');
// Its addresses are there now: over UDP the answer must come from the one that was asked.
await once(process, 'message');
await serveUdp('udp4', 443, '8.8.8.8');
process.send?.('complete');
