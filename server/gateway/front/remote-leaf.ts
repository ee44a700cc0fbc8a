import type { TlsIdentity } from '../../pki/leaf.ts';
import type { LeafInUse } from '../tls.ts';

/** The agents' certificate in a front, as the server sends it and sends it again when it is renewed. */
export class RemoteLeaf implements LeafInUse {
  readonly #listeners = new Set<(tls: TlsIdentity) => void>();
  #tls: TlsIdentity = { key: '', cert: '' };

  get tls(): TlsIdentity {
    return this.#tls;
  }

  onRenewed(listener: (tls: TlsIdentity) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  renew(tls: TlsIdentity): void {
    this.#tls = tls;
    for (const listener of this.#listeners) listener(tls);
  }
}
