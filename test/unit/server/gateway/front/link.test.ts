import { once } from 'node:events';
import { Duplex, duplexPair } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { Link } from '../../../../../server/gateway/front/link.ts';
import { RecordBatch } from '../../../../../server/gateway/front/record-batch.ts';
import { LinkError, RecordSplitter } from '../../../../../server/gateway/front/record-splitter.ts';
import {
  fromFront,
  type Heard,
  RecordDispatch,
  RecordWriter,
  toFront,
} from '../../../../../server/gateway/front/records.ts';

type Call = [string, ...unknown[]];

/** Notes what is heard. */
function ear(): { calls: Call[]; heard: Heard<typeof fromFront> } {
  const calls: Call[] = [];
  const names = Object.keys(fromFront);
  const heard = Object.fromEntries(
    names.map((name) => [name, (...values: unknown[]) => calls.push([name, ...values])]),
  );
  return { calls, heard: heard as unknown as Heard<typeof fromFront> };
}

const number = fc.nat(0xffff_ffff);
const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const bytes = fc.oneof(fc.uint8Array({ maxLength: 60 }), fc.uint8Array({ minLength: 8_000, maxLength: 20_000 }));
const record = fc.oneof(
  fc.tuple(fc.constant('frame' as const), number, bytes),
  fc.tuple(fc.constant('open' as const), number, fc.array(text, { maxLength: 8 }), text),
  fc.tuple(fc.constant('heard' as const), fc.array(number, { maxLength: 50 })),
  fc.tuple(fc.constant('closed' as const), number),
  fc.tuple(fc.constant('offence' as const), number, text, text),
);

/** As it arrives: values of bytes are Buffers. */
const arrived = (sent: readonly unknown[]) =>
  sent.map((value) => (value instanceof Uint8Array ? Buffer.from(value) : value));

function written(records: readonly Call[]): Buffer {
  const batch = new RecordBatch();
  const writer = new RecordWriter(fromFront);
  for (const [kind, ...values] of records) writer.write(batch, kind as 'frame', values as never);
  const { length } = batch;
  const whole = Buffer.concat(batch.take());
  expect(whole.length).toBe(length);
  return whole;
}

describe('records', () => {
  it('arrive whole and in order, however their bytes are cut', () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 30_000 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(fc.array(record, { maxLength: 12 }), cuts, (sent, sizes) => {
        const whole = written(sent);
        const { calls, heard } = ear();
        const dispatch = new RecordDispatch(fromFront, heard);
        const splitter = new RecordSplitter(100_000);
        for (let at = 0, turn = 0; at < whole.length; turn++) {
          const size = sizes[turn % sizes.length] ?? 1;
          for (const each of splitter.push(whole.subarray(at, at + size))) dispatch.dispatch(each);
          at += size;
        }
        expect(calls).toEqual(sent.map(arrived));
      }),
      { numRuns: 60 },
    );
  });

  it('of garbage are refused or heard, and nothing else happens', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (garbage) => {
        const dispatch = new RecordDispatch(fromFront, ear().heard);
        try {
          dispatch.dispatch(Buffer.from(garbage));
        } catch (error) {
          expect(error).toBeInstanceOf(LinkError);
        }
      }),
    );
  });

  const broken: [string, Buffer][] = [
    ['longer than any', Buffer.from([0xff, 0xff, 0xff, 0xff, 0])],
    ['empty', Buffer.from([0, 0, 0, 0])],
    ['of an unknown kind', Buffer.from([0, 0, 0, 1, 99])],
    ['cut within a number', Buffer.from([0, 0, 0, 3, 0, 1, 2])],
    ['with a text longer than itself', Buffer.from([0, 0, 0, 5, 1, 0, 0, 0, 9])],
    ['with more texts than fit', Buffer.from([0, 0, 0, 9, 3, 0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff])],
    ['that goes on after its end', Buffer.from([0, 0, 0, 6, 0, 0, 0, 0, 1, 7])],
  ];
  it.each(broken)('%s end the link', async (_, sent) => {
    const [near, far] = duplexPair();
    const ended = new Promise<Error | undefined>((resolve) => {
      const link = new Link({ stream: far, out: toFront, in: fromFront, onEnd: resolve });
      link.start(ear().heard);
    });
    near.on('error', () => undefined);
    near.write(sent);
    expect(await ended).toBeInstanceOf(LinkError);
    expect(far.destroyed).toBe(true);
  });
});

describe('a link', () => {
  /** Takes nothing until told to, and has nothing to say. */
  class Stuck extends Duplex {
    readonly writes: Buffer[] = [];
    #done: (() => void)[] = [];

    override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
      this.writes.push(Buffer.concat(chunks.map(({ chunk }) => chunk)));
      this.#done.push(done);
    }

    accept(): void {
      for (const done of this.#done.splice(0)) done();
    }
  }

  function stuck() {
    const stream = new Stuck({ read: () => undefined });
    const onDrain = vi.fn();
    const onEnd = vi.fn();
    const link = new Link({ stream, out: fromFront, in: toFront, onEnd, onDrain });
    return { stream, link, onDrain, onEnd };
  }

  const turn = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

  it('sends what one turn of the loop brings in one write', async () => {
    const { stream, link } = stuck();
    for (let n = 0; n < 100; n++) link.send('frame', n, 'x'.repeat(n));
    expect(stream.writes).toEqual([]);
    await turn();
    expect(stream.writes).toHaveLength(1);
  });

  it('is full when the other side does not read, and says when it has room again', async () => {
    const { stream, link, onDrain } = stuck();
    link.send('frame', 1, Buffer.alloc(900_000));
    await turn();
    expect(link.isFull).toBe(false);
    link.send('frame', 1, Buffer.alloc(900_000));
    expect(link.isFull).toBe(true);
    await turn();
    expect(onDrain).not.toHaveBeenCalled();
    stream.accept();
    await turn();
    stream.accept();
    await vi.waitFor(() => expect(onDrain).toHaveBeenCalledTimes(1));
    expect(link.isFull).toBe(false);
  });

  it('still sends what was given before its end, tells that end once, and takes nothing after it', async () => {
    const [near, far] = duplexPair();
    const onEnd = vi.fn();
    const link = new Link({ stream: near, out: fromFront, in: toFront, onEnd });
    const received: Buffer[] = [];
    far.on('data', (piece: Buffer) => received.push(piece));
    link.send('closed', 7);
    link.close();
    link.send('closed', 8);
    await once(far, 'end');
    expect(Buffer.concat(received)).toEqual(written([['closed', 7]]));
    far.end();
    await turn();
    expect(onEnd).toHaveBeenCalledTimes(1);
  });

  it('gives a chance to send more before a turn’s records go out', async () => {
    const stream = new Stuck({ read: () => undefined });
    const link: Link<typeof fromFront, typeof toFront> = new Link({
      ...{ stream, out: fromFront, in: toFront, onEnd: () => undefined },
      beforeFlush: () => link.send('closed', 2),
    });
    link.send('closed', 1);
    await turn();
    expect(Buffer.concat(stream.writes)).toEqual(
      written([
        ['closed', 1],
        ['closed', 2],
      ]),
    );
  });
});
