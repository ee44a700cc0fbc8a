import { beforeEach, describe, expect, it } from 'vitest';
import { SharedFrames } from '../../../../../server/gateway/front/shared-frames.ts';

let sent: unknown[];
let frames: SharedFrames;
beforeEach(() => {
  sent = [];
  frames = new SharedFrames({
    keep: (id, frame) => sent.push(['keep', id, frame.length]),
    fan: (id, to) => sent.push(['fan', id, [...to]]),
    drop: (id) => sent.push(['drop', id]),
  });
});

describe('frames for many', () => {
  it('cross once, and then only to whom they go', () => {
    const frame = Buffer.alloc(100);
    for (const to of [2, 4, 7]) frames.send(frame, to);
    frames.flush();
    frames.send(frame, 9);
    frames.flush();
    frames.flush();
    expect(sent).toEqual([
      ['keep', 1, 100],
      ['fan', 1, [2, 4, 7]],
      ['fan', 1, [9]],
    ]);
  });

  it('keep their order for each session', () => {
    const [a, b] = [Buffer.alloc(1), Buffer.alloc(2)];
    frames.send(a, 2);
    frames.send(b, 2);
    frames.send(a, 2);
    frames.flush();
    expect(sent.filter((each) => (each as unknown[])[0] === 'fan')).toEqual([
      ['fan', 1, [2]],
      ['fan', 2, [2]],
      ['fan', 1, [2]],
    ]);
  });

  it('that nobody was given for longest are given up, and cross again when they are needed', () => {
    const large = Array.from({ length: 4 }, () => Buffer.alloc(16_000_000));
    const [first, second] = large as [Buffer, Buffer];
    for (const frame of large.slice(0, 3)) frames.send(frame, 2);
    frames.send(first, 4);
    frames.send(large[3] as Buffer, 2);
    frames.flush();
    expect(sent.filter((each) => (each as unknown[])[0] === 'drop')).toEqual([['drop', 2]]);
    sent = [];
    frames.send(second, 2);
    frames.flush();
    expect(sent).toEqual([
      ['keep', 5, 16_000_000],
      ['drop', 3],
      ['fan', 5, [2]],
    ]);
  });
});
