import { duplexPair } from 'node:stream';
import pino from 'pino';
import { expect, it, vi } from 'vitest';
import type { FrontChild } from '../../../../../server/gateway/front/front-child.ts';
import { FrontFleet } from '../../../../../server/gateway/front/front-fleet.ts';
import { Link } from '../../../../../server/gateway/front/link.ts';
import { fromFront, type Heard, toFront } from '../../../../../server/gateway/front/records.ts';
import { Hush } from '../../../../../server/gateway/hush.ts';
import { Room } from '../../../../../server/gateway/room.ts';
import { FakeClock } from '../../../../fakes/clock.ts';

const soon = { timeout: 20_000, interval: 5 };

/** A front that listens at once, until the test ends it. */
function frontThatListens(): FrontChild & { end(why: string): void } {
  const [near, far] = duplexPair();
  const { promise: ended, resolve } = Promise.withResolvers<string>();
  const front = new Link({ stream: near, out: fromFront, in: toFront, onEnd: () => resolve('its link closed') });
  const heard = Object.keys(toFront).map((name) => [name, (..._values: unknown[]) => undefined]);
  front.start(Object.fromEntries(heard) as Heard<typeof toFront>);
  near.on('error', () => undefined);
  front.send('ready', 8_444);
  const end = (why: string) => {
    near.destroy();
    resolve(why);
  };
  return { pid: 1, link: far, ended, kill: () => end('killed'), end };
}

it('starts a front again however often there can be no further process', async () => {
  const clock = new FakeClock();
  const first = frontThatListens();
  const starts: (() => FrontChild)[] = [() => first];
  const startChild = vi.fn(() => {
    const start = starts.shift();
    if (!start) throw new Error('spawn EMFILE');
    return start();
  });
  const fleet = new FrontFleet({
    ...{ clock, startChild, log: pino({ level: 'silent' }), processes: 1, canShare: true, environment: {} },
    owner: { room: new Room(1), hush: new Hush(clock), open: vi.fn(), heard: vi.fn() },
    ...{ onRefused: vi.fn(), onWaiting: vi.fn(), answer: async () => undefined },
    leaf: { tls: { key: 'key', cert: 'certificate' }, onRenewed: () => () => undefined },
    listening: {
      host: '127.0.0.1',
      port: 0,
      clientCas: '',
      maxConnections: 1,
      heartbeatSeconds: 60,
      logLevel: 'silent',
    },
  });
  await fleet.start();
  expect(fleet.port).toBe(8_444);
  first.end('exit code 1');
  await vi.waitFor(() => expect(fleet.pids).toEqual([undefined]), soon);
  // A quarter of a second, then twice as long each time, and every half a minute in the end.
  for (const delay of [250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
    const before = startChild.mock.calls.length;
    clock.advance(delay - 1);
    expect(startChild).toHaveBeenCalledTimes(before);
    clock.advance(1);
    expect(startChild).toHaveBeenCalledTimes(before + 1);
  }
  starts.push(frontThatListens);
  clock.advance(30_000);
  expect(fleet.pids).toEqual([1]);
  await fleet.stop();
});
