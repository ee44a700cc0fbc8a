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
 * its id, so an entry answers exactly what was asked. Bounded in bytes; the least recently used goes first.
 */
export class AnswerCache {
  readonly #clock: Clock;
  readonly #maxBytes: number;
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;

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
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    this.#entries.delete(key);
    const now = this.#clock.monotonic();
    if (now >= entry.expiresAt) {
      this.#bytes -= weight(key, entry);
      return undefined;
    }
    this.#entries.set(key, entry);
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
    const before = this.#entries.get(key);
    if (before) this.#bytes -= weight(key, before);
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    this.#bytes += weight(key, entry);
    this.#shrink();
  }

  clear(): void {
    this.#entries.clear();
    this.#bytes = 0;
  }

  /** Bytes held, about. */
  get bytes(): number {
    return this.#bytes;
  }

  #shrink(): void {
    for (const [key, entry] of this.#entries) {
      if (this.#bytes <= this.#maxBytes) return;
      this.#entries.delete(key);
      this.#bytes -= weight(key, entry);
    }
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
