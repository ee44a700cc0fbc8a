/** Where names that are not blocked are asked. */
export interface Upstream {
  /** Asks one query. The waiter hears exactly once, possibly before this returns. */
  ask(question: Question, waiter: Waiter): void;
  /** Closes its sockets once what is under way has ended. */
  close(): void;
  /** In words: `10.0.0.2 over TLS`. */
  readonly words: string;
}

/** A query to pass on. */
export interface Question {
  /** As the client sent it, but for the id: from asking on, what stands there is the upstream's. */
  readonly packet: Buffer;
  /** The client's id. */
  readonly id: number;
  /** Where the question ends in the packet. */
  readonly end: number;
  /** The client came over TCP, so the answer may be long. */
  readonly stream: boolean;
}

/** Who waits for an answer. Objects instead of promises: these are made for every query. */
export interface Waiter {
  /** The answer with the client's id, checked to answer this question; the buffer is the waiter's own. */
  answered(answer: Buffer): void;
  /** An `UpstreamError`; anything else is a bug. */
  failed(error: unknown): void;
}

export type UpstreamFailure = 'timed-out' | 'unreachable' | 'bad-answer' | 'busy' | 'closed' | 'none';

/** An upstream gave no usable answer. */
export class UpstreamError extends Error {
  readonly failure: UpstreamFailure;

  constructor(failure: UpstreamFailure, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'UpstreamError';
    this.failure = failure;
  }
}

/** The same for callers that are not in a hurry. */
export function askOnce(upstream: Pick<Upstream, 'ask'>, question: Question): Promise<Buffer> {
  return new Promise((answered, failed) => upstream.ask(question, { answered, failed }));
}

const responseBit = 0x80;

/** SERVFAIL, NOTIMP and REFUSED speak of the server, not of the name: another server may know better. */
export function isUnhelpful(answer: Buffer): boolean {
  const rcode = (answer[3] ?? 0) & 0xf;
  return rcode === 2 || rcode === 4 || rcode === 5;
}

/** True when the answer repeats the question: with the id, what stands between a forger and the cache (RFC 5452). */
export function answersQuestion(answer: Buffer, question: Question): boolean {
  if (answer.length < question.end || ((answer[2] ?? 0) & responseBit) === 0 || answer.readUInt16BE(4) !== 1)
    return false;
  for (let i = 12; i < question.end; i++) {
    if (lower(answer[i] ?? 0) !== lower(question.packet[i] ?? 0)) return false;
  }
  return true;
}

function lower(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
}
