import { createSecureContext, type SecureContext } from 'node:tls';

/** What Node's context does and its types leave out: https://github.com/nodejs/node/blob/v24.x/lib/internal/tls/secure-context.js */
interface Changeable {
  context: { setCert(pem: string): void; setKey(pem: string): void };
}

/**
 * One TLS context for a crowd: its certificate is changed before each connection, which keeps the one it began with
 * (SSL_new copies it). A context for each would be 40 of 120 KB and a quarter of the processor time of a connection.
 */
export class ClientContext {
  readonly #context: SecureContext;

  /** PEM: the root that is pinned. */
  constructor(root: string) {
    this.#context = createSecureContext({ ca: root, minVersion: 'TLSv1.3' });
  }

  /** For a connection that begins before this is called again. Its leaf alone is shown, as agents do. */
  of({ certificate, key }: { certificate: string; key: string }): SecureContext {
    const { context } = this.#context as unknown as Changeable;
    context.setCert(certificate);
    context.setKey(key);
    return this.#context;
  }
}
