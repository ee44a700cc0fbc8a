import { CodedError } from '../errors/catalogue.ts';
import { compileHashes, hashesIn, type SortedHashes, signedHashesIn } from './compiled.ts';

/*
 * A delta, little-endian 32-bit words: magic "RCND", version, names and checksum of the artefact it starts from, names and
 * checksum of the one it leads to, names removed, names added. Then, as LEB128 numbers, for each removed name how many
 * names of the start lie between it and the one removed before; then for each added name the distance of its high half
 * to that of the one added before, followed by its low half in four bytes. Two to three bytes for a removed name and
 * about eight for an added one, however long the list; hashes are noise, so nothing is left for a compressor.
 */
const magic = 0x444e4352;
const version = 1;
const headerWords = 8;
const headerBytes = headerWords * 4;

/** What a delta says of itself. */
export interface DeltaCounts {
  removed: number;
  added: number;
}

/** What turns one artefact (`compiled.ts`) into another; throws `bad-list` for bytes that are none. */
export function makeDelta(from: Uint8Array, to: Uint8Array): Uint8Array {
  const [start, end] = [hashesIn(from), hashesIn(to)];
  const { removed, added } = compare(start, end);
  const out = new Writer(headerBytes + 5 * removed.length + 9 * added.length);
  const sizes = [start.high.length, start.checksum, end.high.length, end.checksum, removed.length, added.length];
  for (const word of [magic, version, ...sizes]) out.word(word);
  let last = -1;
  for (const at of removed) {
    out.number(at - last - 1);
    last = at;
  }
  let high = 0;
  for (const at of added) {
    out.number((end.high[at] ?? 0) - high);
    out.word(end.low[at] ?? 0);
    high = end.high[at] ?? 0;
  }
  return out.done();
}

/**
 * The artefact a delta leads to. Throws `bad-list` when the delta was cut short or changed, or starts from another
 * artefact. Takes memory for no more names than `from` and the delta hold. `from` is one whose SHA-256 is right, and so must
 * be what comes of it: names are not looked at one by one, which would be the longest loop of a device.
 */
export function applyDelta(from: Uint8Array, delta: Uint8Array): Uint8Array {
  const start = signedHashesIn(from);
  const { removed, added, checksum } = read(delta, start);
  const to = compileHashes(start.high.length - removed.length + added.high.length, (high, low) => {
    merge(start, removed, added, { high, low });
  });
  if (signedHashesIn(to).checksum !== checksum) throw broken('it does not lead where it says');
  return to;
}

/** How many names a delta takes out and puts in. */
export function deltaCounts(delta: Uint8Array): DeltaCounts {
  const header = headerOf(delta);
  return { removed: header.removed, added: header.added };
}

/** Indices of the names that only `from` has, and of those that only `to` has. */
function compare(from: SortedHashes, to: SortedHashes): { removed: number[]; added: number[] } {
  const removed: number[] = [];
  const added: number[] = [];
  let at = 0;
  for (let next = 0; next < to.high.length; next++) {
    while (at < from.high.length && order(from, at, to, next) < 0) removed.push(at++);
    if (at < from.high.length && order(from, at, to, next) === 0) at++;
    else added.push(next);
  }
  while (at < from.high.length) removed.push(at++);
  return { removed, added };
}

type Halves = Pick<SortedHashes, 'high' | 'low'>;

function order(a: Halves, i: number, b: Halves, j: number): number {
  return (a.high[i] ?? 0) - (b.high[j] ?? 0) || (a.low[i] ?? 0) - (b.low[j] ?? 0);
}

/** `removed` and `added` are in ascending order; so is what comes of it. What stays is copied in runs. */
function merge(from: Halves, removed: Uint32Array, added: Halves, to: Halves): void {
  let out = 0;
  let at = 0;
  let gone = 0;
  const copy = (end: number) => {
    to.high.set(from.high.subarray(at, end), out);
    to.low.set(from.low.subarray(at, end), out);
    out += end - at;
  };
  const stay = (end: number) => {
    for (let index = removed[gone] ?? end; index < end; index = removed[++gone] ?? end) {
      copy(index);
      at = index + 1;
    }
    copy(end);
    at = end;
  };
  for (let next = 0; next < added.high.length; next++) {
    stay(placeOf(added, next, from, at));
    to.high[out] = added.high[next] ?? 0;
    to.low[out++] = added.low[next] ?? 0;
  }
  stay(from.high.length);
}

/** Of the first hash from index `first` on that is not below the added one. */
function placeOf(added: Halves, next: number, from: Halves, first: number): number {
  let [low, high] = [first, from.high.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (order(from, middle, added, next) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

interface Header extends DeltaCounts {
  names: number;
  checksum: number;
  toNames: number;
  toChecksum: number;
}

/** Every count is checked against what is there before memory is taken for it. */
function headerOf(delta: Uint8Array): Header {
  if (delta.byteLength < headerBytes) throw broken('it was cut short');
  const view = new DataView(delta.buffer, delta.byteOffset, delta.byteLength);
  const word = (at: number) => view.getUint32(at * 4, true);
  if (word(0) !== magic) throw broken('it is no change of a compiled list');
  if (word(1) !== version) throw broken(`its version ${word(1)} is not known here`);
  const [names, removed, added, toNames] = [word(2), word(6), word(7), word(4)];
  if (removed > names || toNames !== names - removed + added || removed + 5 * added > delta.byteLength - headerBytes) {
    throw broken('its counts do not fit');
  }
  return { names, checksum: word(3), toNames, toChecksum: word(5), removed, added };
}

function read(delta: Uint8Array, start: SortedHashes): { removed: Uint32Array; added: Halves; checksum: number } {
  const header = headerOf(delta);
  if (header.names !== start.high.length || header.checksum !== start.checksum) {
    throw broken('it starts from another list');
  }
  const input = new Reader(delta, headerBytes);
  const removed = new Uint32Array(header.removed);
  let last = -1;
  for (let i = 0; i < removed.length; i++) {
    last += input.number() + 1;
    if (last >= header.names) throw broken('it removes what is not there');
    removed[i] = last;
  }
  const added = { high: new Uint32Array(header.added), low: new Uint32Array(header.added) };
  let high = 0;
  for (let i = 0; i < header.added; i++) {
    high += input.number();
    if (high > 0xffff_ffff) throw broken('its names are not in order');
    added.high[i] = high;
    added.low[i] = input.word();
  }
  if (!input.isAtEnd) throw broken('something follows it');
  return { removed, added, checksum: header.toChecksum };
}

class Writer {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(largest: number) {
    this.#bytes = new Uint8Array(largest);
    this.#view = new DataView(this.#bytes.buffer);
  }

  word(value: number): void {
    this.#view.setUint32(this.#at, value, true);
    this.#at += 4;
  }

  number(value: number): void {
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.#bytes[this.#at++] = (rest % 0x80) | 0x80;
    this.#bytes[this.#at++] = rest;
  }

  done(): Uint8Array {
    return this.#bytes.slice(0, this.#at);
  }
}

class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = at;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  word(): number {
    if (this.#at + 4 > this.#bytes.length) throw broken('it was cut short');
    this.#at += 4;
    return this.#view.getUint32(this.#at - 4, true);
  }

  /** At most five bytes: 35 bits. */
  number(): number {
    let value = 0;
    for (let factor = 1; factor <= 0x80 ** 4; factor *= 0x80) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw broken('it was cut short');
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
    throw broken('a number in it is too long');
  }
}

function broken(why: string): CodedError {
  return new CodedError('bad-list', `The change of a compiled list cannot be used: ${why}. Fetch the whole list.`);
}
