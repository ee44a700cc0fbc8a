import type { Clock } from '../../shared/clock.ts';
import type { Question } from './upstream/upstream.ts';
import { headerLength, rcodes, types } from './wire/constants.ts';
import { readRecord } from './wire/record.ts';
import { roomFor } from './wire/room.ts';

const longestSeconds = 300;
const truncatedBit = 0x02;
/** An entry: hash, stored at and lifetime in seconds, lengths of query and answer; then query and answer. */
const headBytes = 16;
const at = { hash: 0, stored: 4, lifetime: 8, queryLength: 12, answerLength: 14 } as const;
const idBytes = 2;
/** Hashes with the same place share so many entries, of which the oldest makes room. */
const ways = 4;
/** One place for so many bytes, so that the index, not entries of usual size, is what runs out last. */
const bytesPerPlace = 64;
/** RFC 8767 section 5: how long what was kept beyond its time may be used, and what a program is told of its lifetime. */
const staleSeconds = 86_400;
const staleTtl = 30;

/**
 * Answers of the upstream for as long as they say, at most five minutes; and longer, marked as such, for when no upstream
 * answers (RFC 8767). In memory only. The key is the whole query but its id, so an entry answers exactly what was asked.
 *
 * Entries lie one behind the other in one ring of bytes: its bound is its size, what is new overwrites what is oldest, and
 * the garbage collector has nothing to do. What is asked for again moves to the front before it is overwritten.
 */
export class AnswerCache {
  readonly #clock: Clock;
  /** Position of the entry at each place; positions only grow, and their place in the ring is the rest of a division. */
  #index = new Float64Array(0);
  #ring: Buffer = Buffer.alloc(0);
  readonly #places: number;
  readonly #size: number;
  #front: number;

  constructor(clock: Clock, maxBytes: number) {
    this.#clock = clock;
    this.#places = 2 ** Math.floor(Math.log2(Math.max(ways, maxBytes / bytesPerPlace)));
    this.#size = maxBytes - this.#places * Float64Array.BYTES_PER_ELEMENT;
    this.#front = 2 * this.#size;
  }

