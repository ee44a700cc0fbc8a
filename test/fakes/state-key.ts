import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { Manifest, SignedManifest } from '../../shared/protocol/messages.ts';
import type { KeyStatement, SignedKeyStatement, StateKey } from '../../shared/protocol/trust.ts';

/** An Ed25519 key that signs what a test tells it to, made apart from the product's code. */
export class FakeStateKey {
  readonly public: StateKey;
  readonly #private: KeyObject;

  constructor(id: string) {
    const pair = generateKeyPairSync('ed25519');
    this.#private = pair.privateKey;
    this.public = { id, publicKey: pair.publicKey.export({ type: 'spki', format: 'pem' }).toString() };
  }

  get id(): string {
    return this.public.id;
  }

  signText(text: string): string {
    return sign(null, Buffer.from(text), this.#private).toString('base64');
  }

  state(manifest: Manifest | string, keyId = this.id): SignedManifest {
    const text = typeof manifest === 'string' ? manifest : JSON.stringify(manifest);
    return { manifest: text, signature: this.signText(text), keyId };
  }

  /** Says that `next` is the key of this version; `change` replaces parts of what is said. */
  names(next: FakeStateKey, version: number, audience: string, change: object = {}): SignedKeyStatement {
    const says: KeyStatement = { format: 1, audience, version, stateKey: next.public };
    return this.statement(JSON.stringify({ ...says, ...change }));
  }

  statement(text: string): SignedKeyStatement {
    return { statement: text, signature: this.signText(text) };
  }
}
