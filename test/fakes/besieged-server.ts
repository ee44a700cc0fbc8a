import { once } from 'node:events';
import type { Socket } from 'node:net';
import { expect } from 'vitest';
import { Dice } from '../../server/demo/dice.ts';
import { enrolmentPaths } from '../../shared/protocol/enrolment.ts';
import { FakeDevice } from './device.ts';
import { type Door, devices, type Lingering, strangers } from './lingerers.ts';
import { TestServer } from './running-server.ts';

/** A server at every port of which somebody lingers. */
export class BesiegedServer {
  readonly server: TestServer;
  readonly doors: Record<'agents' | 'enrolment' | 'console', Door>;
  readonly #token: string;
  readonly #dice: Dice;
  #comers = 0;

  private constructor(server: TestServer, token: string, lingerer: FakeDevice, seed: number) {
    const { ports } = server.server;
    const begun = (method: string, path: string) => `${method} ${path} HTTP/1.1\r\nhost: localhost\r\n`;
    this.server = server;
    this.#token = token;
    this.#dice = new Dice(seed);
    this.doors = {
      agents: { port: ports.agents, tls: lingerer.tls, request: begun('POST', '/throughput') },
      enrolment: { port: ports.enrolment, tls: {}, request: begun('POST', enrolmentPaths.enroll) },
      console: { port: ports.console, tls: { servername: 'localhost' }, request: begun('POST', '/api/session') },
    };
  }

  static async start(seed: number): Promise<BesiegedServer> {
    const server = await TestServer.start();
    const body = { maxUses: 100, expiresInSeconds: 3_600, label: 'cart', simulated: true };
    const { token } = await server.operate<{ token: string }>('/api/tokens', { method: 'POST', body });
    const lingerer = await FakeDevice.make('lingerer');
    expect((await lingerer.enroll(server.server.ports.enrolment, token)).status).toBe(200);
    return new BesiegedServer(server, token, lingerer, seed);
  }

  /** Each way of lingering at each port where there is one, so many of each. */
  get ways(): [name: string, begin: () => Socket][] {
    const all = (door: Door, ways: Record<string, Lingering>, where: string) =>
      Object.entries(ways).map(([name, way]): [string, () => Socket] => [
        `${where}: ${name}`,
        () => way(door, this.#dice),
      ]);
    return [
      ...Object.entries(this.doors).flatMap(([where, door]) => all(door, strangers, where)),
      ...all(this.doors.agents, devices, 'agents'),
    ];
  }

  /** A new device enrols, comes in and reports; the console answers. */
  async serves(): Promise<void> {
    const { ports } = this.server.server;
    const device = await FakeDevice.make(`comer-${++this.#comers}`);
    expect((await device.enroll(ports.enrolment, this.#token)).status).toBe(200);
    const line = await device.connect(ports.agents);
    line.send('hello', device.hello());
    await line.next('welcome', 30_000);
    line.send('report', device.report({ kind: 'event', at: Date.now(), code: 'calm', detail: '' }));
    await line.next('ack', 30_000);
    await line.cut();
    expect((await this.server.call('/healthz')).status).toBe(200);
  }
}

/** Resolves when each of them has ended. */
export async function allEnd(sockets: readonly Socket[]): Promise<void> {
  await Promise.all(sockets.map((socket) => socket.closed || once(socket, 'close')));
}
