import { createCipheriv, createHmac, createPublicKey, diffieHellman, generateKeyPairSync } from 'node:crypto';
import { type Hmac, sealingKey } from '../../shared/escrow/key-schedule.ts';
import { type Binding, bindingBytes, encodeSealed, sealingInfo, tagLength } from '../../shared/escrow/sealed.ts';

const hmac: Hmac = (key, message) => createHmac('sha256', key).update(message).digest();

/**
 * Seals for whoever holds the private half of an X25519 key, and for nobody else: not even this device can open it again.
 * Base64url; the form is in `shared/escrow/sealed.ts`. Throws when the public key is no key.
 */
export function sealFor(publicKey: string, clear: Uint8Array, binding: Binding): string {
  const recipient = Buffer.from(publicKey, 'base64url');
  const theirs = createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x: publicKey }, format: 'jwk' });
  const ephemeral = generateKeyPairSync('x25519');
  const enc = Buffer.from(ephemeral.publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  const dh = diffieHellman({ privateKey: ephemeral.privateKey, publicKey: theirs });
  const { key, nonce } = sealingKey(hmac, { dh, enc, recipient, info: sealingInfo });
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength });
  cipher.setAAD(bindingBytes(binding));
  const ciphertext = Buffer.concat([cipher.update(clear), cipher.final(), cipher.getAuthTag()]);
  for (const secret of [dh, key]) secret.fill(0);
  return Buffer.from(encodeSealed({ enc, ciphertext })).toString('base64url');
}
