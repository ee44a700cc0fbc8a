import type { TLSSocket } from 'node:tls';

/** An agent has its session and fetches a few things beside it. */
const mostAtOnce = 16;

/**
 * Connections that stand and are no session yet, counted by certificate: one device that opens connection after connection
 * and asks for nothing must not fill the house.
 */
export class Visits {
  readonly #open = new Map<TLSSocket, { certificate: string; onClosed: () => void }>();
  readonly #counts = new Map<string, number>();

  /** False when this certificate has too many already; such a connection is to be cut off. */
  begin(socket: TLSSocket): boolean {
    const certificate = socket.getPeerX509Certificate()?.fingerprint256 ?? '';
    const count = this.#counts.get(certificate) ?? 0;
    if (count >= mostAtOnce) return false;
    this.#counts.set(certificate, count + 1);
    const onClosed = () => this.end(socket);
    this.#open.set(socket, { certificate, onClosed });
    socket.on('close', onClosed);
    return true;
  }

  /** It became a session, or closed. */
  end(socket: TLSSocket): void {
    const visit = this.#open.get(socket);
    if (!visit) return;
    socket.off('close', visit.onClosed);
    this.#open.delete(socket);
    const left = (this.#counts.get(visit.certificate) ?? 0) - 1;
    if (left > 0) this.#counts.set(visit.certificate, left);
    else this.#counts.delete(visit.certificate);
  }
}
