import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { decodeCredentialPublicKey, isoCBOR } from '@simplewebauthn/server/helpers';

/** COSE algorithms (RFC 9053, RFC 8812) that authenticators are asked for and node:crypto verifies. */
export const passkeyAlgorithms = [-7, -8, -257];

type Entry = [number, number | Uint8Array];
const bytes = (text = '') => new Uint8Array(Buffer.from(text, 'base64url'));
const text = (value: unknown) => Buffer.from(value as Uint8Array).toString('base64url');

/** The key an authenticator gave, COSE (RFC 9052 section 7), as SPKI DER in base64url. Undefined for a kind not asked for. */
export function spkiOfCose(cose: Uint8Array): { publicKey: string; algorithm: number } | undefined {
  const key = decodeCredentialPublicKey(new Uint8Array(cose)) as unknown as Map<number, unknown>;
  const algorithm = Number(key.get(3));
  const jwk = jwkOf(algorithm, key);
  if (!jwk) return undefined;
  const der = createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'der' });
  return { publicKey: der.toString('base64url'), algorithm };
}

function jwkOf(algorithm: number, key: Map<number, unknown>): JsonWebKey | undefined {
  if (algorithm === -7 && key.get(-1) === 1)
    return { kty: 'EC', crv: 'P-256', x: text(key.get(-2)), y: text(key.get(-3)) };
  if (algorithm === -8 && key.get(-1) === 6) return { kty: 'OKP', crv: 'Ed25519', x: text(key.get(-2)) };
  if (algorithm === -257) return { kty: 'RSA', n: text(key.get(-1)), e: text(key.get(-2)) };
  return undefined;
}

/** The way back, for the library that verifies. */
export function coseOfSpki(publicKey: string, algorithm: number): Uint8Array<ArrayBuffer> {
  const { x, y, n, e } = createPublicKey({
    key: Buffer.from(publicKey, 'base64url'),
    format: 'der',
    type: 'spki',
  }).export({ format: 'jwk' });
  const kinds: Record<number, Entry[]> = {
    [-7]: [
      [1, 2],
      [-1, 1],
      [-2, bytes(x)],
      [-3, bytes(y)],
    ],
    [-8]: [
      [1, 1],
      [-1, 6],
      [-2, bytes(x)],
    ],
    [-257]: [
      [1, 3],
      [-1, bytes(n)],
      [-2, bytes(e)],
    ],
  };
  const entries: Entry[] = [...(kinds[algorithm] ?? []), [3, algorithm]];
  return new Uint8Array(isoCBOR.encode(new Map(entries)));
}
