import { headerLength } from './constants.ts';

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

/** Where a name ends, without reading it; undefined when it is malformed. */
export function skipName(packet: Buffer, offset: number): number | undefined {
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
