import type { Clock } from '../../shared/clock.ts';
import { decode, encode, type FrameProblem } from '../../shared/protocol/codec.ts';
import { type Body, closeCodes, type Message, type MessageType } from '../../shared/protocol/messages.ts';
import type { Identity } from '../store/certificates.ts';
import type { AgentSocket } from './agent-socket.ts';
import type { Allowances } from './budget.ts';

/** Why the server ends a session for what the agent did. */
export type Offence = FrameProblem | 'flooding' | 'binary' | 'out-of-order';

type Judged = { ok: true; message: Message } | { ok: false; problem: Offence; words: string; about?: string };

export interface SessionEvents {
  /** Called for each sound frame. A rejection ends the session: it is a bug or a broken store. */
  onMessage(session: AgentSession, message: Message): Promise<void>;
  /** The session is being closed for it, but for `unknown-type`, which is only answered. */
  onOffence(session: AgentSession, offence: Offence, words: string): void;
  /** Once, whoever ended it. */
  onEnd(session: AgentSession): void;
  onFailure(session: AgentSession, error: unknown): void;
}

/** What the device holds, as it says in its hello and as it was sent since. */
export interface Held {
  generation: number;
  sections: Readonly<Record<string, string>>;
}

/** A peer that does not read is dropped when this much waits for it. */
const unreadBytes = 16_777_216;
const nothing: ReadonlySet<string> = new Set();
const closeWaitMs = 2_000;
const longestReason = 110;

/**
 * One connection of one device. Who it is was read from its certificate before; nothing in a message changes that.
 * `new` until its hello was accepted, then `live`; frames of an ended session are not looked at.
 */
export class AgentSession {
  readonly identity: Identity;
  readonly openedAt: number;
  state: 'new' | 'opening' | 'live' | 'ended' = 'new';
  /** Of the trust the device holds, as it said and as it was sent since; undefined: it knows no `trust` message. */
  trustVersion: number | undefined;
  /** The address its connection comes from. */
  seenFrom: string | undefined;
  held: Held = { generation: 0, sections: {} };
  /** Hashes of the sections this device may ask for: those of the state it was sent last, and of the one before. */
  allowed: readonly [latest: ReadonlySet<string>, before: ReadonlySet<string>] = [nothing, nothing];
  /** On the monotonic clock. */
  lastHeard: number;
  readonly #socket: AgentSocket;
  readonly #clock: Clock;
  readonly #events: SessionEvents;
  readonly #allowances: Allowances;
  #sent = 0;

  constructor(socket: AgentSocket, identity: Identity, clock: Clock, allowances: Allowances, events: SessionEvents) {
    this.identity = identity;
    this.openedAt = clock.monotonic();
    this.lastHeard = this.openedAt;
    this.#socket = socket;
    this.#clock = clock;
    this.#events = events;
    this.#allowances = allowances;
  }

  get deviceId(): string {
    return this.identity.deviceId;
  }

  get hasEnded(): boolean {
    return this.state === 'ended';
  }

  get isLive(): boolean {
    return this.state === 'live';
  }

  start(): void {
    this.#socket.on('message', (frame, isBinary) => this.#receive(frame as Buffer, isBinary));
    this.#socket.on('ping', () => {
      this.lastHeard = this.#clock.monotonic();
      if (!this.#allowances.frames.take(this.deviceId, 1)) this.offend('flooding', 'too many pings');
    });
    this.#socket.on('close', () => {
      this.state = 'ended';
      this.#events.onEnd(this);
    });
  }

  send<T extends MessageType>(type: T, body: Body<T>, id = `s${++this.#sent}`): void {
    void this.sendFrame(encode(type, id, body));
  }

  /** Sends an encoded frame, which many sessions may share; resolves when the kernel has it or the session ended. */
  sendFrame(frame: string | Buffer): Promise<void> {
    if (this.state === 'ended') return Promise.resolve();
    if (this.#socket.bufferedAmount > unreadBytes) {
      this.terminate();
      return Promise.resolve();
    }
    // A failed send is followed by the socket's close, which ends the session.
    return new Promise((resolve) => this.#socket.send(frame, { binary: false }, () => resolve()));
  }

  /** False, and the session is ended, when the device asks for more sections than any state has. */
  maySend(sections: number): boolean {
    if (this.#allowances.sections.take(this.deviceId, sections)) return true;
    this.offend('flooding', 'more sections asked for than a device needs');
    return false;
  }

  /** Ends the session with a reason; a peer that does not answer the close is cut off. */
  close(code: number, reason: string): void {
    if (this.state === 'ended') return;
    this.state = 'ended';
    const words = Buffer.from(reason, 'utf8').subarray(0, longestReason).toString('utf8');
    this.#socket.close(code, words);
    this.#clock.after(closeWaitMs, () => this.#socket.terminate());
  }

  terminate(): void {
    this.state = 'ended';
    this.#socket.terminate();
  }

  /** Tells the agent by a typed error, and closes unless the offence is only a newer agent's message. */
  offend(offence: Offence, words: string, about?: string): void {
    if (this.state === 'ended') return;
    this.#events.onOffence(this, offence, words);
    const message = words.slice(0, 500);
    this.send('error', { code: offence, message, ...(about === undefined ? {} : { about }) });
    if (offence !== 'unknown-type') this.close(closeCodeOf(offence), offence);
  }

  #receive(frame: Buffer, isBinary: boolean): void {
    if (this.state === 'ended') return;
    this.lastHeard = this.#clock.monotonic();
    const judged = this.#judge(frame, isBinary);
    if (judged.ok) this.#events.onMessage(this, judged.message).catch((error) => this.#events.onFailure(this, error));
    else this.offend(judged.problem, judged.words, judged.about);
  }

  #judge(frame: Buffer, isBinary: boolean): Judged {
    const { frames, bytes } = this.#allowances;
    if (!frames.take(this.deviceId, 1) || !bytes.take(this.deviceId, frame.length))
      return { ok: false, problem: 'flooding', words: 'more frames than a device needs' };
    if (isBinary) return { ok: false, problem: 'binary', words: 'frames are text' };
    const decoded = decode(frame, 'agent');
    if (!decoded.ok || this.#isInOrder(decoded.message.type)) return decoded;
    const { type, id } = decoded.message;
    const words = `${type} is not expected now: hello comes first, and once`;
    return { ok: false, problem: 'out-of-order', words, about: id };
  }

  #isInOrder(type: MessageType): boolean {
    return type === 'error' || this.state === (type === 'hello' ? 'new' : 'live');
  }
}

function closeCodeOf(offence: Offence): number {
  if (offence === 'too-large') return closeCodes.tooLarge;
  if (offence === 'flooding') return closeCodes.flooding;
  return offence === 'out-of-order' ? closeCodes.notAllowed : closeCodes.badFrame;
}
