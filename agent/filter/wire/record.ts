import { skipName } from './name.ts';

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
