import type { RawData } from 'ws';
import type { Clock } from '../../shared/clock.ts';
import type { AgentSocket } from './agent-socket.ts';

/** What a session needs of the connection of its device, which may be held by another process. */
export interface SessionSocket {
  /** `done` is called once: when the kernel has the frame, or when it never will. A Buffer may go to many sessions. */
  send(frame: string | Buffer, done?: () => void): void;
  /** Ends the connection with a reason; a peer that does not answer is cut off. */
  close(code: number, reason: string): void;
  terminate(): void;
}

/** Why a connection is to be ended before anybody has read what it says. */
export type ConnectionOffence = 'flooding' | 'binary';

/** What a connection says. */
export interface ConnectionListener {
  onFrame(frame: Buffer): void;
  /** Nothing more is heard of it; the listener is to close it. */
  onOffence(offence: ConnectionOffence, words: string): void;
  /** Once, whoever ended it. */
  onClose(): void;
}

/** Whoever keeps all connections of a process. */
interface Keeper {
  readonly clock: Clock;
  mayPing(deviceId: string): boolean;
  maySay(deviceId: string, bytes: number): boolean;
  /** It spoke, and waits when there is no room for more. */
  hold(connection: Connection): void;
  /** It waits until there is room, or its turn. */
  wait(connection: Connection): void;
  remove(connection: Connection): void;
}

/** A peer that does not read is dropped when this much waits for it. */
const unreadBytes = 16_777_216;
const closeWaitMs = 2_000;
const text = { binary: false } as const;

/** One open socket of one device, with the limits that need nobody to know what its frames mean. */
export class Connection implements SessionSocket {
  readonly deviceId: string;
  readonly openedAt: number;
  /** On the monotonic clock. */
  lastHeard: number;
  hasSpoken = false;
  listener: ConnectionListener | undefined;
  readonly #socket: AgentSocket;
  readonly #keeper: Keeper;
  /** Nothing it says matters any more. */
  #isMuted = false;

  constructor(socket: AgentSocket, deviceId: string, keeper: Keeper) {
    this.deviceId = deviceId;
    this.openedAt = keeper.clock.monotonic();
    this.lastHeard = this.openedAt;
    this.#socket = socket;
    this.#keeper = keeper;
  }

  start(): void {
    this.#socket.on('message', (frame, isBinary) => this.#receive(frame, isBinary));
    this.#socket.on('ping', () => {
      this.lastHeard = this.#keeper.clock.monotonic();
      if (!this.#isMuted && !this.#keeper.mayPing(this.deviceId)) this.#offend('flooding', 'too many pings');
    });
    this.#socket.on('close', () => {
      this.#isMuted = true;
      this.#keeper.remove(this);
      this.listener?.onClose();
    });
  }

  send(frame: string | Buffer, done?: () => void): void {
    if (this.#socket.bufferedAmount > unreadBytes) {
      this.terminate();
      done?.();
    } else this.#socket.send(frame, text, done);
  }

  close(code: number, reason: string): void {
    this.#isMuted = true;
    this.#socket.resume();
    this.#socket.close(code, reason);
    this.#keeper.clock.after(closeWaitMs, () => this.#socket.terminate());
  }

  terminate(): void {
    this.#isMuted = true;
    this.#socket.terminate();
  }

  /** Nothing is heard of it until its keeper resumes. */
  wait(): void {
    if (!this.#isMuted) this.#keeper.wait(this);
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.lastHeard = this.#keeper.clock.monotonic();
    this.#socket.resume();
  }

  #receive(frame: RawData, isBinary: boolean): void {
    if (this.#isMuted) return;
    this.lastHeard = this.#keeper.clock.monotonic();
    this.hasSpoken = true;
    const bytes = frame as Buffer;
    if (!this.#keeper.maySay(this.deviceId, bytes.length)) this.#offend('flooding', 'more frames than a device needs');
    else if (isBinary) this.#offend('binary', 'frames are text');
    else {
      this.listener?.onFrame(bytes);
      this.#keeper.hold(this);
    }
  }

  #offend(offence: ConnectionOffence, words: string): void {
    this.#isMuted = true;
    this.listener?.onOffence(offence, words);
  }
}
