/** DNS messages on a stream: each behind its length in two bytes (RFC 7766 section 8). */
export class Frames {
  #held: Buffer = Buffer.alloc(0);

  /** The whole messages that are there now; what is left waits for the next chunk. */
  *read(chunk: Buffer): Generator<Buffer> {
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    while (this.#held.length >= 2) {
      const end = 2 + this.#held.readUInt16BE(0);
      if (this.#held.length < end) return;
      const message = Buffer.from(this.#held.subarray(2, end));
      this.#held = this.#held.subarray(end);
      yield message;
    }
  }
}

export function framed(message: Buffer): Buffer {
  const out = Buffer.allocUnsafe(message.length + 2);
  out.writeUInt16BE(message.length, 0);
  message.copy(out, 2);
  return out;
}
