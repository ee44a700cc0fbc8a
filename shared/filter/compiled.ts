import { CodedError } from '../errors/catalogue.ts';
import { NameHashes } from './hash.ts';

/*
 * The artefact, little-endian 32-bit words: magic "RCNL", version, count, checksum of the rest; then `count` high halves
 * and `count` low halves of the hashes in ascending order. 8 bytes a name; a lookup is a binary search (two
 * Uint32Arrays beat one BigUint64Array threefold). It never changes: a new list is a new artefact with a new hash.
 */
const magic = 0x4c4e4352;
const version = 1;
const headerWords = 4;
const headerBytes = headerWords * 4;

/** A list of names, opened for lookups. A listed domain covers itself and everything below it. */
export interface CompiledNames {
  /** Distinct names. */
  readonly count: number;
  /** Memory held, in bytes. */
  readonly bytes: number;
  has(name: string): boolean;
  /** Index into `hashes` of the widest listed suffix; -1 when none is listed. For callers that ask several lists. */
  find(hashes: NameHashes): number;
}

/** Hashes of an artefact in ascending order, by halves. */
export interface SortedHashes {
  readonly high: Uint32Array;
  readonly low: Uint32Array;
  /** Of the artefact they are in. */
  readonly checksum: number;
}

/** Compiles names in comparable form (`normaliseName`, as `parseList` gives them). The same names give the same bytes. */
export function compileNames(names: readonly string[]): Uint8Array {
  const sorted = distinct(hashesOf(names));
  const { words, high, low } = blank(sorted.length);
  const halves = new Uint32Array(sorted.buffer);
  for (let i = 0; i < sorted.length; i++) {
    high[i] = halves[2 * i + 1] ?? 0;
    low[i] = halves[2 * i] ?? 0;
  }
  return seal(words);
}

/** The artefact of so many hashes that `fill` writes; it is for the caller to keep them in ascending order. */
export function compileHashes(count: number, fill: (high: Uint32Array, low: Uint32Array) => void): Uint8Array {
  const { words, high, low } = blank(count);
  fill(high, low);
  return seal(words);
}

/** Opens an artefact after checking all of it; throws `bad-list` when it was cut short or changed. Keeps a view of `bytes`. */
export function openCompiled(bytes: Uint8Array): CompiledNames {
  const { high, low } = hashesIn(bytes);
  return new SortedNames(high, low);
}

/**
 * Opens an artefact whose SHA-256 is the one that whoever compiled it signed: only the header is looked at, because loops
 * over every name would be the hottest code of a device that starts (docs/decisions/0042). Keeps a view of `bytes`.
 */
export function openSigned(bytes: Uint8Array): CompiledNames {
  const { high, low } = partsOf(bytes);
  return new SortedNames(high, low);
}

/** The hashes of an artefact, checked as `openCompiled` does: a view of `bytes`. */
export function hashesIn(bytes: Uint8Array): SortedHashes {
  const { words, high, low, checksum } = partsOf(bytes);
  if (checksum !== checksumOf(words)) throw broken('its checksum is wrong');
  if (!ascending(high, low)) throw broken('its names are not in order');
  return { high, low, checksum };
}

/** The hashes of an artefact whose SHA-256 is right: only its header is looked at, as `openSigned` does. A view of `bytes`. */
export function signedHashesIn(bytes: Uint8Array): SortedHashes {
  const { high, low, checksum } = partsOf(bytes);
  return { high, low, checksum };
}

function partsOf(bytes: Uint8Array): SortedHashes & { words: Uint32Array } {
  const words = wordsOf(bytes);
  const [first, version_, count = 0, checksum = 0] = words;
  if (first !== magic) throw broken('it is not a compiled list');
  if (version_ !== version) throw broken(`its version ${version_} is not known here`);
  if (words.length !== headerWords + 2 * count) throw broken('its length does not fit the number of names');
  const low = headerWords + count;
  return { words, high: words.subarray(headerWords, low), low: words.subarray(low), checksum };
}

