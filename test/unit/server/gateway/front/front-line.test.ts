import { duplexPair } from 'node:stream';
import pino from 'pino';
import { expect, it, vi } from 'vitest';
import { FrontLine } from '../../../../../server/gateway/front/front-line.ts';
import { identityOf, textsOf } from '../../../../../server/gateway/front/identity-texts.ts';
import { Link } from '../../../../../server/gateway/front/link.ts';
import { LinkError } from '../../../../../server/gateway/front/record-splitter.ts';
import {
  fromFront,
  type Heard,
  listeningOf,
  listeningRecord,
  toFront,
} from '../../../../../server/gateway/front/records.ts';
import { Hush } from '../../../../../server/gateway/hush.ts';
import { Room } from '../../../../../server/gateway/room.ts';
import type { Identity } from '../../../../../server/store/certificates.ts';
import { FakeClock } from '../../../../fakes/clock.ts';

const identity: Identity = {
  ...{ deviceId: 'd1', deviceName: 'Laptop', deviceStatus: 'active', certificateStatus: 'active' },
  ...{ serial: '01AB', fingerprint: 'f'.repeat(64), notAfter: 1_800_000_000_000 },
};

const soon = { timeout: 20_000, interval: 5 };

/** A front that says what a test wants, and the server's end of its link. */
function line() {
  const [near, far] = duplexPair();
  const listener = { onFrame: vi.fn(), onOffence: vi.fn(), onClose: vi.fn() };
  const parts = {
    ...{
      onReady: vi.fn(),
      onFailed: vi.fn(),
      onHeard: vi.fn(),
      onRefused: vi.fn(),
      onWaiting: vi.fn(),
      onEnd: vi.fn(),
    },
    owner: { room: new Room(1), hush: new Hush(new FakeClock()), open: vi.fn(() => listener), heard: vi.fn() },
    answer: vi.fn(async (what: string): Promise<{ texts: string[] } | undefined> => {
      if (what === 'broken') throw new Error('the disk is full');
      return what === 'identity' ? { texts: textsOf(identity) } : undefined;
    }),
    log: pino({ level: 'silent' }),
  };
  const server = new FrontLine(far, parts);
  server.start();
  const told: unknown[][] = [];
  const front = new Link({ stream: near, out: fromFront, in: toFront, onEnd: () => undefined });
  const heard = Object.keys(toFront).map((name) => [name, (...values: unknown[]) => told.push([name, ...values])]);
  front.start(Object.fromEntries(heard) as Heard<typeof toFront>);
  near.on('error', () => undefined);
  return { front, server, told, listener, ...parts };
}

it('gives a device’s frames to its session, and ends it when the front says so', async () => {
  const { front, owner, listener } = line();
  front.send('open', 7, textsOf(identity), '10.0.0.1');
  front.send('frame', 7, 'hello');
  front.send('frame', 8, 'of nobody');
  front.send('offence', 7, 'flooding', 'too many');
  front.send('closed', 7);
  front.send('frame', 7, 'too late');
  await vi.waitFor(() => expect(listener.onClose).toHaveBeenCalledTimes(1), soon);
  expect(owner.open).toHaveBeenCalledWith(expect.anything(), identity, '10.0.0.1');
  expect(listener.onFrame.mock.calls).toEqual([[Buffer.from('hello')]]);
  expect(listener.onOffence).toHaveBeenCalledWith('flooding', 'too many');
});

it('answers what the front asks, and says so when it cannot', async () => {
  const { front, told } = line();
  front.send('ask', 1, 'identity', ['01AB']);
  front.send('ask', 2, 'artifact', ['f'.repeat(64)]);
  front.send('ask', 3, 'broken', []);
  await vi.waitFor(() => expect(told).toHaveLength(3), soon);
  expect(told.map(([kind, number, texts]) => [kind, number, (texts as unknown[] | undefined)?.length])).toEqual([
    ['answer', 1, 7],
    ['answer', 2, 0],
    ['unanswered', 3, undefined],
  ]);
});

it('sends a shared frame before what is said after it', async () => {
  const { front, server, told, owner } = line();
  front.send('open', 1, textsOf(identity), '');
  await vi.waitFor(() => expect(owner.open).toHaveBeenCalled(), soon);
  server.send(2, Buffer.from('state'));
  server.send(2, 'words');
  server.send(4, Buffer.from('goodbye'));
  server.close(1, 4000, 'restarting');
  await vi.waitFor(
    () => expect(told.map(([kind]) => kind)).toEqual(['keep', 'fan', 'send', 'keep', 'fan', 'close']),
    soon,
  );
});

it('says when a hush begins and ends, after what was sent before', async () => {
  const { front, server, told, owner } = line();
  front.send('open', 1, textsOf(identity), '');
  await vi.waitFor(() => expect(owner.open).toHaveBeenCalled(), soon);
  owner.hush.begin();
  server.send(2, Buffer.from('state'));
  owner.hush.end();
  await vi.waitFor(() => expect(told).toHaveLength(4), soon);
  expect(told.filter(([kind]) => kind !== 'keep')).toEqual([
    ['hush', 1],
    ['fan', 1, [2]],
    ['hush', 0],
  ]);
});

const senseless: [string, (front: ReturnType<typeof line>['front']) => void][] = [
  ['opens a session twice', (front) => front.send('open', 7, textsOf(identity), '')],
  ['opens one without a whole identity', (front) => front.send('open', 8, ['d1'], '')],
  ['names an offence nobody knows', (front) => front.send('offence', 7, 'witchcraft', '')],
  ['refuses for a reason that is no word', (front) => front.send('refused', 'No “label”', 1)],
  ['logs at no level', (front) => front.send('log', 'shout', 'x', '')],
];
it.each(senseless)('ends all sessions of a front that %s', async (_, act) => {
  const { front, listener, onEnd, owner } = line();
  front.send('open', 7, textsOf(identity), '');
  await vi.waitFor(() => expect(owner.open).toHaveBeenCalled(), soon);
  act(front);
  await vi.waitFor(() => expect(onEnd).toHaveBeenCalledWith(expect.any(LinkError)), soon);
  expect(listener.onClose).toHaveBeenCalledTimes(1);
});

it('carries an identity and how to listen unchanged', () => {
  expect(identityOf(textsOf(identity))).toEqual(identity);
  const listening = {
    ...{ host: '::', clientCas: 'PEM', logLevel: 'warn' },
    ...{ port: 8444, isShared: true, maxConnections: 5, heartbeatSeconds: 60 },
  };
  expect(listeningOf(...listeningRecord(listening))).toEqual(listening);
});
