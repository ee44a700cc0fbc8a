import type { Socket } from 'node:net';
import type { Clock } from '../../../shared/clock.ts';
import { Failures } from './failures.ts';
import { Pace, windowMs } from './pace.ts';
import { WaitingRoom } from './waiting-room.ts';

/** Why a connection was dropped before its handshake was done. */
export type Dropped = 'door-full' | 'waited-too-long' | 'too-slow';

/** All of them together are to be fewer than the listener's connections, or strangers could fill the house. */
export interface GateLimits {
  /** Connections that wait for their handshake. */
  places: number;
  /** Handshakes under way at once. */
  atOnce: number;
  /** Handshakes that go on beside those, for their lines are slow or they say nothing. */
  slow: number;
}

/** What the gate needs of an accepted connection: paused, so that what its peer says waits in the kernel. */
export interface Arrival extends Peer {
  on(event: 'close', closed: () => void): unknown;
  off(event: 'close', closed: () => void): unknown;
  destroy(): unknown;
}

/** Undefined once the peer has gone. */
export interface Peer {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
}

export interface HandshakeGateParts<S extends Arrival> {
  clock: Clock;
  limits: GateLimits;
  /** Begins the handshake. */
  begin(socket: S): void;
  onDropped(why: Dropped): void;
  /** Told whenever it changes. */
  onWaiting?: ((waiting: number) => void) | undefined;
}

interface UnderWay<S> {
  socket: S;
  since: number;
  /** Its connection ended before its handshake was done. */
  onClosed: () => void;
}

/** Less than an agent waits for its handshake, so that whoever is dropped has not given up before. */
const waitMs = 30_000;
/** Whoever takes longer goes on, but keeps no place: slow lines are theirs, and silence must not shut the door. */
const patienceMs = 2_000;

/**
 * Lets connections into TLS at a pace the process can bear. A handshake costs its time when it begins, so whoever comes in
 * a storm waits outside for little memory and no time, first come first served, instead of slowing all the others down
 * until every peer has given up. Has a timer only while somebody waits.
 */
export class HandshakeGate<S extends Arrival = Socket> {
  readonly #parts: HandshakeGateParts<S>;
  readonly #pace = new Pace();
  readonly #failures = new Failures();
  readonly #room: WaitingRoom<S>;
  /**
   * By the peer's address and port, which is all that a TLS socket tells of the connection below it; the oldest first. A port
   * may be used again before the end of the earlier connection was noticed: then the later one has the place.
   */
  readonly #underWay = new Map<string, UnderWay<S>>();
  readonly #slow = new Map<string, UnderWay<S>>();
  #cancel: (() => void) | undefined;
  #hasStopped = false;

  constructor(parts: HandshakeGateParts<S>) {
    this.#parts = parts;
    this.#room = new WaitingRoom<S>({ places: parts.limits.places, waitMs });
  }

  get waiting(): number {
    return this.#room.size;
  }

  get underWay(): number {
    return this.#underWay.size;
  }

  /** Takes an accepted connection: begins its handshake, now or later, or drops it. */
  offer(socket: S): void {
    const { clock } = this.#parts;
    const { remoteAddress } = socket;
    // Its peer has gone already.
    if (remoteAddress === undefined || this.#hasStopped) socket.destroy();
    else if (this.#room.size === 0 && this.#mayBegin(clock.monotonic())) this.#begin(socket);
    else this.#wait(socket, remoteAddress);
  }

  /** Its handshake succeeded. */
  succeeded(socket: Peer): void {
    const key = keyOf(socket);
    const done = this.#handshake(key);
    done?.socket.off('close', done.onClosed);
    this.#forget(key);
  }

  /** Cuts off whoever waits, has not done its handshake or comes still: the end of the listener would wait for them. */
  stop(): void {
    this.#hasStopped = true;
    this.#cancel?.();
    this.#cancel = undefined;
    for (const socket of this.#room.empty()) socket.destroy();
    for (const { socket } of [...this.#underWay.values(), ...this.#slow.values()]) socket.destroy();
    this.#tellWaiting();
  }

  #wait(socket: S, address: string): void {
    const now = this.#parts.clock.monotonic();
    const gone = this.#room.add(socket, now, this.#failures.areMany(address, now));
    if (gone) this.#drop(gone, 'door-full');
    this.#tellWaiting();
    if (!this.#cancel) this.#schedule(now);
  }

  #schedule(now: number): void {
    const due = now + windowMs;
    this.#cancel = this.#parts.clock.after(windowMs, () => this.#look(due));
  }

  #look(due: number): void {
    const now = this.#parts.clock.monotonic();
    this.#pace.adapt(now - due);
    for (const socket of this.#room.overdue(now)) this.#drop(socket, 'waited-too-long');
    this.#giveUpOnSlow(due);
    while (this.#room.size > 0 && this.#mayBegin(now)) {
      const next = this.#room.next();
      if (next) this.#begin(next);
    }
    this.#tellWaiting();
    this.#cancel = undefined;
    if (this.#room.size > 0) this.#schedule(now);
  }

  #mayBegin(now: number): boolean {
    return this.#underWay.size < this.#parts.limits.atOnce && this.#pace.take(now);
  }

  #begin(socket: S): void {
    const { clock, begin } = this.#parts;
    const key = keyOf(socket);
    const onClosed = () => this.#failed(key, socket);
    this.#handshake(key)?.socket.destroy();
    this.#forget(key);
    this.#underWay.set(key, { socket, since: clock.monotonic(), onClosed });
    socket.on('close', onClosed);
    begin(socket);
  }

  #failed(key: string, socket: S): void {
    const { remoteAddress = '' } = socket;
    this.#failures.add(remoteAddress, this.#parts.clock.monotonic());
    if (this.#handshake(key)?.socket === socket) this.#forget(key);
  }

  #handshake(key: string): UnderWay<S> | undefined {
    return this.#underWay.get(key) ?? this.#slow.get(key);
  }

  #forget(key: string): void {
    this.#underWay.delete(key);
    this.#slow.delete(key);
  }

  /** As of `due`, when they should have been looked at: a loop that was late is not their fault. */
  #giveUpOnSlow(due: number): void {
    for (const [key, handshake] of this.#underWay) {
      if (due - handshake.since < patienceMs) return;
      this.#underWay.delete(key);
      this.#slow.set(key, handshake);
      const [slowest] = this.#slow.values();
      if (slowest && this.#slow.size > this.#parts.limits.slow) this.#drop(slowest.socket, 'too-slow');
    }
  }

  #drop(socket: S, why: Dropped): void {
    socket.destroy();
    this.#parts.onDropped(why);
  }

  #tellWaiting(): void {
    this.#parts.onWaiting?.(this.#room.size);
  }
}

function keyOf({ remoteAddress, remotePort }: Peer): string {
  return `${remoteAddress} ${remotePort}`;
}
