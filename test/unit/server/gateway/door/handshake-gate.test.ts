import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Dropped, type GateLimits, HandshakeGate } from '../../../../../server/gateway/door/handshake-gate.ts';
import { FakeClock } from '../../../../fakes/clock.ts';

class Peer extends EventEmitter {
  readonly remoteAddress: string | undefined;
  readonly remotePort: number;
  isDestroyed = false;

  constructor(remoteAddress: string | undefined, remotePort: number) {
    super();
    this.remoteAddress = remoteAddress;
    this.remotePort = remotePort;
  }

  destroy(): this {
    this.isDestroyed = true;
    this.emit('close');
    return this;
  }
}

let clock: FakeClock;
let begun: Peer[];
let dropped: Dropped[];
let waiting: number[];
let gate: HandshakeGate<Peer>;
let ports = 0;

beforeEach(() => {
  clock = new FakeClock();
  begun = [];
  dropped = [];
  waiting = [];
  gate = gateWith({ places: 4_096, atOnce: 512, slow: 1_024 });
});

function gateWith(limits: GateLimits): HandshakeGate<Peer> {
  return new HandshakeGate<Peer>({
    clock,
    limits,
    begin: (peer) => void begun.push(peer),
    onDropped: (why) => void dropped.push(why),
    onWaiting: (count) => void waiting.push(count),
  });
}

function arrive(count: number, address = '10.0.0.1'): Peer[] {
  const peers = Array.from({ length: count }, () => new Peer(address, ++ports));
  for (const peer of peers) gate.offer(peer);
  return peers;
}

/** So many windows pass, and each handshake that began in them succeeds. */
function pass(windows: number): void {
  for (let n = 0; n < windows; n++) {
    clock.advance(10);
    for (const peer of begun) gate.succeeded(peer);
  }
}

describe('the gate', () => {
  it('begins at once when nobody waits, and has no timer then', () => {
    const [peer] = arrive(1);
    expect(begun).toEqual([peer]);
    expect(clock.pending).toBe(0);
  });

  it('lets a crowd in at a pace, in the order it came', () => {
    const crowd = arrive(1_000);
    expect(begun).toHaveLength(8);
    pass(5);
    expect(begun.length).toBeGreaterThan(40);
    expect(begun.length).toBeLessThan(200);
    pass(100);
    expect(begun).toEqual(crowd);
    expect(clock.pending).toBe(0);
    expect(waiting.at(-1)).toBe(0);
  });

  it('lets whoever comes later wait behind the crowd', () => {
    arrive(100);
    const [later] = arrive(1, '10.0.0.2');
    expect(begun).not.toContain(later);
    pass(50);
    expect(begun.at(-1)).toBe(later);
  });

  it('drops those that waited too long, and says so', () => {
    gate = gateWith({ places: 4_096, atOnce: 64, slow: 1_024 });
    const crowd = arrive(4_000);
    // Nothing succeeds: after each 64 the gate is shut until its patience ends.
    clock.advance(60_000);
    const overdue = dropped.filter((why) => why === 'waited-too-long');
    expect(overdue.length).toBeGreaterThan(1_000);
    expect(begun.length + overdue.length).toBe(4_000);
    expect(crowd.filter(({ isDestroyed }) => isDestroyed)).toHaveLength(dropped.length);
  });

  it('keeps a bounded number waiting', () => {
    arrive(5_000);
    expect(gate.waiting).toBe(4_096);
    expect(dropped).toEqual(Array(5_000 - 4_096 - 8).fill('door-full'));
  });

  it('has so many handshakes under way at once, and is not shut by those that say nothing', () => {
    arrive(2_000);
    clock.advance(1_000);
    expect(begun).toHaveLength(512);
    expect(gate.underWay).toBe(512);
    clock.advance(1_500);
    expect(begun.length).toBeGreaterThan(900);
  });

  it('lets a bounded number go on slowly, the oldest go first', () => {
    const silent = arrive(4_000);
    clock.advance(7_900);
    expect(dropped.length).toBeGreaterThan(0);
    expect(dropped.every((why) => why === 'too-slow')).toBe(true);
    expect(begun.filter(({ isDestroyed }) => !isDestroyed).length).toBeLessThanOrEqual(512 + 1_024);
    expect(silent.findIndex(({ isDestroyed }) => !isDestroyed)).toBe(dropped.length);
  });

  it('begins fewer while the loop is late', () => {
    arrive(2_000);
    pass(20);
    const inTime = begun.length;
    for (let n = 0; n < 20; n++) {
      // The timer is due after 10 ms and fires when the loop comes back.
      clock.jump(100);
      pass(1);
    }
    expect(begun.length - inTime).toBeLessThan(inTime);
  });

  it('serves an address with many failed handshakes last, and serves it', () => {
    for (let n = 0; n < 30; n++) {
      for (const peer of arrive(8, '10.6.6.6')) peer.destroy();
      clock.advance(10);
    }
    const hostile = arrive(200, '10.6.6.6');
    const good = arrive(200, '10.0.0.1');
    for (let n = 0; n < 8; n++) {
      clock.advance(10);
      for (const peer of begun) gate.succeeded(peer);
    }
    const served = (peers: Peer[]) => peers.filter((peer) => begun.includes(peer)).length;
    expect(served(good)).toBeGreaterThan(5 * (served(hostile) - 8));
    pass(100);
    expect(served(good)).toBe(200);
    expect(served(hostile)).toBe(200);
    expect(dropped).toEqual([]);
  });

  it('cares nothing for a connection whose peer has gone already', () => {
    gate.offer(new Peer(undefined, 1));
    expect(begun).toEqual([]);
    expect(gate.underWay).toBe(0);
  });

  it('takes a peer that uses its port again before its end was noticed: the earlier goes, and the later counts', () => {
    const [earlier] = arrive(1);
    const later = new Peer('10.0.0.1', earlier?.remotePort ?? 0);
    gate.offer(later);
    expect(earlier?.isDestroyed).toBe(true);
    earlier?.emit('close');
    expect(gate.underWay).toBe(1);
    gate.succeeded(later);
    expect(gate.underWay).toBe(0);
    expect(later.listenerCount('close')).toBe(0);
  });

  it('forgets a handshake that is done: its end later counts as no failure', () => {
    for (let n = 0; n < 30; n++) {
      const peers = arrive(8);
      for (const peer of peers) gate.succeeded(peer);
      for (const peer of peers) {
        expect(peer.listenerCount('close')).toBe(0);
        peer.destroy();
      }
      clock.advance(10);
    }
    const school = arrive(100);
    arrive(100, '10.0.0.2');
    pass(6);
    expect(school.filter((peer) => begun.includes(peer)).length).toBeGreaterThan(50);
  });

  it('that stops drops whoever waits, whose handshake is under way and whoever comes still, and has no timer', () => {
    const [done] = arrive(1);
    if (done) gate.succeeded(done);
    const slow = arrive(4);
    clock.advance(3_000);
    const crowd = [...slow, ...arrive(100)];
    clock.advance(10);
    gate.stop();
    const late = arrive(1);
    expect([done, ...crowd, ...late].map((peer) => peer?.isDestroyed)).toEqual([false, ...Array(105).fill(true)]);
    expect([gate.underWay, clock.pending]).toEqual([0, 0]);
  });
});
