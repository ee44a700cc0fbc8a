import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { coseOfSpki, spkiOfCose } from '../../../../server/access/passkey-keys.ts';

const pairs = {
  ES256: { algorithm: -7, key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey },
  EdDSA: { algorithm: -8, key: generateKeyPairSync('ed25519').publicKey },
  RS256: { algorithm: -257, key: generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey },
};

describe('the public key of a passkey', () => {
  it.each(Object.entries(pairs))('is the same there and back: %s', (_, { algorithm, key }) => {
    const publicKey = key.export({ type: 'spki', format: 'der' }).toString('base64url');
    expect(spkiOfCose(coseOfSpki(publicKey, algorithm))).toEqual({ publicKey, algorithm });
  });

  it('is refused where its algorithm was not asked for', () => {
    const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({ type: 'spki', format: 'der' });
    expect(spkiOfCose(coseOfSpki(p384.toString('base64url'), -35))).toBeUndefined();
  });
});
