import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Clock, Random } from '../../../shared/clock.ts';
import { Pending, RandomIds } from './pending.ts';
import { type Question, UpstreamError, type Waiter } from './upstream.ts';

export interface ServerAddress {
  address: string;
  port: number;
}

const poolSize = 8;
/** A socket, and with it its source port, is used for so many queries. */
const queriesPerSocket = 2000;
const idleMs = 15_000;

/**
 * Plain DNS over UDP. A few connected sockets, each on a source port of the kernel's choice and soon replaced: with the
 * random id a forger must guess both, and packets of other senders never arrive (RFC 5452).
 */
export class UdpServer {
  readonly #server: ServerAddress;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #ids: RandomIds;
  readonly #timeoutMs: number;
  readonly #pool: (PooledSocket | undefined)[] = new Array(poolSize).fill(undefined);

  constructor(server: ServerAddress, clock: Clock, random: Random, timeoutMs: number) {
    this.#server = server;
    this.#clock = clock;
    this.#random = random;
    this.#ids = new RandomIds(random);
    this.#timeoutMs = timeoutMs;
  }

  ask(question: Question, waiter: Waiter): void {
    const slot = Math.floor(this.#random.unit() * poolSize);
    let socket = this.#pool[slot];
    if (!socket || socket.spent) {
      socket?.retire();
      socket = new PooledSocket(this.#server, this.#clock, this.#ids, this.#timeoutMs);
      this.#pool[slot] = socket;
    }
    socket.ask(question, waiter);
  }

  close(): void {
    for (const socket of this.#pool) socket?.retire();
    this.#pool.fill(undefined);
  }
}

class PooledSocket {
  readonly #socket: Socket;
  readonly #pending: Pending;
  readonly #clock: Clock;
  /** An ICMP "port unreachable" for an earlier packet can be the outcome of the next send. */
  readonly #sent = (error: Error | null) => {
    if (error) this.#fail(error);
  };
  #queue: Buffer[] | undefined = [];
  #asked = 0;
  #retired = false;
  #closed = false;
  #lastUse: number;

  constructor(server: ServerAddress, clock: Clock, ids: RandomIds, timeoutMs: number) {
    this.#clock = clock;
    this.#lastUse = clock.monotonic();
    this.#pending = new Pending(clock, ids, timeoutMs, () => this.retire());
    this.#socket = createSocket({ type: isIPv6(server.address) ? 'udp6' : 'udp4' });
    this.#socket.unref();
    this.#socket.on('error', (error) => this.#fail(error));
    this.#socket.on('message', (answer) => {
      this.#pending.settle(answer);
      if (this.#retired) this.#closeWhenIdle();
    });
    // Without a route Node hands the error to this callback and nowhere else.
    this.#socket.connect(server.port, server.address, (error?: Error | null) =>
      error ? this.#fail(error) : this.#connected(),
    );
  }

  /** No more queries should be put on it. */
  get spent(): boolean {
    return this.#retired || this.#asked >= queriesPerSocket || this.#clock.monotonic() - this.#lastUse > idleMs;
  }

  ask(question: Question, waiter: Waiter): void {
    this.#asked += 1;
    this.#lastUse = this.#clock.monotonic();
    this.#pending.add(question, waiter);
    if (this.#queue) this.#queue.push(question.packet);
    else this.#socket.send(question.packet, this.#sent);
  }

  /** Closes once what is under way has been answered or has timed out. */
  retire(): void {
    this.#retired = true;
    this.#closeWhenIdle();
  }

  #connected(): void {
    const queue = this.#queue ?? [];
    this.#queue = undefined;
    if (!this.#closed) for (const packet of queue) this.#socket.send(packet, this.#sent);
  }

  #fail(error: Error): void {
    this.#retired = true;
    this.#pending.failAll(new UpstreamError('unreachable', error.message, error));
    this.#closeWhenIdle();
  }

  #closeWhenIdle(): void {
    if (this.#closed || this.#pending.size > 0) return;
    this.#closed = true;
    this.#socket.close();
  }
}
