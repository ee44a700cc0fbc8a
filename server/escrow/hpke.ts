import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import { type Hmac, sealingKey } from '../../shared/escrow/key-schedule.ts';
import {
  type Binding,
  bindingBytes,
  decodeSealed,
  encodeSealed,
  sealingInfo,
  tagLength,
} from '../../shared/escrow/sealed.ts';

const hmac: Hmac = (key, message) => createHmac('sha256', key).update(message).digest();

/** An X25519 key pair, both halves as 32 raw bytes. The caller clears the private half. */
export function makeKeyPair(): { publicKey: string; privateKey: Buffer } {
  const { publicKey, privateKey } = generateKeyPairSync('x25519');
  const { d = '' } = privateKey.export({ format: 'jwk' });
  return { publicKey: rawPublic(publicKey).toString('base64url'), privateKey: Buffer.from(d, 'base64url') };
}

/** The key in clear; undefined when it was sealed for another key, for another place, or is no sealed key at all. */
export function openSealed(sealed: string, privateKey: Uint8Array, binding: Binding): Buffer | undefined {
  const parts = decodeSealed(Buffer.from(sealed, 'base64url'));
  const own = ownKey(privateKey);
  const dh = parts && agreed(own, parts.enc);
  if (!parts || !dh) return undefined;
  const recipient = rawPublic(createPublicKey(own));
  const { key, nonce } = sealingKey(hmac, { dh, enc: parts.enc, recipient, info: sealingInfo });
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength });
  decipher.setAAD(bindingBytes(binding));
  decipher.setAuthTag(parts.ciphertext.subarray(-tagLength));
  const clear = decipher.update(parts.ciphertext.subarray(0, -tagLength));
  key.fill(0);
  dh.fill(0);
  try {
    decipher.final();
    return clear;
  } catch {
    clear.fill(0);
    return undefined;
  }
}

/** Base64url; what an agent does too, here for what is sealed again. */
export function seal(clear: Uint8Array, publicKey: string, binding: Binding): string {
  const recipient = Buffer.from(publicKey, 'base64url');
  const ephemeral = generateKeyPairSync('x25519');
  const enc = rawPublic(ephemeral.publicKey);
  const dh = diffieHellman({ privateKey: ephemeral.privateKey, publicKey: theirKey(recipient) });
  const { key, nonce } = sealingKey(hmac, { dh, enc, recipient, info: sealingInfo });
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength });
  cipher.setAAD(bindingBytes(binding));
  const ciphertext = Buffer.concat([cipher.update(clear), cipher.final(), cipher.getAuthTag()]);
  key.fill(0);
  dh.fill(0);
  return Buffer.from(encodeSealed({ enc, ciphertext })).toString('base64url');
}

/** Undefined for a point of low order, whose secret would be zero (RFC 7748 section 6.1): OpenSSL refuses it. */
function agreed(privateKey: KeyObject, enc: Uint8Array): Buffer | undefined {
  try {
    return diffieHellman({ privateKey, publicKey: theirKey(enc) });
  } catch {
    return undefined;
  }
}

function theirKey(raw: Uint8Array): KeyObject {
  const key = { kty: 'OKP', crv: 'X25519', x: Buffer.from(raw).toString('base64url') };
  return createPublicKey({ key, format: 'jwk' });
}

/** PKCS #8 of an X25519 key is a fixed head and the 32 bytes (RFC 8410 section 7). */
const pkcs8Head = Buffer.from('302e020100300506032b656e04220420', 'hex');

function ownKey(raw: Uint8Array): KeyObject {
  const der = Buffer.concat([pkcs8Head, raw]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  der.fill(0);
  return key;
}

function rawPublic(key: KeyObject): Buffer {
  const { x = '' } = key.export({ format: 'jwk' });
  return Buffer.from(x, 'base64url');
}
