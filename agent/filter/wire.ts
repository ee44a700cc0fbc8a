/**
 * The little of the DNS wire format (RFC 1035, RFC 6891) that every query passes through, read by hand from hostile
 * bytes: nothing here throws, whatever the packet holds.
 */

export const headerLength = 12;
export const types = {
  a: 1,
  cname: 5,
  aaaa: 28,
  dname: 39,
  opt: 41,
  svcb: 64,
  https: 65,
  ixfr: 251,
  axfr: 252,
  any: 255,
};
export const rcodes = { noError: 0, formErr: 1, servFail: 2, nxDomain: 3, notImp: 4, refused: 5, badVersion: 16 };
export const classIn = 1;
export const flagBits = {
  response: 0x8000,
  opcode: 0x7800,
  truncated: 0x0200,
  recursionDesired: 0x0100,
  checkingDisabled: 0x0010,
};
const recursionAvailable = 0x0080;
const optLength = 11;
const udpDefault = 512;
/** What a client may ask for over UDP; larger answers go over TCP. */
const udpMost = 4096;

/** The client's EDNS record. */
export interface Edns {
  udpSize: number;
  version: number;
  dnssecOk: boolean;
}

export interface Query {
  id: number;
  flags: number;
  /** Lower case, no dot at the end, '' for the root; bytes no host name has are written `\ddd`, so they match no rule. */
  name: string;
  type: number;
  class: number;
  /** Where the question ends in the packet. */
  end: number;
  edns?: Edns;
}

/** A packet that is answered with an error because it is no query that can be read. */
export interface Unreadable {
  rcode: number;
  id: number;
  flags: number;
}

/** Undefined: not worth an answer (no whole header, or itself an answer, which could loop). */
export function readQuery(packet: Buffer): Query | Unreadable | undefined {
  if (packet.length < headerLength) return undefined;
  const flags = packet.readUInt16BE(2);
  if (flags & flagBits.response) return undefined;
  const id = packet.readUInt16BE(0);
  const failed = { rcode: rcodes.formErr, id, flags };
  if (flags & flagBits.opcode) return { ...failed, rcode: rcodes.notImp };
  if (packet.readUInt16BE(4) !== 1) return failed;
  const question = readName(packet, headerLength);
  if (!question || question.next + 4 > packet.length) return failed;
  const end = question.next + 4;
  const query: Query = {
    id,
    flags,
    name: question.name,
    type: packet.readUInt16BE(question.next),
    class: packet.readUInt16BE(question.next + 2),
    end,
  };
  const records = packet.readUInt16BE(6) + packet.readUInt16BE(8) + packet.readUInt16BE(10);
  return readRest(packet, query, records) ? query : failed;
}

/** Finds the OPT record among what follows the question; false when the packet is malformed. */
function readRest(packet: Buffer, query: Query, records: number): boolean {
  let at = query.end;
  for (let i = 0; i < records; i++) {
    const record = readRecord(packet, at);
    if (!record) return false;
    if (record.type === types.opt) {
      if (query.edns || packet[at] !== 0) return false;
      query.edns = {
        udpSize: record.class,
        version: packet[record.data - 5] ?? 0,
        dnssecOk: ((packet[record.data - 4] ?? 0) & 0x80) !== 0,
      };
    }
    at = record.next;
  }
  return at === packet.length;
}

export interface ResourceRecord {
  type: number;
  class: number;
  /** Seconds. */
  ttl: number;
  /** Where its data begins. */
  data: number;
  next: number;
}

/** The record at an offset; undefined when it does not fit in the packet. */
export function readRecord(packet: Buffer, offset: number): ResourceRecord | undefined {
  const at = skipName(packet, offset);
  if (at === undefined || at + 10 > packet.length) return undefined;
  const data = at + 10;
  const next = data + packet.readUInt16BE(at + 8);
  if (next > packet.length) return undefined;
  return {
    type: packet.readUInt16BE(at),
    class: packet.readUInt16BE(at + 2),
    ttl: packet.readUInt32BE(at + 4),
    data,
    next,
  };
}

const scratch = Buffer.alloc(1024);
/** No label has this length, so reading past the end is an error like any other. */
const pastEnd = 64;

/** Reads a name, following compression pointers, which must point back; undefined when it is malformed. */
export function readName(packet: Buffer, offset: number): { name: string; next: number } | undefined {
  let at = offset;
  let next = -1;
  let lowest = offset;
  let octets = 0;
  let written = 0;
  for (;;) {
    const length = packet[at] ?? pastEnd;
    if (length >= 0xc0) {
      const pointer = pointerAt(packet, at, lowest);
      if (pointer === undefined) return undefined;
      if (next < 0) next = at + 2;
      lowest = pointer;
      at = pointer;
      continue;
    }
    if (length > 63) return undefined;
    if (length === 0) break;
    octets += length + 1;
    if (octets > 254 || at + length >= packet.length) return undefined;
    if (written > 0) scratch[written++] = 0x2e;
    written = copyLabel(packet, at + 1, length, written);
    at += length + 1;
  }
  return { name: scratch.toString('latin1', 0, written), next: next < 0 ? at + 1 : next };
}

/** A compression pointer to before `below`, so that following pointers ends. */
function pointerAt(packet: Buffer, at: number, below: number): number | undefined {
  if (at + 1 >= packet.length) return undefined;
  const pointer = packet.readUInt16BE(at) & 0x3fff;
  return pointer >= headerLength && pointer < below ? pointer : undefined;
}

function copyLabel(packet: Buffer, from: number, length: number, to: number): number {
  let written = to;
  for (let i = from; i < from + length; i++) {
    const byte = packet[i] ?? 0;
    if (byte >= 0x41 && byte <= 0x5a) scratch[written++] = byte + 0x20;
    else if (byte > 0x20 && byte < 0x7f && byte !== 0x2e && byte !== 0x5c) scratch[written++] = byte;
    else written += scratch.write(`\\${String(byte).padStart(3, '0')}`, written, 'latin1');
  }
  return written;
}

/** Where a name ends, without reading it. */
function skipName(packet: Buffer, offset: number): number | undefined {
  for (let at = offset; ; ) {
    const length = packet[at];
    if (length === undefined) return undefined;
    if (length === 0) return at + 1;
    if (length >= 0xc0) return at + 2 <= packet.length ? at + 2 : undefined;
    if (length > 63) return undefined;
    at += length + 1;
  }
}

/** A name in wire form. The name is one that `normaliseName` gave, or ''. */
export function writeName(name: string): Buffer {
  if (name === '') return Buffer.alloc(1);
  const out = Buffer.alloc(name.length + 2);
  let at = 0;
  for (const label of name.split('.')) {
    out[at] = label.length;
    at += 1 + out.write(label, at + 1, 'latin1');
  }
  return out;
}

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

/** Bytes the client can take over UDP. */
export function udpLimit(query: Query): number {
  return query.edns ? Math.min(Math.max(query.edns.udpSize, udpDefault), udpMost) : udpDefault;
}

/** Builds an answer to a query. Stays within `limit` by leaving out the words of the error, then the records (TC=1). */
export function writeReply(packet: Buffer, query: Query, reply: Reply, limit: number): Buffer {
  const answers = reply.answers?.length ?? 0;
  const bare = query.end + answers + (query.edns ? optLength : 0);
  if (bare > limit && answers > 0) return writeReply(packet, query, { rcode: reply.rcode, truncated: true }, limit);
  const error = query.edns && reply.error ? fitError(reply.error, limit - bare) : undefined;
  const out = Buffer.allocUnsafe(bare + (error?.length ?? 0));
  packet.copy(out, 0, 0, query.end);
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
