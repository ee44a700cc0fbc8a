import type { Clock, Random } from '../../../shared/clock.ts';
import { answersQuestion, type Question, UpstreamError, type Waiter } from './upstream.ts';

interface Waiting {
  question: Question;
  waiter: Waiter;
  /** The sweep with which its time is over. */
  lastSweep: number;
}

const sweepMs = 100;

/** Hands out unpredictable 16-bit ids, drawn in blocks because one system call per query is dear. */
export class RandomIds {
  readonly #random: Random;
  #block: Uint8Array = new Uint8Array(0);
  #used = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  next(): number {
    if (this.#used + 2 > this.#block.length) {
      this.#block = this.#random.bytes(1024);
      this.#used = 0;
    }
    const id = ((this.#block[this.#used] ?? 0) << 8) | (this.#block[this.#used + 1] ?? 0);
    this.#used += 2;
    return id;
  }
}

/** Queries sent on one socket and not answered yet, by id. One timer serves all of them, so they time out up to a sweep late. */
export class Pending {
  readonly #clock: Clock;
  readonly #ids: RandomIds;
  readonly #timeoutMs: number;
  readonly #onTimeout: () => void;
  readonly #waiting = new Map<number, Waiting>();
  #sweeps = 0;
  #sweeping = false;

  constructor(clock: Clock, ids: RandomIds, timeoutMs: number, onTimeout: () => void) {
    this.#clock = clock;
    this.#ids = ids;
    this.#timeoutMs = timeoutMs;
    this.#onTimeout = onTimeout;
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** Registers a query and gives its packet a fresh id; send it then. */
  add(question: Question, waiter: Waiter): void {
    let wireId = this.#ids.next();
    while (this.#waiting.has(wireId)) wireId = (wireId + 1) & 0xffff;
    const lastSweep = this.#sweeps + Math.ceil(this.#timeoutMs / sweepMs) + 1;
    this.#waiting.set(wireId, { question, waiter, lastSweep });
    question.packet.writeUInt16BE(wireId, 0);
    if (this.#sweeping) return;
    this.#sweeping = true;
    this.#clock.after(sweepMs, () => this.#sweep());
  }

  /** Takes an answer. What answers nothing asked here is dropped: it is late, or forged. */
  settle(answer: Buffer): void {
    if (answer.length < 12) return;
    const wireId = answer.readUInt16BE(0);
    const found = this.#waiting.get(wireId);
    if (!found || !answersQuestion(answer, found.question)) return;
    this.#waiting.delete(wireId);
    answer.writeUInt16BE(found.question.id, 0);
    found.waiter.answered(answer);
  }

  failAll(error: UpstreamError): void {
    const all = [...this.#waiting.values()];
    this.#waiting.clear();
    fail(all, error);
  }

  #sweep(): void {
    this.#sweeps += 1;
    const late: Waiting[] = [];
    for (const [wireId, waiting] of this.#waiting) {
      if (waiting.lastSweep > this.#sweeps) break;
      this.#waiting.delete(wireId);
      late.push(waiting);
    }
    this.#sweeping = this.#waiting.size > 0;
    if (this.#sweeping) this.#clock.after(sweepMs, () => this.#sweep());
    // What is asked again must not land on the socket that failed.
    if (late.length > 0) this.#onTimeout();
    fail(late, new UpstreamError('timed-out', `no answer in ${this.#timeoutMs} ms`));
  }
}

function fail(all: readonly Waiting[], error: UpstreamError): void {
  for (const { waiter } of all) waiter.failed(error);
}