  /** A number for the bytes after the id; different queries can share it. */
  static hash(packet: Buffer): number {
    let hash = packet.length;
    for (let i = idBytes; i < packet.length; i++) {
      hash = Math.imul(hash ^ (packet[i] ?? 0), 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    return hash & 0x3fffffff;
  }

  /** A copy with lifetimes counted down and the query's id, to be sent at once (`roomFor`). */
  get(hash: number, question: Question): Buffer | undefined {
    const place = this.#find(hash, question.packet);
    if (place < 0) return undefined;
    const age = this.#age(place);
    if (age >= this.#ring.readUInt32BE(this.#offset(place) + at.lifetime)) return undefined;
    this.#keep(place);
    return this.#copy(place, question, (ttl) => Math.max(0, ttl - age));
  }

  /** The same of what was true not long ago, whether its time is over or not. */
  getStale(hash: number, question: Question): Buffer | undefined {
    const place = this.#find(hash, question.packet);
    if (place < 0 || this.#age(place) >= staleSeconds) return undefined;
    this.#keep(place);
    return this.#copy(place, question, () => staleTtl);
  }

  /** True when `getStale` would find something. */
  hasStale(hash: number, { packet }: Question): boolean {
    const place = this.#find(hash, packet);
    return place >= 0 && this.#age(place) < staleSeconds;
  }

  /** Keeps an answer if it may be kept: NOERROR or NXDOMAIN, whole, with a lifetime. */
  put(hash: number, { packet, end }: Question, answer: Buffer): void {
    const rcode = (answer[3] ?? 0) & 0xf;
    if ((rcode !== rcodes.noError && rcode !== rcodes.nxDomain) || ((answer[2] ?? 0) & truncatedBit) !== 0) return;
    const seconds = leastLifetime(answer, end);
    const bytes = headBytes + packet.length - idBytes + answer.length;
    if (seconds === undefined || seconds <= 0 || bytes > this.#size / 2) return;
    this.#open();
    const found = this.#find(hash, packet);
    const start = this.#advance(bytes, found >= 0 ? found : this.#oldest(hash));
    const ring = this.#ring;
    ring.writeUInt32BE(hash, start + at.hash);
    ring.writeUInt32BE(this.#seconds(), start + at.stored);
    ring.writeUInt32BE(Math.min(seconds, longestSeconds), start + at.lifetime);
    ring.writeUInt16BE(packet.length - idBytes, start + at.queryLength);
    ring.writeUInt16BE(answer.length, start + at.answerLength);
    packet.copy(ring, start + headBytes, idBytes);
    answer.copy(ring, start + headBytes + packet.length - idBytes);
  }

  /** Everything that was kept is behind the front by more than the ring then, which is what overwritten means. */
  clear(): void {
    this.#front += this.#size;
  }

  /** Memory is taken by the first answer: most caches never get one. */
  #open(): void {
    if (this.#ring.length > 0) return;
    this.#ring = Buffer.alloc(this.#size);
    this.#index = new Float64Array(this.#places);
  }

  #offset(place: number): number {
    return (this.#index[place] ?? 0) % this.#size;
  }

  #isKept(position: number): boolean {
    return position >= this.#front - this.#size;
  }

  #age(place: number): number {
    return this.#seconds() - this.#ring.readUInt32BE(this.#offset(place) + at.stored);
  }

  #seconds(): number {
    return Math.floor(this.#clock.monotonic() / 1000);
  }

  #find(hash: number, packet: Buffer): number {
    const first = this.#firstPlace(hash);
    for (let place = first; place < first + ways; place++) {
      if (this.#isKept(this.#index[place] ?? 0) && this.#holds(this.#offset(place), hash, packet)) return place;
    }
    return -1;
  }

  #firstPlace(hash: number): number {
    return (hash % (this.#places / ways)) * ways;
  }

  #oldest(hash: number): number {
    const first = this.#firstPlace(hash);
    let oldest = first;
    for (let place = first + 1; place < first + ways; place++) {
      if ((this.#index[place] ?? 0) < (this.#index[oldest] ?? 0)) oldest = place;
    }
    return oldest;
  }

  #holds(offset: number, hash: number, packet: Buffer): boolean {
    const ring = this.#ring;
    const length = packet.length - idBytes;
    if (ring.readUInt32BE(offset) !== hash || ring.readUInt16BE(offset + at.queryLength) !== length) return false;
    for (let i = 0; i < length; i++) {
      if (ring[offset + headBytes + i] !== packet[idBytes + i]) return false;
    }
    return true;
  }

  /** Room for so many bytes in one piece, for the entry at this place; gives its offset. */
  #advance(bytes: number, place: number): number {
    const left = this.#size - (this.#front % this.#size);
    const position = left < bytes ? this.#front + left : this.#front;
    this.#index[place] = position;
    this.#front = position + bytes;
    return position % this.#size;
  }

  /** Moves an entry to the front once half of the ring has been written after it. */
  #keep(place: number): void {
    if ((this.#index[place] ?? 0) >= this.#front - this.#size / 2) return;
    const from = this.#offset(place);
    const { queryLength, answerLength } = at;
    const bytes =
      headBytes + this.#ring.readUInt16BE(from + queryLength) + this.#ring.readUInt16BE(from + answerLength);
    this.#ring.copyWithin(this.#advance(bytes, place), from, from + bytes);
  }

  #copy(place: number, { id, end }: Question, ttlOf: (ttl: number) => number): Buffer {
    const offset = this.#offset(place);
    const from = offset + headBytes + this.#ring.readUInt16BE(offset + at.queryLength);
    const answer = roomFor(this.#ring.readUInt16BE(offset + at.answerLength));
    this.#ring.copy(answer, 0, from, from + answer.length);
    answer.writeUInt16BE(id, 0);
    rewriteLifetimes(answer, end, ttlOf);
    return answer;
  }
}

function recordCount(answer: Buffer): number {
  return answer.readUInt16BE(6) + answer.readUInt16BE(8) + answer.readUInt16BE(10);
}

/** Seconds; undefined when no record has a lifetime or the answer is malformed. */
function leastLifetime(answer: Buffer, end: number): number | undefined {
  if (answer.length < headerLength) return undefined;
  let seconds: number | undefined;
  let next = end;
  for (let i = recordCount(answer); i > 0; i--) {
    const record = readRecord(answer, next);
    if (!record) return undefined;
    if (record.type !== types.opt && (seconds === undefined || record.ttl < seconds)) seconds = record.ttl;
    next = record.next;
  }
  return seconds;
}

/** Changes every lifetime in an answer whose question ends at `end`, in place. */
export function rewriteLifetimes(answer: Buffer, end: number, ttlOf: (ttl: number) => number): void {
  let next = end;
  for (let i = recordCount(answer); i > 0; i--) {
    const record = readRecord(answer, next);
    if (!record) return;
    if (record.type !== types.opt) answer.writeUInt32BE(ttlOf(record.ttl), record.data - 6);
    next = record.next;
  }
}
