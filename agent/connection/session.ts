import type { Socket as NetSocket } from 'node:net';
import { type RawData, WebSocket } from 'ws';
import type { Clock, Random } from '../../shared/clock.ts';
import { encode } from '../../shared/protocol/codec.ts';
import { type Address, agentPaths } from '../../shared/protocol/enrolment.ts';
import { type Body, closeCodes, type MessageType, messages } from '../../shared/protocol/messages.ts';
import { subprotocols } from '../../shared/protocol/version.ts';
import { type TlsTrust, tlsOptions } from '../identity/https.ts';
import type { Heard } from './dispatch.ts';

/** Without a byte from the server; on a line of 2 s latency that loses every third packet, TCP itself waits this long. */
const handshakeTimeoutMs = 45_000;
/** From the first packet to the welcome: five journeys there and back, of 4 s and more each on such a line. */
const welcomeTimeoutMs = 120_000;
const silentBeats = 2.5;
const largestFrame = Math.max(...Object.values(messages).map((message) => message.limit));
/** A server that does not read is given up when this much waits for it: more than the two largest messages. */
const unreadBytes = 4_194_304;
/** A newer server says a few things this agent does not know; one that says nothing else is none. */
const mostUnknown = 100;
/** What may wait for a slow line before samples of a stream are left out. */
const backPressureBytes = 262_144;

export interface SessionOptions {
  address: Address;
  trust: TlsTrust;
  hello: Body<'hello'>;
  /** Reads a frame and acts on it; says when the connection must end. */
  hear: (bytes: Uint8Array, session: Session) => Heard;
  onEnd: (end: SessionEnd) => void;
  clock: Clock;
  random: Random;
}

export interface SessionEnd {
  /** WebSocket close code; 1006 when the connection broke or never stood. */
  code: number;
  reason: string;
  /** True when TLS or the upgrade was refused: the certificate may be the cause. */
  handshakeRefused: boolean;
}

