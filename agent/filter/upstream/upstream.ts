/** Where names that are not blocked are asked. */
export interface Upstream {
  /**
   * Asks one query and gives the answer with the query's own id, after checking that it answers this question. Rejects
   * with `UpstreamError`.
   */
  ask(query: Question): Promise<Buffer>;
  /** Closes its sockets once what is under way has ended. */
  close(): void;
  /** In words: `10.0.0.2 over TLS`. */
  readonly words: string;
}

/** A query to pass on: the packet as the client sent it, and where its question ends. */
export interface Question {
  packet: Buffer;
  end: number;
  /** The client came over TCP, so the answer may be long. */
  stream: boolean;
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

const responseBit = 0x80;

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
