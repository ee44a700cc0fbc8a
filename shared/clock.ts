/** Time and randomness are passed in, so that the centre is pure and tests run on a fake clock. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00Z. */
  now(): number;
  /** Milliseconds on a clock that never goes back; only differences mean anything. */
  monotonic(): number;
  /** Runs `work` once after `ms`; the returned function cancels it. Timers never keep the process alive. */
  after(ms: number, work: () => void): () => void;
}

export interface Random {
  /** Uniform in [0, 1). Not for secrets. */
  unit(): number;
  /** Cryptographically strong bytes. */
  bytes(length: number): Uint8Array;
  /** A random UUID (RFC 9562 version 4). */
  uuid(): string;
}
