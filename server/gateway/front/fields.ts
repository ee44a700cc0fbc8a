import type { RecordBatch } from './record-batch.ts';
import { LinkError } from './record-splitter.ts';

/** One field of a record: how it is written, and how it is read again. */
export interface Field<T, Written = T> {
  write(batch: RecordBatch, value: Written): void;
  /** Throws LinkError. */
  read(from: FieldReader): T;
}

/** Reads the fields of one record in order. */
export class FieldReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  byte(): number {
    return this.bytes(1).readUInt8(0);
  }

  number(): number {
    if (this.left < 4) throw new LinkError('a record ends within a number');
    this.#at += 4;
    return this.#bytes.readUInt32BE(this.#at - 4);
  }

  bytes(length: number): Buffer {
    if (length > this.left) throw new LinkError('a record ends within a field');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}

/** A whole number of 32 bits. */
export const number: Field<number> = {
  write: (batch, value) => batch.number(value),
  read: (from) => from.number(),
};

export const text: Field<string> = {
  write: (batch, value) => {
    batch.number(Buffer.byteLength(value));
    batch.bytes(value);
  },
  read: (from) => from.bytes(from.number()).toString('utf8'),
};

export const texts: Field<string[], readonly string[]> = {
  write: (batch, value) => {
    batch.number(value.length);
    for (const each of value) text.write(batch, each);
  },
  read: (from) => {
    const count = from.number();
    if (count > from.left / 4) throw new LinkError('more texts than the record has room for');
    return Array.from({ length: count }, () => text.read(from));
  },
};

/** All numbers up to the record's end; only as the last field. */
export const numbers: Field<number[], readonly number[]> = {
  write: (batch, value) => {
    for (const each of value) batch.number(each);
  },
  read: (from) => {
    if (from.left % 4 !== 0) throw new LinkError('a record ends within a number');
    return Array.from({ length: from.left / 4 }, () => from.number());
  },
};

/** Everything up to the record's end; only as the last field. */
export const rest: Field<Buffer, string | Uint8Array> = {
  write: (batch, value) => batch.bytes(value),
  read: (from) => from.bytes(from.left),
};
