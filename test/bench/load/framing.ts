/** Frames of WebSocket as a client sends and reads them (RFC 6455 section 5), without an object per connection or frame. */

export const opcodes = { continuation: 0x0, text: 0x1, binary: 0x2, close: 0x8, ping: 0x9, pong: 0xa } as const;

const final = 0x80;
const masked = 0x80;
const largest = 8_388_608;
/** What hides a frame from proxies on the way; there are none on loopback, so one key serves. */
const mask = Buffer.from('5ec7a91b', 'hex');

/** A whole frame, masked. */
export function clientFrame(opcode: number, payload: Buffer): Buffer {
  const { length } = payload;
  const extended = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const start = 2 + extended + mask.length;
  const frame = Buffer.allocUnsafe(start + length);
  frame[0] = final | opcode;
  frame[1] = masked | (extended === 0 ? length : extended === 2 ? 126 : 127);
  if (extended === 2) frame.writeUInt16BE(length, 2);
  if (extended === 8) frame.writeBigUInt64BE(BigInt(length), 2);
  mask.copy(frame, 2 + extended);
  for (let at = 0; at < length; at++) frame[start + at] = (payload[at] ?? 0) ^ (mask[at & 3] ?? 0);
  return frame;
}

type OnMessage = (opcode: number, payload: Buffer) => void;

interface Header {
  opcode: number;
  isFinal: boolean;
  start: number;
  end: number;
}

/**
 * Cuts what a server sends into messages, however the bytes arrive. `onMessage` gets data and control frames whole; the
 * payload is a view that is valid during the call. Throws when the server breaks the framing: that is a finding.
 */
export class FrameReader {
  #rest: Buffer | undefined;
  #parts: Buffer[] | undefined;
  #partsOf = 0;

  read(chunk: Buffer, onMessage: OnMessage): void {
    let bytes = this.#rest ? Buffer.concat([this.#rest, chunk]) : chunk;
    this.#rest = undefined;
    for (let header = headerOf(bytes); header && header.end <= bytes.length; header = headerOf(bytes)) {
      this.#take(header, bytes.subarray(header.start, header.end), onMessage);
      bytes = bytes.subarray(header.end);
    }
    if (bytes.length > 0) this.#rest = Buffer.from(bytes);
  }

  #take({ opcode, isFinal }: Header, payload: Buffer, onMessage: OnMessage): void {
    if (opcode >= opcodes.close || (isFinal && !this.#parts)) onMessage(opcode, payload);
    else this.#takePart(opcode, isFinal, payload, onMessage);
  }

  #takePart(opcode: number, isFinal: boolean, payload: Buffer, onMessage: OnMessage): void {
    if (opcode !== opcodes.continuation) this.#partsOf = opcode;
    this.#parts = [...(this.#parts ?? []), Buffer.from(payload)];
    if (!isFinal) return;
    const whole = Buffer.concat(this.#parts);
    this.#parts = undefined;
    onMessage(this.#partsOf, whole);
  }
}

/** Undefined while the header has not arrived whole. */
function headerOf(bytes: Buffer): Header | undefined {
  if (bytes.length < 2) return undefined;
  const [first = 0, second = 0] = bytes;
  if (second & masked || first & 0x70) throw new Error('The server sent a frame that is masked, or uses an extension.');
  const short = second & 0x7f;
  const start = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (bytes.length < start) return undefined;
  const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  if (length > largest) throw new Error(`The server sent a frame of ${length} bytes.`);
  return { opcode: first & 0x0f, isFinal: (first & final) !== 0, start, end: start + length };
}
