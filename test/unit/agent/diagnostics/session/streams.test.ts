import { beforeEach, describe, expect, it } from 'vitest';
import { type Line, type StreamRequest, Streams } from '../../../../../agent/diagnostics/session/streams.ts';
import type { StreamSample } from '../../../../../shared/diagnostics/streams.ts';
import { encode } from '../../../../../shared/protocol/codec.ts';
import { FakeLog } from '../../../../fakes/log.ts';

const sample: StreamSample = { kind: 'wifi' };
let sent: { type: string; body: unknown }[];
let writes: (() => void)[];
let requests: StreamRequest[];
let stopped: number;
let streams: Streams;
const line: Line & { isCongested: boolean } = {
  isCongested: false,
  send: (type, body, written) => {
    encode(type, 'm', body);
    sent.push({ type, body });
    if (written) writes.push(written);
    return true;
  },
};
const open = (stream: string) => streams.open({ stream, kind: 'wifi', intervalMs: 1000, diagnosis: 'd' }, line);

beforeEach(() => {
  [sent, writes, requests, stopped, line.isCongested] = [[], [], [], 0, false];
  streams = new Streams(async (request) => {
    requests.push(request);
    return {
      stop: () => {
        stopped += 1;
      },
    };
  }, new FakeLog());
});

describe('a stream', () => {
  it('has at most one sample on its way, however slow the line', async () => {
    await open('s');
    expect([1, 2, 3].map(() => requests[0]?.emit(sample))).toEqual([true, false, false]);
    expect(sent).toHaveLength(1);
    writes[0]?.();
    expect(requests[0]?.emit(sample)).toBe(true);
    expect(sent).toHaveLength(2);
  });

  it('leaves samples out while other things wait for the line', async () => {
    await open('s');
    line.isCongested = true;
    expect(requests[0]?.emit(sample)).toBe(false);
    expect(sent).toEqual([]);
  });

  it('says nothing after it was closed, and stops what samples', async () => {
    await open('s');
    streams.close('s');
    expect([requests[0]?.emit(sample), stopped, streams.count]).toEqual([false, 1, 0]);
    requests[0]?.end('over');
    expect(sent).toEqual([]);
  });

  it('that is closed while it opens is stopped as soon as it is open', async () => {
    const opening = open('s');
    streams.closeAll();
    await opening;
    expect([stopped, streams.count]).toEqual([1, 0]);
  });

  it('that ends by itself tells the server once', async () => {
    await open('s');
    requests[0]?.end('there is no more to come');
    requests[0]?.end('there is no more to come');
    expect(sent).toEqual([{ type: 'stream-close', body: { stream: 's', reason: 'there is no more to come' } }]);
    expect(stopped).toBe(1);
  });

  it('leaves a sample out that is larger than a message may be', async () => {
    await open('s');
    const huge = { kind: 'logs', dropped: 0, lines: [{ at: 1, level: 'info', unit: '', words: 'x'.repeat(200_000) }] };
    expect(requests[0]?.emit(huge as StreamSample)).toBe(false);
    expect(requests[0]?.emit(sample)).toBe(true);
  });

  it('that cannot be opened is closed in words', async () => {
    streams = new Streams(async () => Promise.reject(new Error('no')), new FakeLog());
    await open('s');
    expect(sent).toEqual([
      { type: 'stream-close', body: { stream: 's', reason: 'this device could not open the stream' } },
    ]);
    expect(streams.count).toBe(0);
  });
});

it('more than eight streams are refused, and one of a name is opened once', async () => {
  for (let number = 1; number <= 9; number += 1) await open(`s${number}`);
  await open('s1');
  expect([streams.count, requests.length]).toEqual([8, 8]);
  expect(sent).toMatchObject([{ type: 'stream-close', body: { stream: 's9' } }]);
});
