import { decode, encode, type FrameProblem } from '../../shared/protocol/codec.ts';
import { type Body, closeCodes, type Message, type MessageType } from '../../shared/protocol/messages.ts';
import type { Identity } from '../store/certificates.ts';
import type { Budgets } from './budget.ts';
import type { ConnectionListener, ConnectionOffence, SessionSocket } from './connection.ts';

/** Why the server ends a session for what the agent did. */
export type Offence = FrameProblem | ConnectionOffence | 'out-of-order';

type Judged = { ok: true; message: Message } | { ok: false; problem: Offence; words: string; about?: string };

export interface SessionEvents {
  /** What devices may ask for. */
  readonly sections: Budgets;
  /** Called for each sound frame, of so many bytes. A rejection ends the session: it is a bug or a broken store. */
  onMessage(session: AgentSession, message: Message, bytes: number): Promise<void>;
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

const mayAskNothing = [new Set<string>(), new Set<string>()] as const;
const holdsNothing: Held = { generation: 0, sections: {} };
const longestReason = 110;

/**
 * One connection of one device. Who it is was read from its certificate before; nothing in a message changes that.
 * `new` until its hello was accepted, then `live`; frames of an ended session are not looked at.
 */
export class AgentSession implements ConnectionListener {
  readonly deviceId: string;
  /** Of the certificate it came with. */
  readonly serial: string;
  state: 'new' | 'opening' | 'live' | 'ended' = 'new';
  /** Of the trust the device holds, as it said and as it was sent since; undefined: it knows no `trust` message. */
  trustVersion: number | undefined;
  /** The address its connection comes from. */
  readonly seenFrom: string | undefined;
  held = holdsNothing;
  /** Hashes of the sections this device may ask for: those of the state it was sent last, and of the one before. */
  allowed: readonly [latest: ReadonlySet<string>, before: ReadonlySet<string>] = mayAskNothing;
  readonly #socket: SessionSocket;
  readonly #events: SessionEvents;
  #sent = 0;

  constructor(
    socket: SessionSocket,
    { deviceId, serial }: Pick<Identity, 'deviceId' | 'serial'>,
    seenFrom: string | undefined,
    events: SessionEvents,
  ) {
    this.deviceId = deviceId;
    this.serial = serial;
    this.seenFrom = seenFrom;
    this.#socket = socket;
    this.#events = events;
  }

  get hasEnded(): boolean {
    return this.state === 'ended';
  }

  get isLive(): boolean {
    return this.state === 'live';
  }

  send<T extends MessageType>(type: T, body: Body<T>, id = `s${++this.#sent}`): void {
    this.post(encode(type, id, body));
  }

  /** Sends an encoded frame; a Buffer is one that many sessions share. */
  post(frame: string | Buffer): void {
    if (this.state !== 'ended') this.#socket.send(frame);
  }

  /** The same; resolves when the kernel has it or the session ended. */
  sendFrame(frame: string | Buffer): Promise<void> {
    if (this.state === 'ended') return Promise.resolve();
    // A failed send is followed by the socket's close, which ends the session.
    return new Promise((resolve) => this.#socket.send(frame, resolve));
  }

  /** False, and the session is ended, when the device asks for more sections than any state has. */
  maySend(sections: number): boolean {
    if (this.#events.sections.take(this.deviceId, sections)) return true;
    this.offend('flooding', 'more sections asked for than a device needs');
    return false;
  }

  /** Ends the session with a reason. */
  close(code: number, reason: string): void {
    if (this.state === 'ended') return;
    this.state = 'ended';
    this.#socket.close(code, Buffer.from(reason, 'utf8').subarray(0, longestReason).toString('utf8'));
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

  onFrame(frame: Buffer): void {
    if (this.state === 'ended') return;
    const judged = this.#judge(frame);
    if (judged.ok)
      this.#events.onMessage(this, judged.message, frame.length).catch((error) => this.#events.onFailure(this, error));
    else this.offend(judged.problem, judged.words, judged.about);
  }

  onOffence(offence: ConnectionOffence, words: string): void {
    this.offend(offence, words);
  }

  onClose(): void {
    this.state = 'ended';
    this.#events.onEnd(this);
  }

  #judge(frame: Buffer): Judged {
    const decoded = decode(frame, 'agent');
    if (!decoded.ok || this.#isInOrder(decoded.message.type)) return decoded;
    const { type, id } = decoded.message;
    const words = `${type} is not expected now: hello comes first, and once`;
    return { ok: false, problem: 'out-of-order', words, about: id };
  }

  #isInOrder(type: MessageType): boolean {
    if (type === 'hello') return this.state === 'new';
    return this.state === 'live' || (type === 'error' && this.state === 'opening');
  }
}

function closeCodeOf(offence: Offence): number {
  if (offence === 'too-large') return closeCodes.tooLarge;
  if (offence === 'flooding') return closeCodes.flooding;
  return offence === 'out-of-order' ? closeCodes.notAllowed : closeCodes.badFrame;
}
