import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { LiveTab } from '../../../../server/api/live-tab.ts';
import type { Watcher } from '../../../../server/gateway/live-views.ts';
import type { LiveEvent, LiveRequest } from '../../../../shared/api/live.ts';
import type { StreamKind } from '../../../../shared/diagnostics/streams.ts';

/** A browser that takes what it is sent only when it is told to. */
class SlowSocket extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  bufferedAmount = 0;
  readonly sent: LiveEvent[] = [];
  readonly #taken: (() => void)[] = [];
  pings = 0;
  closed: number | 'cut off' | undefined;

  send(frame: string, taken: () => void): void {
    this.sent.push(JSON.parse(frame) as LiveEvent);
    this.bufferedAmount += frame.length;
    this.#taken.push(() => {
      this.bufferedAmount -= frame.length;
      taken();
    });
  }
  ping(): void {
    this.pings += 1;
  }
  close(code: number): void {
    this.#end(code);
  }
  terminate(): void {
    this.#end('cut off');
  }
  /** Reads everything that is on its way now. */
  read(): void {
    for (const take of this.#taken.splice(0)) take();
  }
  ask(request: LiveRequest | string): void {
    this.emit('message', Buffer.from(typeof request === 'string' ? request : JSON.stringify(request)), false);
  }
  #end(how: number | 'cut off'): void {
    this.readyState = 3;
    this.closed ??= how;
    this.emit('close');
  }
}

const large = 'x'.repeat(17_000);
let socket: SlowSocket;
let tab: LiveTab;
let watchers: Map<string, Watcher>;
let unwatched: string[];
let closings: number;

beforeEach(() => {
  [socket, watchers, unwatched, closings] = [new SlowSocket(), new Map(), [], 0];
  const watch = async (watched: { diagnosisId: string; stream: StreamKind }, _staff: string, watcher: Watcher) => {
    const key = `${watched.diagnosisId} ${watched.stream}`;
    watchers.set(key, watcher);
    return () => unwatched.push(key);
  };
  tab = new LiveTab(socket as unknown as WebSocket, 'kim', { watch } as never);
  tab.start(() => {
    closings += 1;
  });
});

const watch = (stream: StreamKind, diagnosisId = 'd') => socket.ask({ type: 'watch', diagnosisId, stream });
const sample = (stream: StreamKind, words: string) =>
  watchers.get(`d ${stream}`)?.onSample({
    ...{ kind: 'logs', dropped: 0 },
    lines: [{ at: 1, level: 'info', unit: '', words }],
  });
const told = () =>
  socket.sent.map((event) =>
    event.type === 'sample' && 'lines' in event.sample ? (event.sample.lines[0]?.words.length ?? 0) : event.type,
  );
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('a tab that reads slowly', () => {
  beforeEach(() => watch('logs'));

  it('is sent the latest sample when it has read on, and none of those between', () => {
    sample('logs', large);
    for (let length = 1; length <= 1_000; length += 1) sample('logs', 'y'.repeat(length));
    expect([told(), tab.waiting]).toEqual([[17_000], 1]);
    socket.read();
    expect([told(), tab.waiting]).toEqual([[17_000, 1_000], 0]);
  });

  it('is sent the latest of each stream, and each hint once', () => {
    watch('wifi');
    sample('logs', large);
    for (let count = 0; count < 50; count += 1) {
      sample('logs', 'a');
      watchers.get('d wifi')?.onSample({ kind: 'wifi' });
      tab.changed({ topic: 'tickets' });
      tab.changed({ topic: 'ticket', id: 't1' });
    }
    expect(tab.waiting).toBe(4);
    socket.read();
    expect(told().slice(1)).toEqual([1, 'sample', 'changed', 'changed']);
  });

  it('is told the end of a stream, and no sample after it', () => {
    sample('logs', large);
    sample('logs', 'a');
    watchers.get('d logs')?.onEnd('The device disconnected.');
    sample('logs', 'b');
    socket.read();
    expect(told()).toEqual([17_000, 'watch-ended']);
  });

  it('is cut off when more different things wait than a tab can show', () => {
    sample('logs', large);
    for (let number = 0; number <= 2_000; number += 1) tab.changed({ topic: 'device', id: `d${number}` });
    expect([socket.closed, tab.waiting, closings]).toEqual(['cut off', 0, 1]);
  });
});

describe('a tab that does not live', () => {
  it('is cut off at the second question for a sign of life', async () => {
    watch('logs');
    await settled();
    tab.demandLife();
    expect([socket.pings, socket.closed]).toEqual([1, undefined]);
    tab.demandLife();
    expect([socket.closed, unwatched]).toEqual(['cut off', ['d logs']]);
  });

  it('stays when it answers', () => {
    for (let times = 0; times < 5; times += 1) {
      tab.demandLife();
      socket.emit('pong');
    }
    expect([socket.pings, socket.closed]).toEqual([5, undefined]);
  });
});

describe('what a tab asks', () => {
  it('a stream is watched once, and not after it left', async () => {
    watch('logs');
    watch('logs');
    await settled();
    socket.ask({ type: 'unwatch', diagnosisId: 'd', stream: 'logs' });
    sample('logs', 'a');
    expect([unwatched, told()]).toEqual([['d logs'], []]);
  });

  it('one that left before the stream was open leaves nothing open', async () => {
    watch('logs');
    socket.close(1001);
    await settled();
    expect(unwatched).toEqual(['d logs']);
  });

  it('more than sixteen are refused', () => {
    for (let number = 0; number < 17; number += 1) watch('live', `d${number}`);
    expect(watchers.size).toBe(16);
    expect(socket.sent).toMatchObject([{ type: 'watch-ended', diagnosisId: 'd16' }]);
  });

  it.each([
    'nonsense',
    '{"type":"watch"}',
    '{"type":"watch","deviceId":"d1"}',
    '{"type":"watch","diagnosisId":"d","stream":"camera"}',
    '{"type":"watch","diagnosisId":"d","stream":"logs","filter":{"path":"/etc/shadow"}}',
    `{"type":"watch","diagnosisId":"d","stream":"logs","filter":{"text":"${'x'.repeat(101)}"}}`,
    `{"x":"${'y'.repeat(3_000)}"}`,
  ])('closes on %s', (request) => {
    socket.ask(request);
    expect(socket.closed).toBe(1008);
  });
});
