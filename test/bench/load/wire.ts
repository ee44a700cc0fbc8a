import type { TcpSocketConnectOpts } from 'node:net';
import { type ConnectionOptions, connect, type SecureContext, type TLSSocket } from 'node:tls';
import { agentPaths, agentServerName } from '../../../shared/protocol/enrolment.ts';
import { subprotocol } from '../../../shared/protocol/version.ts';
import { clientFrame, FrameReader, opcodes } from './framing.ts';

export interface FarEnd {
  host: string;
  port: number;
  /** `bare`: a floor that answers the handshake with an empty pong and each ping with another, and knows no upgrade. */
  speaks: 'rollcall' | 'bare';
}

/** Who uses a wire; one object for a connection rather than a closure for each event. */
export interface WireUser {
  /** The WebSocket is open; of a bare floor: it has accepted our certificate. */
  opened(): void;
  message(frame: Buffer): void;
  ponged(): void;
  /** Once, however it ended. */
  ended(end: WireEnd): void;
}

export interface WireEnd {
  /** WebSocket close code; 1006 when the connection broke or never stood. */
  code: number;
  /** The close's reason, the code of the error, or `http NNN` when the upgrade was refused. */
  reason: string;
}

const emptyPing = clientFrame(opcodes.ping, Buffer.alloc(0));
const request = Buffer.from(
  [
    `GET ${agentPaths.session} HTTP/1.1`,
    `Host: ${agentServerName}`,
    ...['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'],
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    `Sec-WebSocket-Protocol: ${subprotocol}`,
    '\r\n',
  ].join('\r\n'),
);
const endOfHead = '\r\n\r\n';

/** One WebSocket over mutual TLS 1.3, as light as Node allows. */
export class Wire {
  readonly #user: WireUser;
  readonly #socket: TLSSocket;
  #isAwaited: boolean;
  #reader: FrameReader | undefined;
  #head = '';
  #end: WireEnd | undefined;
  /** Bytes of application data. */
  received = 0;

  constructor(farEnd: FarEnd, context: SecureContext, localAddress: string, user: WireUser) {
    this.#user = user;
    const { host, port } = farEnd;
    const from: TcpSocketConnectOpts = { host, port, localAddress };
    const options: ConnectionOptions = { ...from, secureContext: context, servername: agentServerName };
    this.#socket = connect(options);
    this.#isAwaited = farEnd.speaks === 'bare';
    if (this.#isAwaited) this.#reader = new FrameReader();
    else this.#socket.once('secureConnect', () => this.#socket.write(request));
    this.#socket.on('data', (chunk: Buffer) => this.#read(chunk));
    this.#socket.on('error', (error: NodeJS.ErrnoException) => {
      this.#end ??= { code: 1006, reason: error.code ?? error.message };
    });
    this.#socket.once('close', () => user.ended(this.#end ?? { code: 1006, reason: 'hung up' }));
  }

  get localPort(): number | undefined {
    return this.#socket.localPort;
  }

  send(text: string): void {
    this.#socket.write(clientFrame(opcodes.text, Buffer.from(text, 'utf8')));
  }

  ping(): void {
    this.#socket.write(emptyPing);
  }

  /** Breaks the connection as a power cut does. */
  cut(reason = 'cut'): void {
    this.#end ??= { code: 1006, reason };
    this.#socket.destroy();
  }

  /** Stops reading, as a laptop whose lid was closed: the kernel still answers, nobody else does. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  #read(chunk: Buffer): void {
    this.received += chunk.length;
    try {
      if (this.#reader) this.#reader.read(chunk, (opcode, payload) => this.#take(opcode, payload));
      else this.#readHead(chunk);
    } catch (error) {
      this.cut(error instanceof Error ? error.message : String(error));
    }
  }

  #readHead(chunk: Buffer): void {
    this.#head += chunk.toString('latin1');
    const end = this.#head.indexOf(endOfHead);
    if (end < 0) return;
    const status = /^HTTP\/1\.1 (\d{3})/.exec(this.#head)?.[1];
    if (status !== '101') {
      this.cut(`http ${status}`);
      return;
    }
    const rest = Buffer.from(this.#head.slice(end + endOfHead.length), 'latin1');
    this.#head = '';
    this.#reader = new FrameReader();
    this.#user.opened();
    if (rest.length > 0) this.#reader.read(rest, (opcode, payload) => this.#take(opcode, payload));
  }

  #take(opcode: number, payload: Buffer): void {
    if (opcode === opcodes.text) this.#user.message(payload);
    else if (opcode === opcodes.pong) this.#ponged();
    else if (opcode === opcodes.ping) this.#socket.write(clientFrame(opcodes.pong, payload));
    else if (opcode === opcodes.close) this.#closed(payload);
  }

  #ponged(): void {
    if (this.#isAwaited) this.#user.opened();
    else this.#user.ponged();
    this.#isAwaited = false;
  }

  #closed(payload: Buffer): void {
    const code = payload.length >= 2 ? payload.readUInt16BE(0) : 1005;
    this.#end ??= { code, reason: payload.subarray(2).toString('utf8') };
    this.#socket.end(clientFrame(opcodes.close, payload.subarray(0, 2)));
  }
}
