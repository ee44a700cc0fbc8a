import { constants, createPrivateKey, generatePrime, type KeyObject, privateEncrypt } from 'node:crypto';
import forge from 'node-forge';
import type { DeviceKey } from '../fakes/device-keys.ts';

const primeBits = 1024;
const exponent = 65_537n;
/** The DER of a DigestInfo of SHA-256, up to the digest (RFC 8017 section 9.2, note 1). */
const digestInfo = Buffer.from('3031300d060960864801650304020105000420', 'hex');

/**
 * Distinct RSA-2048 keys for a crowd of devices, each pair of a few primes being one key: 32 primes make 496 keys, and
 * a prime is what takes long. Such keys are broken by a common divisor; nothing but a bench may use them.
 */
export async function crowdKeys(count: number): Promise<DeviceKey[]> {
  const primes: bigint[] = [];
  const keys: DeviceKey[] = [];
  while (keys.length < count) {
    const fresh = await newPrime();
    if (fresh % exponent === 1n) continue;
    for (const prime of primes.slice(0, count - keys.length)) keys.push(deviceKey(fresh, prime));
    primes.push(fresh);
  }
  return keys;
}

function newPrime(): Promise<bigint> {
  return new Promise((resolve, reject) => {
    generatePrime(primeBits, { bigint: true }, (error, prime) => (error ? reject(error) : resolve(prime)));
  });
}

/** RFC 8017 section 3.2, as a JSON Web Key (RFC 7518 section 6.3). */
function deviceKey(p: bigint, q: bigint): DeviceKey {
  const d = inverse(exponent, (p - 1n) * (q - 1n));
  const numbers = { n: p * q, e: exponent, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: inverse(q, p) };
  const jwk = Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, base64url(value)]));
  const key = createPrivateKey({ key: { kty: 'RSA', ...jwk }, format: 'jwk' });
  return { key, pem: key.export({ type: 'pkcs8', format: 'pem' }).toString(), csr: request(key, numbers.n) };
}

/** As an agent's request; signed by node:crypto, which is fifty times as fast as forge. */
function request(key: KeyObject, modulus: bigint): string {
  const csr = forge.pki.createCertificationRequest();
  const number = (value: bigint) => new forge.jsbn.BigInteger(value.toString(16), 16);
  csr.publicKey = forge.pki.setRsaPublicKey(number(modulus), number(exponent));
  csr.setSubject([{ shortName: 'CN', value: 'rollcall device' }]);
  const signer = {
    sign: (digest: forge.md.MessageDigest) => {
      const signed = Buffer.concat([digestInfo, Buffer.from(digest.digest().getBytes(), 'binary')]);
      return privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, signed).toString('binary');
    },
  };
  csr.sign(signer as forge.pki.rsa.PrivateKey, forge.md.sha256.create());
  return forge.pki.certificationRequestToPem(csr).replaceAll('\r\n', '\n');
}

/** The inverse of `a` modulo `m`, by Euclid's algorithm. */
function inverse(a: bigint, m: bigint): bigint {
  let [before, after] = [a, m];
  let [x, next] = [1n, 0n];
  while (after > 0n) {
    const quotient = before / after;
    [before, after] = [after, before - quotient * after];
    [x, next] = [next, x - quotient * next];
  }
  return ((x % m) + m) % m;
}

function base64url(value: bigint): string {
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex').toString('base64url');
}
