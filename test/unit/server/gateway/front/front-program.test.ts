import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { duplexPair } from 'node:stream';
import { connect } from 'node:tls';
import pino from 'pino';
import { expect, it, vi } from 'vitest';
import { systemClock, systemRandom } from '../../../../../server/clock.ts';
import { FrontLine } from '../../../../../server/gateway/front/front-line.ts';
import { FrontProgram } from '../../../../../server/gateway/front/front-program.ts';
import { Hush } from '../../../../../server/gateway/hush.ts';
import { Room } from '../../../../../server/gateway/room.ts';
import { openAuthority } from '../../../../../server/pki/authority.ts';

const log = pino({ level: 'silent' });

/** A certificate of a server, as on its first day. */
async function leafOf(home: string) {
  const options = { home, district: 'Test', hostNames: ['127.0.0.1'], clock: systemClock, random: systemRandom, log };
  const { agentsLeaf, clientCas, stop } = await openAuthority(options);
  stop();
  return { tls: agentsLeaf.tls, clientCas };
}

function fingerprintOf(chain: string): string {
  return new X509Certificate(chain).fingerprint256;
}

/** Fingerprint of the certificate that listens on the port. */
function shown(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
    socket.once('secureConnect', () => {
      resolve(socket.getPeerCertificate().fingerprint256);
      socket.destroy();
    });
    socket.once('error', reject);
  });
}

it('a front listens with the certificate that the server sends it, and with the next one from when that comes', async () => {
  const homes = await Promise.all([1, 2].map(() => mkdtemp(join(tmpdir(), 'rollcall-front-'))));
  const [first, renewed] = await Promise.all(homes.map(leafOf));
  if (!first || !renewed) throw new Error('two leaves were asked for');
  const [near, far] = duplexPair();
  const onEnd = vi.fn();
  new FrontProgram(near, systemClock, onEnd).start();
  const ready = Promise.withResolvers<number>();
  const line = new FrontLine(far, {
    owner: { room: new Room(1), hush: new Hush(systemClock), open: () => expect.unreachable(), heard: () => undefined },
    ...{
      answer: async () => undefined,
      onHeard: () => undefined,
      onRefused: () => undefined,
      onWaiting: () => undefined,
      onEnd: () => undefined,
    },
    ...{ onReady: ready.resolve, onFailed: ready.reject, log },
  });
  line.start();
  line.leaf(first.tls);
  const { clientCas } = first;
  const bounds = { isShared: false, maxConnections: 0, heartbeatSeconds: 60, logLevel: 'silent' };
  line.listen({ host: '127.0.0.1', port: 0, clientCas, ...bounds });
  const port = await ready.promise;
  const before = await shown(port);
  expect(before).toBe(fingerprintOf(first.tls.cert));
  line.leaf(renewed.tls);
  await vi.waitFor(async () => expect(await shown(port)).toBe(fingerprintOf(renewed.tls.cert)), { timeout: 20_000 });
  line.stop();
  await vi.waitFor(() => expect(onEnd).toHaveBeenCalledTimes(1), { timeout: 20_000 });
  for (const home of homes) await rm(home, { recursive: true });
});
