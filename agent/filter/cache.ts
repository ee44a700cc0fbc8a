import type { Clock } from '../../shared/clock.ts';
import { headerLength, rcodes, types } from './wire/constants.ts';
import { readRecord } from './wire/record.ts';

interface Entry {
  answer: Buffer;
  /** Offsets of the lifetimes in the answer. */
  ttls: number[];
  /** Monotonic clock. */
  storedAt: number;
  expiresAt: number;
}

const longestSeconds = 300;
const truncatedBit = 0x02;

/**
 * Answers of the upstream for as long as they say, at most five minutes, in memory only. The key is the whole query but
 * its id, so an entry answers exactly what was asked. Bounded in bytes by two generations: when the younger holds half of
 * them, the older goes, and with it what was not asked for meanwhile. That is cheaper than to take entries out singly.
 */
export class AnswerCache {
  readonly #clock: Clock;
  readonly #maxBytes: number;
  #younger = new Map<string, Entry>();
  #older = new Map<string, Entry>();
  #youngerBytes = 0;
  #olderBytes = 0;

  constructor(clock: Clock, maxBytes: number) {
    this.#clock = clock;
    this.#maxBytes = maxBytes;
  }

  /** The bytes after the id. */
  static key(packet: Buffer): string {
    return packet.toString('latin1', 2);
  }

  /** A copy with lifetimes counted down and the query's id. */
  get(key: string, packet: Buffer): Buffer | undefined {
    const younger = this.#younger.get(key);
    const entry = younger ?? this.#older.get(key);
    if (!entry) return undefined;
    const now = this.#clock.monotonic();
    if (now >= entry.expiresAt) return undefined;
    if (!younger) this.#keep(key, entry);
    const answer = Buffer.from(entry.answer);
    packet.copy(answer, 0, 0, 2);
    const age = Math.floor((now - entry.storedAt) / 1000);
    for (const at of entry.ttls) answer.writeUInt32BE(Math.max(0, answer.readUInt32BE(at) - age), at);
    return answer;
  }

  /** Keeps an answer if it may be kept: NOERROR or NXDOMAIN, whole, with a lifetime. */
  put(key: string, answer: Buffer, end: number): void {
    const rcode = (answer[3] ?? 0) & 0xf;
    if ((rcode !== rcodes.noError && rcode !== rcodes.nxDomain) || ((answer[2] ?? 0) & truncatedBit) !== 0) return;
    const lifetimes = lifetimesOf(answer, end);
    if (!lifetimes || lifetimes.seconds <= 0) return;
    const now = this.#clock.monotonic();
    const expiresAt = now + Math.min(lifetimes.seconds, longestSeconds) * 1000;
    const entry = { answer: Buffer.from(answer), ttls: lifetimes.offsets, storedAt: now, expiresAt };
    this.#keep(key, entry);
  }

  clear(): void {
    this.#younger = new Map();
    this.#older = new Map();
    this.#youngerBytes = 0;
    this.#olderBytes = 0;
  }

  /** Bytes held, about. */
  get bytes(): number {
    return this.#youngerBytes + this.#olderBytes;
  }

  /** An entry that replaces one counts beside it until their generation goes. */
  #keep(key: string, entry: Entry): void {
    const bytes = weight(key, entry);
    const half = this.#maxBytes / 2;
    if (bytes > half) return;
    if (this.#youngerBytes + bytes > half) {
      this.#older = this.#younger;
      this.#olderBytes = this.#youngerBytes;
      this.#younger = new Map();
      this.#youngerBytes = 0;
    }
    this.#younger.set(key, entry);
    this.#youngerBytes += bytes;
  }
}

function weight(key: string, { answer, ttls }: Entry): number {
  return 200 + key.length + answer.length + 8 * ttls.length;
}

/** Where the lifetimes stand and the shortest of them; undefined when there is none or the answer is malformed. */
function lifetimesOf(answer: Buffer, end: number): { seconds: number; offsets: number[] } | undefined {
  if (answer.length < headerLength) return undefined;
  const count = answer.readUInt16BE(6) + answer.readUInt16BE(8) + answer.readUInt16BE(10);
  const offsets: number[] = [];
  let seconds = Number.POSITIVE_INFINITY;
  let at = end;
  for (let i = 0; i < count; i++) {
    const record = readRecord(answer, at);
    if (!record) return undefined;
    if (record.type !== types.opt) {
      offsets.push(record.data - 6);
      seconds = Math.min(seconds, record.ttl);
    }
    at = record.next;
  }
  return offsets.length > 0 ? { seconds, offsets } : undefined;
}
