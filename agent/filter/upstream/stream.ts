import type { Socket } from 'node:net';
import type { Clock, Random } from '../../../shared/clock.ts';
import { Frames, framed } from '../frames.ts';
import { Pending, RandomIds } from './pending.ts';
import { type Question, UpstreamError, type Waiter } from './upstream.ts';

const idleMs = 10_000;

/** Opens a connection; for TLS the socket is ready only when the server's name has been verified. */
export type Connect = () => { socket: Socket; readyEvent: 'connect' | 'secureConnect' };

/** DNS over TCP or TLS: one connection, reused and pipelined, opened when needed and closed when idle (RFC 7766, 7858). */
export class StreamServer {
  readonly #connect: Connect;
  readonly #clock: Clock;
  readonly #ids: RandomIds;
  readonly #timeoutMs: number;
  #connection: Connection | undefined;

  constructor(connect: Connect, clock: Clock, random: Random, timeoutMs: number) {
    this.#connect = connect;
    this.#clock = clock;
    this.#ids = new RandomIds(random);
    this.#timeoutMs = timeoutMs;
  }

  ask(question: Question, waiter: Waiter): void {
    if (!this.#connection?.usable) {
      this.#connection = new Connection(this.#connect(), this.#clock, this.#ids, this.#timeoutMs);
    }
    this.#connection.ask(question, waiter);
  }

  close(): void {
    this.#connection?.retire();
    this.#connection = undefined;
  }
}

class Connection {
  readonly #socket: Socket;
  readonly #pending: Pending;
  readonly #frames = new Frames();
  #queue: Buffer[] | undefined = [];
  #retired = false;

  constructor({ socket, readyEvent }: ReturnType<Connect>, clock: Clock, ids: RandomIds, timeoutMs: number) {
    this.#socket = socket;
    this.#pending = new Pending(clock, ids, timeoutMs, () => socket.destroy());
    socket.unref();
    socket.setNoDelay(true);
    socket.setTimeout(idleMs, () => this.retire());
    socket.once(readyEvent, () => {
      for (const packet of this.#queue ?? []) socket.write(packet);
      this.#queue = undefined;
    });
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail());
    socket.on('end', () => socket.destroy());
  }

  get usable(): boolean {
    return !this.#retired && !this.#socket.destroyed;
  }

  ask(question: Question, waiter: Waiter): void {
    this.#pending.add(question, waiter);
    const frame = framed(question.packet);
    if (this.#queue) this.#queue.push(frame);
    else this.#socket.write(frame);
  }

  retire(): void {
    this.#retired = true;
    if (this.#pending.size === 0) this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    for (const answer of this.#frames.read(chunk)) this.#pending.settle(answer);
    if (this.#retired && this.#pending.size === 0) this.#socket.destroy();
  }

  #fail(error?: Error): void {
    this.#retired = true;
    const why = error?.message ?? 'the server closed the connection';
    this.#pending.failAll(new UpstreamError(error ? 'unreachable' : 'closed', why, error));
  }
}
