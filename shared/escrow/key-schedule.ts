/** HMAC-SHA-256, which the caller brings: this folder does no I/O and knows no runtime. */
export type Hmac = (key: Uint8Array, message: Uint8Array) => Uint8Array;

/** An AEAD of RFC 9180 section 7.3. */
export interface Aead {
  id: number;
  /** Nk, bytes. */
  keyLength: number;
}

export const aes256Gcm: Aead = { id: 0x0002, keyLength: 32 };

/** What one message is sealed with. */
export interface SealingKey {
  key: Uint8Array;
  nonce: Uint8Array;
}

export interface Agreement {
  /** The X25519 shared point. */
  dh: Uint8Array;
  /** The sender's ephemeral public key, raw. */
  enc: Uint8Array;
  /** The recipient's public key, raw. */
  recipient: Uint8Array;
  info: Uint8Array;
}

const version = ascii('HPKE-v1');
const empty = new Uint8Array();
/** DHKEM(X25519, HKDF-SHA256) and HKDF-SHA256. */
const [kemId, kdfId] = [0x0020, 0x0001];
const sharedSecretLength = 32;
const nonceLength = 12;
const modeBase = 0x00;

/**
 * HPKE in base mode for one message: RFC 9180 sections 4 (labelled HKDF), 4.1 (DHKEM) and 5.1 (key schedule).
 * https://www.rfc-editor.org/rfc/rfc9180
 */
export function sealingKey(hmac: Hmac, { dh, enc, recipient, info }: Agreement, aead = aes256Gcm): SealingKey {
  const kem = labelled(hmac, join(ascii('KEM'), uint16(kemId)));
  const secretPoint = kem.extract(empty, 'eae_prk', dh);
  const shared = kem.expand(secretPoint, 'shared_secret', join(enc, recipient), sharedSecretLength);
  const suite = labelled(hmac, join(ascii('HPKE'), uint16(kemId), uint16(kdfId), uint16(aead.id)));
  const context = join(
    Uint8Array.of(modeBase),
    suite.extract(empty, 'psk_id_hash', empty),
    suite.extract(empty, 'info_hash', info),
  );
  const secret = suite.extract(shared, 'secret', empty);
  const key = suite.expand(secret, 'key', context, aead.keyLength);
  const nonce = suite.expand(secret, 'base_nonce', context, nonceLength);
  for (const bytes of [secretPoint, shared, secret]) bytes.fill(0);
  return { key, nonce };
}

/** LabeledExtract and LabeledExpand; no output is longer than one hash (RFC 5869 section 2.3). */
function labelled(hmac: Hmac, suite: Uint8Array) {
  return {
    extract: (salt: Uint8Array, label: string, ikm: Uint8Array) => hmac(salt, join(version, suite, ascii(label), ikm)),
    expand: (prk: Uint8Array, label: string, info: Uint8Array, length: number) =>
      hmac(prk, join(uint16(length), version, suite, ascii(label), info, Uint8Array.of(1))).slice(0, length),
  };
}

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function uint16(value: number): Uint8Array {
  return Uint8Array.of(value >> 8, value & 0xff);
}

export function join(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
