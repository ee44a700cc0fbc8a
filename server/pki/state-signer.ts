import { generateKeyPair, type KeyObject, sign } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CodedError } from '../../shared/errors/catalogue.ts';
import {
  type KeyStatement,
  maxStatements,
  type SignedKeyStatement,
  type StateKey,
} from '../../shared/protocol/trust.ts';
import { publicHalf, readStateKey, type StateKeyChain, writeStateKey } from './state-key-file.ts';

/**
 * Signs desired states (Ed25519, RFC 8032). The key is apart from the CA: who can issue certificates cannot make policy,
 * and the CA can be replaced without touching what devices hold.
 */
export interface StateSigner {
  /** Of the key in use; another one after a rotation. */
  readonly keyId: string;
  /** Signature over the text's UTF-8 bytes, base64. */
  sign(text: string): string;
}

/** The state key in use and the signed statements by which devices follow it from earlier ones. */
export class StateKeys implements StateSigner {
  readonly #path: string;
  #chain: StateKeyChain;
  #public: StateKey;
  #isRotating = false;

  private constructor(path: string, chain: StateKeyChain) {
    this.#path = path;
    this.#chain = chain;
    this.#public = publicHalf(chain.key);
  }

  /** Opens `HOME/pki/state.key`, made at first start. Throws a sentence with the remedy when it is damaged. */
  static async open(home: string): Promise<StateKeys> {
    const path = join(home, 'pki', 'state.key');
    const found = await readStateKey(path);
    if (found) return new StateKeys(path, found);
    const first = { key: await newKey(), statements: [] };
    await writeStateKey(path, first);
    return new StateKeys(path, first);
  }

  get keyId(): string {
    return this.#public.id;
  }

  /** What a device pins at enrolment: the key in use alone. */
  get pinned(): { version: number; stateKeys: StateKey[] } {
    return { version: this.version, stateKeys: [this.#public] };
  }

  /** 1 for the first key of the district; each rotation adds one. */
  get version(): number {
    return this.#chain.statements.at(-1)?.says.version ?? 1;
  }

  sign(text: string): string {
    return sign(null, Buffer.from(text, 'utf8'), this.#chain.key).toString('base64');
  }

  /** The statements a device that holds this version lacks, oldest first. */
  statementsAfter(version: number): SignedKeyStatement[] {
    return this.#chain.statements.filter(({ says }) => says.version > version).map(({ signed }) => signed);
  }

  /**
   * Makes a new key and has the old one sign the statement for it; then the old private key is gone. One file is replaced
   * whole: a crash at any instant leaves the old key or the new one in use, never none. Throws `conflict` while another
   * rotation is at work: two statements by one key would split the fleet.
   */
  async rotate(district: string): Promise<void> {
    if (this.#isRotating)
      throw new CodedError('conflict', 'The state key is being changed already. Wait for it to end.');
    this.#isRotating = true;
    try {
      const key = await newKey();
      const next = {
        key,
        statements: [...this.#chain.statements, this.#stateFor(key, district)].slice(-maxStatements),
      };
      await writeStateKey(this.#path, next);
      this.#chain = next;
      this.#public = publicHalf(key);
    } finally {
      this.#isRotating = false;
    }
  }

  #stateFor(key: KeyObject, audience: string) {
    const says: KeyStatement = { format: 1, audience, version: this.version + 1, stateKey: publicHalf(key) };
    const statement = JSON.stringify(says);
    return { says, signed: { statement, signature: this.sign(statement) } };
  }
}

async function newKey(): Promise<KeyObject> {
  return (await promisify(generateKeyPair)('ed25519')).privateKey;
}
