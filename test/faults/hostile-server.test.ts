import { readFileSync } from 'node:fs';
import type { Server, Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { systemRandom } from '../../agent/platform/clock.ts';
import { Dice } from '../../server/demo/dice.ts';
import { encode } from '../../shared/protocol/codec.ts';
import { closeCodes } from '../../shared/protocol/messages.ts';
import { AgentHome } from '../fakes/agent-home.ts';
import { FakeControlServer } from '../fakes/control-server.ts';
import { FakeDistrict } from '../fakes/district.ts';
import { bare, type Impostor, noise, session, web, welcome, withoutEnd } from '../fakes/hostile-server.ts';
import { until } from '../fakes/programs.ts';

const seed = Number(process.env.ROLLCALL_SEED ?? Date.now() % 1_000_000);
const district = new FakeDistrict();
const elsewhere = new FakeDistrict('Elsewhere');
const credential = district.device();
const unknown = JSON.stringify({ v: 1, type: 'dance', id: 's1', body: {} });
const empty = Buffer.alloc(0);

function welcomeAndClose(socket: WebSocket): void {
  welcome(socket);
  socket.close(1011);
}

/** Who answers, and how often the agent has to have tried before the district's own server is back. */
const impostors: [string, number, Impostor][] = [
  [
    'a captive portal with a certificate of its own',
    3,
    web(elsewhere, 'HTTP/1.1 302 Found\r\nlocation: https://a/\r\n\r\n'),
  ],
  ['a web server without TLS', 3, bare((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi'))],
  ['random bytes', 3, bare((socket) => socket.end(noise()))],
  ['somebody who hangs up', 3, bare((socket) => socket.destroy())],
  ['503', 3, web(district, 'HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n')],
  [
    'a redirect',
    3,
    web(district, 'HTTP/1.1 301 Moved\r\nlocation: wss://127.0.0.1:9/agent\r\ncontent-length: 0\r\n\r\n'),
  ],
  ['headers without end', 3, web(district, `HTTP/1.1 101 Switching Protocols\r\n${'x: y\r\n'.repeat(100_000)}`)],
  ['no frame', 3, session(district, (socket) => socket.send('no frame'))],
  ['a frame larger than any', 1, session(district, (socket) => socket.send(Buffer.alloc(3_000_000)))],
  ['a close after each welcome', 4, session(district, welcomeAndClose)],
  [
    'a restart after each welcome, at once',
    8,
    session(district, (socket) => {
      welcome(socket);
      socket.send(encode('restarting', 's2', { spreadSeconds: 0 }));
      socket.close(closeCodes.restarting);
    }),
  ],
  [
    'unknown messages without end',
    1,
    session(district, (socket) => withoutEnd(socket, (done) => socket.send(unknown, done))),
  ],
  [
    'pings without end',
    1,
    session(district, (socket) => withoutEnd(socket, (done) => socket.ping(Buffer.alloc(125), false, done))),
  ],
  [
    'fragments without end',
    1,
    session(district, (socket) =>
      withoutEnd(socket, (done) => socket.send(empty, { fin: false, binary: false }, done)),
    ),
  ],
];

describe(`an agent whose server is another, or broken (ROLLCALL_SEED=${seed})`, () => {
  const dice = new Dice(seed);
  let server: FakeControlServer;
  let device: AgentHome;
  const settings = () => readFileSync(join(device.root, 'etc/fake/policies/settings.json'), 'utf8');

  beforeEach(async () => {
    server = new FakeControlServer(district);
    await server.start();
    server.state = district.state(5, { browser: { blockedUrls: ['blocked.example'] } });
    device = new AgentHome();
    device.enrolAt(server, credential);
    // A hundredth of the usual waits.
    await device.start({ random: { ...systemRandom, unit: () => 0.01 * dice.unit() } });
    await server.until(() => server.reported('browser')?.status === 'verified', 'a state in force');
  });
  afterEach(async () => {
    await device.dispose();
    await server.stop();
  });

  it.each(impostors)(
    '%s: goes on as it was, tries ever more rarely, and is back when the server is',
    async (_, tries, stand) => {
      const before = { settings: settings(), calls: device.capability?.calls.filter((call) => call !== 'observe') };
      const { port } = server.address;
      const taken: Socket[] = [];
      await server.stopAgents();
      const impostor = await stand(port, (socket) => {
        socket.on('error', () => undefined);
        taken.push(socket);
      });
      try {
        await until('tries of the agent', 30_000, () => taken.length >= tries);
        await until('that it gives each up by itself', 30_000, () =>
          taken.slice(0, tries).every(({ destroyed }) => destroyed),
        );
        expect(taken.length).toBeLessThan(tries + 30);
        expect(settings()).toBe(before.settings);
        expect(device.capability?.calls.filter((call) => call !== 'observe')).toEqual(before.calls);
        expect(device.agent?.status().connected).toBe(false);
      } finally {
        for (const socket of taken) socket.destroy();
        await closed(impostor);
      }
      await server.start(port);
      await server.until(() => device.agent?.status().connected === true, 'a connection', 30_000);
    },
  );
});

function closed(server: Server): Promise<unknown> {
  return new Promise((resolve) => server.close(resolve));
}
