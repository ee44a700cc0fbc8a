import type { Address, Trust } from '../../shared/protocol/enrolment.ts';
import type { Home } from '../store/home.ts';
import type { Credential } from './certificate.ts';
import { type Identity, writeIdentity } from './identity-files.ts';

/** The identity of a running agent: the credential in use and what is trusted, and how both change. */
export class IdentityKeeper {
  readonly #home: Home;
  #identity: Identity;
  #onRenewed: () => void = () => undefined;

  constructor(home: Home, identity: Identity) {
    this.#home = home;
    this.#identity = identity;
  }

  get identity(): Identity {
    return this.#identity;
  }

  get credential(): Credential {
    return this.#identity.credentials[0];
  }

  /** Called after a renewal, so that the session is opened anew. */
  onRenewed(listener: () => void): void {
    this.#onRenewed = listener;
  }

  /** The new credential is used from now on; the old one is kept until the new one was accepted. */
  renewed(credential: Credential, agents: Address[]): void {
    this.#save({ ...this.#identity, agents, credentials: [credential, this.credential] });
    this.#onRenewed();
  }

  /** The server accepted this credential: when it is the newest, the other goes. */
  accepted(credential: Credential): void {
    if (credential === this.credential && this.#identity.credentials.length > 1)
      this.#save({ ...this.#identity, credentials: [credential] });
  }

  /** The server refused this credential: when another is held, that one is tried next. */
  refused(credential: Credential): void {
    const [first, second] = this.#identity.credentials;
    if (second && credential === first) this.#save({ ...this.#identity, credentials: [second, first] });
  }

  /** Signed statements led to this trust (`followStatements`). */
  trusted(trust: Trust): void {
    this.#save({ ...this.#identity, trust });
  }

  /** A state signed with this key is in force: the keys before it have served, and nothing they sign counts again. */
  obeyed(keyId: string): void {
    const { trust } = this.#identity;
    const kept = trust.stateKeys.slice(0, trust.stateKeys.findIndex(({ id }) => id === keyId) + 1);
    if (kept.length > 0 && kept.length < trust.stateKeys.length)
      this.#save({ ...this.#identity, trust: { ...trust, stateKeys: kept } });
  }

  #save(identity: Identity): void {
    writeIdentity(this.#home, identity);
    this.#identity = identity;
  }
}
