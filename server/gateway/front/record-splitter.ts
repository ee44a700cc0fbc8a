const headerBytes = 4;

/** What came over the link is no record. The link cannot be trusted any more. */
export class LinkError extends Error {}

/** Puts records together again, however the bytes were cut on their way. */
export class RecordSplitter {
  readonly #largest: number;
  #pieces: Buffer[] = [];
  #held = 0;
  /** Bytes to wait for before it is worth looking again. */
  #wanted = headerBytes;

  /** `largest`: bytes a record may have; a longer one is a LinkError before it is held. */
  constructor(largest: number) {
    this.#largest = largest;
  }

  /** The records that are complete with this piece. They share its memory. */
  *push(piece: Buffer): Generator<Buffer> {
    this.#pieces.push(piece);
    this.#held += piece.length;
    if (this.#held < this.#wanted) return;
    const bytes = this.#pieces.length === 1 ? piece : Buffer.concat(this.#pieces, this.#held);
    let at = 0;
    let wanted = headerBytes;
    while (bytes.length - at >= headerBytes) {
      const length = this.#lengthAt(bytes, at);
      wanted = headerBytes + length;
      if (bytes.length - at < wanted) break;
      yield bytes.subarray(at + headerBytes, at + wanted);
      at += wanted;
      wanted = headerBytes;
    }
    this.#held = bytes.length - at;
    this.#pieces = this.#held > 0 ? [bytes.subarray(at)] : [];
    this.#wanted = wanted;
  }

  #lengthAt(bytes: Buffer, at: number): number {
    const length = bytes.readUInt32BE(at);
    if (length === 0 || length > this.#largest) throw new LinkError(`a record of ${length} bytes`);
    return length;
  }
}
