import { createPublicKey, type KeyObject, verify } from 'node:crypto';

/** True when this Ed25519 key (SPKI PEM) signed exactly this text. Another kind of key never passes for one. */
export function isSignedBy(text: string, signature: string, publicKey: string): boolean {
  const key = ed25519Key(publicKey);
  // RFC 8032: Ed25519 signs the text itself, without a digest before it.
  return key !== undefined && verify(null, Buffer.from(text, 'utf8'), key, Buffer.from(signature, 'base64'));
}

/** Undefined when the PEM is damaged or holds another kind of key. */
export function ed25519Key(pem: string): KeyObject | undefined {
  try {
    const key = createPublicKey(pem);
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined;
  }
}
