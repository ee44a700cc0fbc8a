// The resolver of a network, in a network namespace of its own: two addresses will lead to it. Sends what it was asked.
import { FakeUpstream } from '../fakes/upstream.ts';

const a = (name: string, data: string) => [{ type: 'A' as const, name, ttl: 1, data }];
const server = await new FakeUpstream({
  'school.test A': a('school.test', '192.0.2.1'),
  'bad.test A': a('bad.test', '192.0.2.9'),
  'use-application-dns.net A': a('use-application-dns.net', '192.0.2.10'),
}).start('0.0.0.0', 53);
process.on('message', () => process.send?.(server.asked.splice(0)));
process.on('disconnect', () => process.exit());
process.send?.([]);
