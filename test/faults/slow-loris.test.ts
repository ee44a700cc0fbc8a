import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allEnd, BesiegedServer } from '../fakes/besieged-server.ts';
import { show } from '../fakes/programs.ts';

const seed = Number(process.env.ROLLCALL_SEED ?? Date.now() % 1_000_000);
/** In the long form each is waited for until the server has had enough of it. */
const isLong = process.env.ROLLCALL_LONG === '1';
const ofEach = isLong ? 40 : 8;
/** What nobody has to wait for: it can never become anything. */
const hopeless = /random bytes$|random bytes after the handshake|terabyte|fragments without end/;

describe(`strangers and devices that linger at every port (ROLLCALL_SEED=${seed})`, () => {
  let server: BesiegedServer;
  const lingering = new Map<string, Socket[]>();

  beforeAll(async () => {
    server = await BesiegedServer.start(seed);
  });
  afterAll(async () => {
    for (const socket of [...lingering.values()].flat()) socket.destroy();
    await server.server.stop();
  });

  it('keep nobody else from enrolling, coming in, reporting and opening the console', async () => {
    for (const [name, begin] of server.ways) lingering.set(name, Array.from({ length: ofEach }, begin));
    await server.serves();
  }, 120_000);

  it('are sent away at once when nothing can become of them', async () => {
    const ways = [...lingering].filter(([name]) => hopeless.test(name));
    expect(ways).toHaveLength(9);
    await Promise.all(ways.map(([, sockets]) => allEnd(sockets)));
    await server.serves();
  }, 120_000);

  it.runIf(isLong)(
    'are all sent away in the end, whatever they do',
    async ({ onTestFailed }) => {
      const left = new Set(lingering.keys());
      onTestFailed(() => show(`still there: ${[...left].join('; ')}`));
      const gone = async ([name, sockets]: [string, Socket[]]) => {
        await allEnd(sockets);
        left.delete(name);
      };
      await Promise.all([...lingering].map(gone));
      await server.serves();
    },
    420_000,
  );
});
