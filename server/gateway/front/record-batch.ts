const slabBytes = 65_536;
/** What is longer goes out as it is; copying it would cost more than a further piece of the write. */
const copiedBytes = 8_192;
const headerBytes = 4;

/**
 * Records on their way out, as bytes: each is its length (32 bits, big-endian, itself not counted), then its kind and fields.
 * Nothing is sent before `take`: whoever holds the batch decides when.
 */
export class RecordBatch {
  #pieces: Buffer[] = [];
  #slab = Buffer.allocUnsafeSlow(slabBytes);
  /** Of the slab: what is in `#pieces` already, and what is written. */
  #from = 0;
  #to = 0;
  #header: { slab: Buffer; at: number } | undefined;
  #length = 0;
  #bytes = 0;

  /** Bytes of all complete records. */
  get length(): number {
    return this.#bytes;
  }

  begin(kind: number): void {
    this.#reserve(headerBytes);
    this.#header = { slab: this.#slab, at: this.#to };
    this.#to += headerBytes;
    this.#length = 0;
    this.byte(kind);
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#slab.writeUInt8(value, this.#to);
    this.#grow(1);
  }

  number(value: number): void {
    this.#reserve(4);
    this.#slab.writeUInt32BE(value, this.#to);
    this.#grow(4);
  }

  bytes(value: string | Uint8Array): void {
    if (typeof value === 'string') this.#string(value);
    else if (value.length > copiedBytes) this.#piece(value);
    else this.#copy(value);
  }

  end(): void {
    this.#header?.slab.writeUInt32BE(this.#length, this.#header.at);
    this.#bytes += headerBytes + this.#length;
    this.#header = undefined;
  }

  /** All complete records in order; the batch is empty afterwards. */
  take(): Buffer[] {
    this.#seal();
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#bytes = 0;
    return pieces;
  }

  #string(value: string): void {
    // A character of a string is three bytes of UTF-8 at most.
    const most = value.length * 3;
    if (most > copiedBytes) {
      this.#piece(Buffer.from(value, 'utf8'));
      return;
    }
    this.#reserve(most);
    this.#grow(this.#slab.write(value, this.#to, 'utf8'));
  }

  #copy(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#slab.set(value, this.#to);
    this.#grow(value.length);
  }

  #piece(value: Uint8Array): void {
    this.#seal();
    this.#pieces.push(Buffer.from(value.buffer, value.byteOffset, value.byteLength));
    this.#length += value.length;
  }

  #grow(count: number): void {
    this.#to += count;
    this.#length += count;
  }

  #reserve(count: number): void {
    if (this.#to + count <= this.#slab.length) return;
    this.#seal();
    this.#slab = Buffer.allocUnsafeSlow(Math.max(slabBytes, count));
    this.#from = 0;
    this.#to = 0;
  }

  #seal(): void {
    if (this.#to > this.#from) this.#pieces.push(this.#slab.subarray(this.#from, this.#to));
    this.#from = this.#to;
  }
}
