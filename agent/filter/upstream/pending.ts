import type { Clock, Random } from '../../../shared/clock.ts';
import { answersQuestion, type Question, UpstreamError } from './upstream.ts';

interface Waiting {
  question: Question;
  /** On the monotonic clock. */
  until: number;
  resolve: (answer: Buffer) => void;
  reject: (error: UpstreamError) => void;
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

/** Queries sent on one socket and not answered yet, by id. One timer serves all of them. */
export class Pending {
  readonly #clock: Clock;
  readonly #ids: RandomIds;
  readonly #timeoutMs: number;
  readonly #onTimeout: () => void;
  readonly #waiting = new Map<number, Waiting>();
  #cancelSweep: (() => void) | undefined;

  constructor(clock: Clock, ids: RandomIds, timeoutMs: number, onTimeout: () => void) {
    this.#clock = clock;
    this.#ids = ids;
    this.#timeoutMs = timeoutMs;
    this.#onTimeout = onTimeout;
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** Registers a query; `send` gets a copy that carries a fresh id. */
  add(question: Question, send: (packet: Buffer) => void): Promise<Buffer> {
    let id = this.#ids.next();
    while (this.#waiting.has(id)) id = (id + 1) & 0xffff;
    const packet = Buffer.from(question.packet);
    packet.writeUInt16BE(id, 0);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { question, until: this.#clock.monotonic() + this.#timeoutMs, resolve, reject });
      this.#cancelSweep ??= this.#clock.after(sweepMs, () => this.#sweep());
      send(packet);
    });
  }

  /** Takes an answer. What answers nothing asked here is dropped: it is late, or forged. */
  settle(answer: Buffer): void {
    if (answer.length < 12) return;
    const id = answer.readUInt16BE(0);
    const found = this.#waiting.get(id);
    if (!found || !answersQuestion(answer, found.question)) return;
    this.#waiting.delete(id);
    answer.writeUInt16BE(found.question.packet.readUInt16BE(0), 0);
    found.resolve(answer);
  }

  failAll(error: UpstreamError): void {
    const all = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of all) reject(error);
  }

  #sweep(): void {
    const now = this.#clock.monotonic();
    let late = false;
    for (const [id, waiting] of this.#waiting) {
      if (waiting.until > now) break;
      this.#waiting.delete(id);
      late = true;
      waiting.reject(new UpstreamError('timed-out', `no answer in ${this.#timeoutMs} ms`));
    }
    this.#cancelSweep = this.#waiting.size > 0 ? this.#clock.after(sweepMs, () => this.#sweep()) : undefined;
    if (late) this.#onTimeout();
  }
}
