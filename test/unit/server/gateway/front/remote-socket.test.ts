import { beforeEach, describe, expect, it, vi } from 'vitest';
import { RemoteSocket } from '../../../../../server/gateway/front/remote-socket.ts';

const link = { drains: 0, send: vi.fn(), close: vi.fn(), terminate: vi.fn() };
let socket: RemoteSocket;
beforeEach(() => {
  vi.clearAllMocks();
  link.drains = 0;
  socket = new RemoteSocket(link, 5);
});

describe('the socket of a device that a front holds', () => {
  it('asks to hear of those frames alone that somebody waits for', () => {
    const done = vi.fn();
    socket.send('a');
    socket.send('b', done);
    expect(link.send.mock.calls).toEqual([
      [10, 'a'],
      [11, 'b'],
    ]);
    expect(done).not.toHaveBeenCalled();
    socket.sent(1);
    expect(done).toHaveBeenCalledTimes(1);
  });

  it('settles everything that waits when the connection is gone', () => {
    const dones = [vi.fn(), vi.fn()];
    const listener = { onFrame: vi.fn(), onOffence: vi.fn(), onClose: vi.fn() };
    socket.listener = listener;
    for (const done of dones) socket.send('a', done);
    socket.sent(1);
    socket.closed();
    const late = vi.fn();
    socket.send('b', late);
    for (const done of [...dones, late]) expect(done).toHaveBeenCalledTimes(1);
    expect(listener.onClose).toHaveBeenCalledTimes(1);
    expect(link.send).toHaveBeenCalledTimes(2);
  });

  it('is ended when too much waits for it, but not when the link has taken what was sent before', () => {
    const frame = 'x'.repeat(6_000_000);
    for (let n = 0; n < 6; n++) {
      socket.send(frame);
      link.drains += 1;
    }
    expect(link.terminate).not.toHaveBeenCalled();
    for (let n = 0; n < 6; n++) socket.send(frame);
    expect(link.terminate).toHaveBeenCalledWith(5);
    expect(link.send).toHaveBeenCalledTimes(9);
  });
});