function blank(count: number) {
  const words = new Uint32Array(headerWords + 2 * count);
  const low = headerWords + count;
  return { words, high: words.subarray(headerWords, low), low: words.subarray(low) };
}

function seal(words: Uint32Array): Uint8Array {
  words.set([magic, version, (words.length - headerWords) / 2]);
  words[3] = checksumOf(words);
  return new Uint8Array(words.buffer);
}

class SortedNames implements CompiledNames {
  readonly count: number;
  readonly bytes: number;
  readonly #high: Uint32Array;
  readonly #low: Uint32Array;
  /** Hashes there are for each value that the first 32 bits of one can have. */
  readonly #density: number;
  /** Two square roots of the length. */
  readonly #reach: number;

  constructor(high: Uint32Array, low: Uint32Array) {
    this.#high = high;
    this.#low = low;
    this.count = high.length;
    this.#density = this.count / 2 ** 32;
    this.#reach = 2 * Math.ceil(Math.sqrt(this.count));
    this.bytes = headerBytes + high.byteLength + low.byteLength;
  }

  has(name: string): boolean {
    return this.find(scratch.of(name)) >= 0;
  }

  find(hashes: NameHashes): number {
    for (let i = 0; i < hashes.count; i++) {
      if (this.#holds(hashes.high[i] ?? 0, hashes.low[i] ?? 0)) return i;
    }
    return -1;
  }

  /**
   * Hashes spread evenly, so one lies within two square roots of the length of where it is to be expected, all but once in
   * 10,000 times; then the rest is searched as well. No index has to be made when a device starts.
   */
  #holds(high: number, low: number): boolean {
    const table = this.#high;
    const expected = Math.floor(high * this.#density);
    let from = Math.max(0, expected - this.#reach);
    let to = Math.min(table.length, expected + this.#reach);
    if ((table[from] ?? 0) >= high) from = 0;
    if ((table[to] ?? high) < high) to = table.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((table[middle] ?? 0) < high) from = middle + 1;
      else to = middle;
    }
    for (; table[from] === high; from++) if (this.#low[from] === low) return true;
    return false;
  }
}

/** Reused by every `has`, so that a lookup allocates nothing; never handed out. */
const scratch = new NameHashes();

/** Sorted by the engine as 64-bit integers: low half first in memory. */
function hashesOf(names: readonly string[]): BigUint64Array {
  const hashes = new BigUint64Array(names.length);
  const halves = new Uint32Array(hashes.buffer);
  for (let i = 0; i < names.length; i++) {
    const suffixes = scratch.of(names[i] ?? '');
    const whole = suffixes.count - 1;
    halves[2 * i] = suffixes.low[whole] ?? 0;
    halves[2 * i + 1] = suffixes.high[whole] ?? 0;
  }
  return hashes.sort();
}

function distinct(sorted: BigUint64Array): BigUint64Array {
  let kept = 0;
  for (let i = 0; i < sorted.length; i++) {
    if (i === 0 || sorted[i] !== sorted[i - 1]) sorted[kept++] = sorted[i] ?? 0n;
  }
  return sorted.subarray(0, kept);
}

function wordsOf(bytes: Uint8Array): Uint32Array {
  if (bytes.byteLength < headerBytes || bytes.byteLength % 4 !== 0) throw broken('it was cut short');
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 4);
}

function checksumOf(words: Uint32Array): number {
  let sum = words[2] ?? 0;
  for (let i = headerWords; i < words.length; i++) {
    sum = Math.imul(sum ^ (words[i] ?? 0), 0x9e3779b1);
    sum ^= sum >>> 15;
  }
  return sum >>> 0;
}

function ascending(high: Uint32Array, low: Uint32Array): boolean {
  for (let i = 1; i < high.length; i++) {
    const before = high[i - 1] ?? 0;
    const here = high[i] ?? 0;
    if (before > here || (before === here && (low[i - 1] ?? 0) >= (low[i] ?? 0))) return false;
  }
  return true;
}

function broken(why: string): CodedError {
  return new CodedError('bad-list', `The compiled list cannot be used: ${why}. Fetch it again.`);
}
