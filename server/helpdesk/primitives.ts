import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { Passkey, Primitives } from '../../shared/commands/webauthn.ts';

/** The cryptography `shared/commands` asks for. */
export const primitives: Primitives = {
  sha256: (bytes) => createHash('sha256').update(bytes).digest(),
  isSignedByPasskey(passkey, bytes, signature) {
    const key = keyOf(passkey);
    if (!key) return false;
    // EdDSA signs the bytes themselves; ES256 and RS256 their SHA-256 (RFC 9053, RFC 8812).
    return verify(passkey.algorithm === -8 ? null : 'sha256', bytes, key, signature);
  },
};

/** A key of another kind than the algorithm says never counts. */
function keyOf({ publicKey, algorithm }: Passkey): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64url'), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === keyTypes[algorithm] ? key : undefined;
  } catch {
    return undefined;
  }
}

const keyTypes = { [-7]: 'ec', [-8]: 'ed25519', [-257]: 'rsa' } as const;
