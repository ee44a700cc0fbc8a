import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import type { Identity } from '../../store/certificates.ts';
import type { ConnectionListener, ConnectionOffence, SessionSocket } from '../connection.ts';
import type { Hush } from '../hush.ts';
import type { Room } from '../room.ts';
import { identityOf } from './identity-texts.ts';
import { Link } from './link.ts';
import { LinkError } from './record-splitter.ts';
import { fromFront, type Heard, type Listening, listeningRecord, toFront } from './records.ts';
import { RemoteSocket, type SocketLink } from './remote-socket.ts';
import { SharedFrames } from './shared-frames.ts';

/** What fronts ask the server; `undefined`: there is nothing of that kind. */
export interface FrontAnswers {
  answer(what: string, of: readonly string[]): Promise<FrontAnswer | undefined>;
}

export interface FrontAnswer {
  texts: readonly string[];
  content?: string;
}

/** Whoever gives meaning to what the connections of a front say. */
export interface RemoteOwner<L extends ConnectionListener> {
  /** While it is full the front lets wait whoever speaks. */
  readonly room: Pick<Room, 'isFull' | 'onTurn'>;
  /** While it is on the front lets wait whoever is given what many are given. */
  readonly hush: Pick<Hush, 'isOn' | 'onTurn'>;
  open(socket: SessionSocket, identity: Identity, address: string | undefined): L;
  heard(listeners: readonly L[]): void;
}

export interface FrontLineParts<L extends ConnectionListener> extends FrontAnswers {
  owner: RemoteOwner<L>;
  onReady(port: number): void;
  onFailed(words: string): void;
  /** The front gave a sign of life. */
  onHeard(): void;
  onRefused(reason: string, count: number): void;
  /** So many wait for their handshake by now. */
  onWaiting(count: number): void;
  /** After all its sessions ended. */
  onEnd(problem: Error | undefined): void;
  log: Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;
}

const offences: readonly ConnectionOffence[] = ['flooding', 'binary'];
const levels = ['debug', 'info', 'warn', 'error'] as const;
const reasonForm = /^[a-z][a-z-]{0,39}$/;

/** The server's end of the link to one front, and the sessions of the connections that it holds. */
export class FrontLine<L extends ConnectionListener> implements SocketLink {
  readonly #parts: FrontLineParts<L>;
  readonly #link: Link<typeof toFront, typeof fromFront>;
  readonly #frames: SharedFrames;
  readonly #sockets = new Map<number, RemoteSocket>();
  #unsubscribe: (() => void)[] = [];

  constructor(stream: Duplex, parts: FrontLineParts<L>) {
    this.#parts = parts;
    this.#link = new Link({
      ...{ stream, out: toFront, in: fromFront },
      onEnd: (problem) => this.#ended(problem),
      beforeFlush: () => this.#frames.flush(),
    });
    this.#frames = new SharedFrames({
      keep: (id, frame) => this.#link.send('keep', id, frame),
      fan: (id, to) => this.#link.send('fan', id, to),
      drop: (id) => this.#link.send('drop', id),
    });
  }

  get drains(): number {
    return this.#link.drains;
  }

  get sessions(): number {
    return this.#sockets.size;
  }

  start(): void {
    this.#link.start(this.#hears());
    const { room, hush } = this.#parts.owner;
    if (room.isFull) this.#tellFull(true);
    if (hush.isOn) this.#tellHush(true);
    this.#unsubscribe = [room.onTurn((isFull) => this.#tellFull(isFull)), hush.onTurn((isOn) => this.#tellHush(isOn))];
  }

  /** What was sent still goes out; the front ends with the link. */
  stop(): void {
    this.#link.close();
  }

  leaf({ key, cert }: { key: string; cert: string }): void {
    this.#link.send('leaf', key, cert);
  }

  listen(listening: Listening): void {
    this.#link.send('listen', ...listeningRecord(listening));
  }

  send(to: number, frame: string | Buffer): void {
    if (typeof frame !== 'string') {
      this.#frames.send(frame, to);
      this.#link.schedule();
      return;
    }
    this.#frames.flush();
    this.#link.send('send', to, frame);
  }

  close(session: number, code: number, reason: string): void {
    this.#frames.flush();
    this.#link.send('close', session, code, reason);
  }

  terminate(session: number): void {
    this.#frames.flush();
    this.#link.send('terminate', session);
  }

  /** Of a session that has ended meanwhile nothing is heard. */
  #hears(): Heard<typeof fromFront> {
    const { owner, onReady, onFailed, onRefused, onWaiting } = this.#parts;
    return {
      ready: onReady,
      failed: onFailed,
      ask: (number, what, of) => void this.#answer(number, what, of),
      open: (session, identity, address) => this.#open(session, identityOf(identity), address || undefined),
      frame: (session, frame) => this.#sockets.get(session)?.listener?.onFrame(frame),
      offence: (session, name, words) =>
        this.#sockets.get(session)?.listener?.onOffence(oneOf(offences, name), words.slice(0, 200)),
      sent: (counts) => {
        for (let i = 0; i + 1 < counts.length; i += 2) this.#sockets.get(counts[i] ?? 0)?.sent(counts[i + 1] ?? 0);
      },
      closed: (session) => this.#close(session),
      heard: (sessions) => {
        this.#parts.onHeard();
        owner.heard(sessions.flatMap((session) => (this.#sockets.get(session)?.listener as L | undefined) ?? []));
      },
      refused: (reason, count) => {
        if (!reasonForm.test(reason)) throw new LinkError('a refusal for no known reason');
        onRefused(reason, count);
      },
      waiting: onWaiting,
      log: (level, message, details) =>
        this.#parts.log[oneOf(levels, level)](details ? { details } : {}, message.slice(0, 1_000)),
    };
  }

  #tellFull(isFull: boolean): void {
    this.#link.send('full', isFull ? 1 : 0);
  }

  #tellHush(isOn: boolean): void {
    this.#frames.flush();
    this.#link.send('hush', isOn ? 1 : 0);
  }

  #open(session: number, identity: Identity, address: string | undefined): void {
    if (this.#sockets.has(session)) throw new LinkError('a session opened twice');
    const socket = new RemoteSocket(this, session);
    this.#sockets.set(session, socket);
    socket.listener = this.#parts.owner.open(socket, identity, address);
  }

  #close(session: number): void {
    const socket = this.#sockets.get(session);
    this.#sockets.delete(session);
    socket?.closed();
  }

  async #answer(number: number, what: string, of: readonly string[]): Promise<void> {
    try {
      const { texts = [], content = '' } = (await this.#parts.answer(what, of)) ?? {};
      this.#link.send('answer', number, texts, content);
    } catch (error) {
      this.#parts.log.error({ err: error, what }, 'a question of a front process could not be answered');
      this.#link.send('unanswered', number);
    }
  }

  #ended(problem: Error | undefined): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    for (const session of [...this.#sockets.keys()]) this.#close(session);
    this.#parts.onEnd(problem);
  }
}

function oneOf<T extends string>(known: readonly T[], word: string): T {
  const found = known.find((each) => each === word);
  if (found === undefined) throw new LinkError('a record with a word that nobody knows');
  return found;
}
