import { flagBits, headerLength, types } from './constants.ts';
import type { Query, Unreadable } from './query.ts';
import { type ResourceRecord, readRecord } from './record.ts';
import { roomFor } from './room.ts';

const recursionAvailable = 0x0080;
const optLength = 11;

/** What an own answer says; the question and the id come from the query. */
export interface Reply {
  rcode: number;
  /** Records of the answer section, whole, and how many they are. */
  answers?: Buffer;
  count?: number;
  /** The Extended DNS Error option, as `extendedError` made it; sent only to those who speak EDNS. */
  error?: Buffer;
  truncated?: boolean;
}

/** Builds an answer to a query, to be sent at once (`roomFor`). Stays within `limit` by leaving out the words of the error, then the records (TC=1). */
export function writeReply(packet: Buffer, query: Query, reply: Reply, limit: number): Buffer {
  const answers = reply.answers?.length ?? 0;
  const bare = query.end + answers + (query.edns ? optLength : 0);
  if (bare > limit && answers > 0) return writeReply(packet, query, { rcode: reply.rcode, truncated: true }, limit);
  const error = query.edns && reply.error ? fitError(reply.error, limit - bare) : undefined;
  const out = roomFor(bare + (error?.length ?? 0));
  packet.copy(out, 0, 0, query.end);
  out.writeUInt16BE(query.id, 0);
  out.writeUInt16BE(replyFlags(query.flags) | (reply.truncated ? flagBits.truncated : 0) | (reply.rcode & 0xf), 2);
  out.writeUInt16BE(reply.count ?? 0, 6);
  out.writeUInt16BE(0, 8);
  out.writeUInt16BE(query.edns ? 1 : 0, 10);
  let at = query.end;
  if (reply.answers) at += reply.answers.copy(out, at);
  if (query.edns) writeOpt(out, at, reply.rcode, query.edns.dnssecOk, error);
  return out;
}

/** The answer to a packet whose question cannot be repeated: a header alone. */
export function writeError({ id, flags, rcode }: Unreadable): Buffer {
  const out = Buffer.alloc(headerLength);
  out.writeUInt16BE(id, 0);
  out.writeUInt16BE(replyFlags(flags) | (flags & flagBits.opcode) | rcode, 2);
  return out;
}

/** An Extended DNS Error option (RFC 8914) with its words. */
export function extendedError(code: number, words = ''): Buffer {
  const text = Buffer.from(words, 'utf8');
  const option = Buffer.alloc(6 + text.length);
  option.writeUInt16BE(15, 0);
  option.writeUInt16BE(2 + text.length, 2);
  option.writeUInt16BE(code, 4);
  text.copy(option, 6);
  return option;
}

/** An answer of the upstream with one more Extended DNS Error; unchanged when it is malformed or signed after its OPT record. */
export function addError(answer: Buffer, end: number, error: Buffer): Buffer {
  const records = answer.readUInt16BE(6) + answer.readUInt16BE(8) + answer.readUInt16BE(10);
  let last: ResourceRecord | undefined;
  for (let i = 0; i < records; i++) {
    last = readRecord(answer, last?.next ?? end);
    if (!last) return answer;
    if (last.type === types.opt && last.next < answer.length) return answer;
  }
  const out = Buffer.alloc(answer.length + optLength + error.length);
  answer.copy(out);
  if (last?.type === types.opt) {
    out.writeUInt16BE(last.next - last.data + error.length, last.data - 2);
    error.copy(out, answer.length);
    return out.subarray(0, answer.length + error.length);
  }
  out.writeUInt16BE(answer.readUInt16BE(10) + 1, 10);
  writeOpt(out, answer.length, 0, false, error);
  return out;
}

function fitError(error: Buffer, room: number): Buffer | undefined {
  if (error.length <= room) return error;
  return room >= 6 ? extendedError(error.readUInt16BE(4)) : undefined;
}

function replyFlags(flags: number): number {
  return flagBits.response | recursionAvailable | (flags & (flagBits.recursionDesired | flagBits.checkingDisabled));
}

function writeOpt(out: Buffer, at: number, rcode: number, dnssecOk: boolean, options: Buffer | undefined): void {
  out[at] = 0;
  out.writeUInt16BE(types.opt, at + 1);
  out.writeUInt16BE(1232, at + 3);
  out[at + 5] = rcode >> 4;
  out[at + 6] = 0;
  out.writeUInt16BE(dnssecOk ? 0x8000 : 0, at + 7);
  out.writeUInt16BE(options?.length ?? 0, at + 9);
  options?.copy(out, at + 11);
}
