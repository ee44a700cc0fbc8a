import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isoCBOR } from '@simplewebauthn/server/helpers';
import type { NewPasskey, PasskeyAssertion, PasskeyOptions } from '../../shared/api/schemas.ts';

const flags = { userPresent: 0x01, userVerified: 0x04, attested: 0x40 };
const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest();

/** What a test may have an authenticator or a browser say otherwise. */
export interface Lies {
  origin?: string;
  crossOrigin?: boolean;
  rpId?: string;
  challenge?: string;
  type?: string;
  /** Nobody touched it, or proved to it who they are. */
  flags?: number;
  counter?: number;
}

/** An authenticator that holds one ES256 passkey, with the browser around it. */
export class Authenticator {
  readonly credentialId = randomBytes(16).toString('base64url');
  readonly origin: string;
  #counter = 0;
  readonly #keys: { publicKey: KeyObject; privateKey: KeyObject };

  constructor(origin: string, from?: Authenticator) {
    this.origin = origin;
    this.#keys = from ? from.#keys : generateKeyPairSync('ec', { namedCurve: 'P-256' });
    if (from) Object.assign(this, { credentialId: from.credentialId });
  }

  /** The public key as the server keeps it: SPKI, DER, base64url. */
  get publicKey(): string {
    return this.#keys.publicKey.export({ type: 'spki', format: 'der' }).toString('base64url');
  }

  /** A copy that goes on counting from where this one is. */
  copy(): Authenticator {
    const copied = new Authenticator(this.origin, this);
    copied.#counter = this.#counter;
    return copied;
  }

  /** Answers `newPasskey`. */
  create(options: PasskeyOptions, name = 'Test key', lies: Lies = {}): NewPasskey {
    const { challenge, rp } = options as { challenge: string; rp: { id: string } };
    const id = Buffer.from(this.credentialId, 'base64url');
    const length = Buffer.from([id.length >> 8, id.length & 0xff]);
    const head = this.#head(lies.rpId ?? rp.id, flags.userPresent | flags.userVerified | flags.attested, lies);
    const authData = Buffer.concat([head, Buffer.alloc(16), length, id, this.#cose()]);
    const attestation = isoCBOR.encode(
      new Map<string, unknown>([
        ['fmt', 'none'],
        ['attStmt', new Map()],
        ['authData', new Uint8Array(authData)],
      ]) as Parameters<typeof isoCBOR.encode>[0],
    );
    return {
      name,
      credentialId: this.credentialId,
      clientData: this.#clientData('webauthn.create', challenge, lies).toString('base64url'),
      attestation: Buffer.from(attestation).toString('base64url'),
      transports: ['internal'],
    };
  }

  /** Answers `askPasskey`. */
  get(options: PasskeyOptions, lies: Lies = {}): PasskeyAssertion {
    const { challenge, rpId } = options as { challenge: string; rpId: string };
    this.#counter += 1;
    const clientData = this.#clientData('webauthn.get', challenge, lies);
    const authenticatorData = this.#head(lies.rpId ?? rpId, flags.userPresent | flags.userVerified, lies);
    const signature = sign('sha256', Buffer.concat([authenticatorData, sha256(clientData)]), this.#keys.privateKey);
    return {
      credentialId: this.credentialId,
      authenticatorData: authenticatorData.toString('base64url'),
      clientData: clientData.toString('base64url'),
      signature: signature.toString('base64url'),
    };
  }

  #clientData(type: string, challenge: string, lies: Lies): Buffer {
    const said = {
      type: lies.type ?? type,
      challenge: lies.challenge ?? challenge,
      origin: lies.origin ?? this.origin,
    };
    return Buffer.from(JSON.stringify({ ...said, crossOrigin: lies.crossOrigin ?? false }));
  }

  #head(rpId: string, usual: number, lies: Lies): Buffer {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(lies.counter ?? this.#counter);
    return Buffer.concat([sha256(rpId), Buffer.from([lies.flags ?? usual]), counter]);
  }

  #cose(): Uint8Array {
    const { x = '', y = '' } = this.#keys.publicKey.export({ format: 'jwk' });
    const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64url'));
    return isoCBOR.encode(
      new Map<number, number | Uint8Array>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, bytes(x)],
        [-3, bytes(y)],
      ]),
    );
  }
}