/** One connection to the server, from the handshake to its end. Reconnecting is the business of `Connection`. */
export class Session {
  readonly #options: SessionOptions;
  readonly #socket: WebSocket;
  #frames = 0;
  #unknown = 0;
  #lastHeard: number;
  /** Of what carries the WebSocket, once it stands; with what was read from it when it was looked at last. */
  #carrier: Pick<NetSocket, 'bytesRead'> | undefined;
  #bytesRead = 0;
  #reason = '';
  #wasOpen = false;
  #refused = false;
  #cancel: () => void;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#lastHeard = options.clock.monotonic();
    this.#socket = open(options);
    this.#cancel = options.clock.after(welcomeTimeoutMs, () => this.#abandon('no welcome from the server'));
    this.#listen();
  }

  /** Sends a message; false when the connection is not open. `written`: the system has taken it, or never will. */
  send<T extends MessageType>(type: T, body: Body<T>, written?: () => void): boolean {
    if (this.#socket.readyState !== WebSocket.OPEN || !this.#isRead()) return false;
    this.#frames += 1;
    this.#socket.send(encode(type, `a${this.#frames}`, body), () => written?.());
    return true;
  }

  /** The server said something this agent does not know; false when it was too often. */
  mayBeUnknown(): boolean {
    this.#unknown += 1;
    return this.#unknown <= mostUnknown;
  }

  /** True while the line is slower than what is sent. */
  get isCongested(): boolean {
    return this.#socket.bufferedAmount > backPressureBytes;
  }

  /**
   * Heartbeats from now on, at a jittered pace; a peer from which nothing came for two and a half of them is given up then.
   * Part of a large frame is a sign of life too: on a slow line the answer to a heartbeat waits behind it.
   */
  startHeartbeat(seconds: number): void {
    const { clock, random } = this.#options;
    const interval = seconds * 1_000;
    const beat = (wait: number) => {
      this.#cancel = clock.after(wait, () => {
        this.#notePart();
        const left = this.#lastHeard + silentBeats * interval - clock.monotonic();
        if (left <= 0) return this.#abandon('the server is silent');
        this.#socket.ping();
        beat(Math.min(left, interval * nextBeat(random)));
      });
    };
    this.#cancel();
    beat(interval * firstBeat(random));
  }

  close(code: number, reason: string): void {
    this.#reason ||= reason;
    this.#socket.close(code, reason.slice(0, 100));
    // A peer that does not answer the close is not waited for.
    this.#cancel();
    this.#cancel = this.#options.clock.after(2_000, () => this.#socket.terminate());
  }

  #listen(): void {
    const socket = this.#socket;
    socket.on('upgrade', (response) => {
      this.#carrier = response.socket;
    });
    socket.on('open', () => {
      this.#wasOpen = true;
      this.#heard();
      this.send('hello', this.#options.hello);
    });
    socket.on('pong', () => this.#heard());
    socket.on('ping', () => {
      this.#heard();
      this.#isRead();
    });
    socket.on('message', (frame, isBinary) => this.#receive(frame, isBinary));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.#reason ||= error.message;
      this.#refused = !this.#wasOpen && isRefusal(error);
    });
    socket.on('close', (code, reason) => {
      this.#cancel();
      const words = reason.toString('utf8') || this.#reason;
      this.#options.onEnd({ code, reason: words, handshakeRefused: this.#refused });
    });
  }

  #receive(frame: RawData, isBinary: boolean): void {
    this.#heard();
    const heard: Heard = isBinary
      ? { ok: false, closeWith: closeCodes.badFrame, words: 'binary frames are not spoken here' }
      : this.#options.hear(bytesOf(frame), this);
    if (!heard.ok) this.close(heard.closeWith, heard.words);
  }

  #heard(): void {
    this.#lastHeard = this.#options.clock.monotonic();
    this.#bytesRead = this.#carrier?.bytesRead ?? 0;
  }

  #notePart(): void {
    if (this.#carrier && this.#carrier.bytesRead !== this.#bytesRead) this.#heard();
  }

  /** False, and it is given up, when the server does not read what is sent. */
  #isRead(): boolean {
    if (this.#socket.bufferedAmount <= unreadBytes) return true;
    this.#abandon('the server does not read');
    return false;
  }

  #abandon(why: string): void {
    this.#reason ||= why;
    this.#socket.terminate();
  }
}

/** Anywhere in the first interval, as a part of it: a fleet that is welcomed within seconds must not beat as one. */
export function firstBeat(random: Pick<Random, 'unit'>): number {
  return random.unit();
}

/** Of the interval, from one heartbeat to the next. */
export function nextBeat(random: Pick<Random, 'unit'>): number {
  return 0.9 + random.unit() * 0.2;
}

/**
 * Of zeroes: the bytes stay as they are. Masks keep pages of a browser from steering what lies in between (RFC 6455, section
 * 10.3); nothing lies in between here, as the connection is TLS to the district's own root. Masking byte by byte is the first
 * thing that an agent would have compiled as hot code, for which V8 loads its compilers (docs/decisions/0042).
 */
const noMask = (mask: Buffer) => mask.fill(0);

function open({ address, trust }: SessionOptions): WebSocket {
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  return new WebSocket(`wss://${host}:${address.port}${agentPaths.session}`, [...subprotocols], {
    ...tlsOptions(trust),
    perMessageDeflate: false,
    maxPayload: largestFrame,
    handshakeTimeout: handshakeTimeoutMs,
    followRedirects: false,
    skipUTF8Validation: true,
    generateMask: noMask,
  });
}

/** A TLS alert about our certificate, a hang-up after it, or an HTTP status instead of the upgrade. */
function isRefusal({ code = '', message }: NodeJS.ErrnoException): boolean {
  return code.startsWith('ERR_SSL_') || code === 'ECONNRESET' || /Unexpected server response: 40[13]/.test(message);
}

function bytesOf(frame: RawData): Uint8Array {
  if (Array.isArray(frame)) return Buffer.concat(frame);
  return frame instanceof ArrayBuffer ? new Uint8Array(frame) : frame;
}
