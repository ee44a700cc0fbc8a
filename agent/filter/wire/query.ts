import { flagBits, headerLength, rcodes, types } from './constants.ts';
import { readName } from './name.ts';
import { readRecord } from './record.ts';

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

/** Bytes the client can take over UDP. */
export function udpLimit(query: Query): number {
  return query.edns ? Math.min(Math.max(query.edns.udpSize, udpDefault), udpMost) : udpDefault;
}
