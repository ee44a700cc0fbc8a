import type { TLSSocket } from 'node:tls';

/** An agent has its session and fetches a few things beside it. */
const mostAtOnce = 16;

/** Of the certificate that was shown: in hexadecimal, as the store has them. */
export interface Shown {
  serial: string;
  /** SHA-256. */
  fingerprint: string;
}

/** What is read of a connection's certificate: reading it makes an object of it, which costs what a small query does. */
export type Reader<S> = (socket: S) => Shown | undefined;

/** As much of a connection as is needed. */
interface Visitor {
  on(event: 'close', closed: () => void): unknown;
  off(event: 'close', closed: () => void): unknown;
}

/** Undefined when TLS has not accepted what was shown. */
export function certificateOf(socket: TLSSocket): Shown | undefined {
  const shown = socket.authorized ? socket.getPeerX509Certificate() : undefined;
  return shown && { serial: shown.serialNumber, fingerprint: shown.fingerprint256.replaceAll(':', '').toLowerCase() };
}

/**
 * Connections that stand and are no session yet, counted by certificate, which is read once: one device that opens connection
 * after connection and asks for nothing must not fill the house.
 */
export class Visits<S extends Visitor = TLSSocket> {
  readonly #read: Reader<S>;
  readonly #open = new Map<S, { shown: Shown | undefined; onClosed: () => void }>();
  readonly #counts = new Map<string, number>();

  constructor(read: Reader<S>) {
    this.#read = read;
  }

  /** False when this certificate has too many already; such a connection is to be cut off. */
  begin(socket: S): boolean {
    const shown = this.#read(socket);
    const key = keyOf(shown);
    const count = this.#counts.get(key) ?? 0;
    if (count >= mostAtOnce) return false;
    this.#counts.set(key, count + 1);
    const onClosed = () => this.end(socket);
    this.#open.set(socket, { shown, onClosed });
    socket.on('close', onClosed);
    return true;
  }

  /** The certificate of a connection that is here. */
  shownBy(socket: S): Shown | undefined {
    return this.#open.get(socket)?.shown;
  }

  /** It became a session, or closed. */
  end(socket: S): void {
    const visit = this.#open.get(socket);
    if (!visit) return;
    socket.off('close', visit.onClosed);
    this.#open.delete(socket);
    const key = keyOf(visit.shown);
    const left = (this.#counts.get(key) ?? 0) - 1;
    if (left > 0) this.#counts.set(key, left);
    else this.#counts.delete(key);
  }
}

function keyOf(shown: Shown | undefined): string {
  return shown?.fingerprint ?? '';
}
