import type { ConnectionListener, SessionSocket } from '../connection.ts';

/** The link as the sockets of its sessions see it. */
export interface SocketLink {
  /** See `Link.drains`. */
  readonly drains: number;
  /** `to`: see the record `send`. */
  send(to: number, frame: string | Buffer): void;
  close(session: number, code: number, reason: string): void;
  terminate(session: number): void;
}

/** What may wait for one session before the link takes it; the front bounds what waits after that. */
const unsentBytes = 16_777_216;

/** A device's connection that a front holds, as the server's process sees it. */
export class RemoteSocket implements SessionSocket {
  readonly number: number;
  listener: ConnectionListener | undefined;
  readonly #link: SocketLink;
  #unsent = 0;
  #unsentSince = 0;
  #dones: (() => void)[] | undefined;
  #hasEnded = false;

  constructor(link: SocketLink, number: number) {
    this.#link = link;
    this.number = number;
  }

  send(frame: string | Buffer, done?: () => void): void {
    if (!this.#hasEnded && !this.#hasRoomFor(frame.length)) this.terminate();
    if (this.#hasEnded) {
      done?.();
      return;
    }
    if (done) {
      this.#dones ??= [];
      this.#dones.push(done);
    }
    this.#link.send(this.number * 2 + (done ? 1 : 0), frame);
  }

  close(code: number, reason: string): void {
    if (!this.#hasEnded) this.#link.close(this.number, code, reason);
    this.#hasEnded = true;
  }

  terminate(): void {
    this.#hasEnded = true;
    this.#link.terminate(this.number);
  }

  /** The kernel has the next `count` of those frames somebody waits for. */
  sent(count: number): void {
    for (const done of this.#dones?.splice(0, count) ?? []) done();
    if (this.#dones?.length === 0) this.#dones = undefined;
  }

  /** The front, or the link to it, holds it no more. */
  closed(): void {
    this.#hasEnded = true;
    this.sent(this.#dones?.length ?? 0);
    this.listener?.onClose();
  }

  #hasRoomFor(length: number): boolean {
    const { drains } = this.#link;
    if (this.#unsentSince !== drains) this.#unsent = 0;
    this.#unsentSince = drains;
    this.#unsent += length;
    return this.#unsent - length <= unsentBytes;
  }
}
