import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import forge from 'node-forge';
import { CodedError } from '../../shared/errors/catalogue.ts';

export interface RequestedKey {
  publicKey: KeyObject;
  /** SHA-256 of the key (SPKI DER), hexadecimal. */
  keyHash: string;
}

const longestPem = 8_192;
const bits = { least: 2048, most: 4096 };
const exponent = 65_537;
/** sha256, sha384 and sha512WithRSAEncryption (RFC 8017 appendix C). */
const signatures = new Set(['1.2.840.113549.1.1.11', '1.2.840.113549.1.1.12', '1.2.840.113549.1.1.13']);

/**
 * The key of a PKCS #10 request (RFC 2986). Nothing else of the request is used: names and extensions in it are what
 * the sender would like to be. Throws `bad-csr` in words when the request is not sound or not signed by its own key.
 */
export function readCsr(pem: string): RequestedKey {
  if (pem.length > longestPem) throw bad(`is larger than ${longestPem} characters`);
  const request = parse(pem);
  const key = request.publicKey as forge.pki.rsa.PublicKey;
  const size = key.n.bitLength();
  if (size < bits.least || size > bits.most)
    throw bad(`has a key of ${size} bits; send RSA of ${bits.least} to ${bits.most} bits`);
  if (key.e.compareTo(new forge.jsbn.BigInteger(String(exponent), 10)) !== 0)
    throw bad(`has a key whose exponent is not ${exponent}`);
  if (!signatures.has(request.signatureOid ?? '')) throw bad('is not signed with RSA and SHA-256 or better');
  if (!isSigned(request)) throw bad('is not signed by its own key');
  return requestedKey(key);
}

type Request = ReturnType<typeof forge.pki.certificationRequestFromPem> & { signatureOid?: string };

function parse(pem: string): Request {
  try {
    return forge.pki.certificationRequestFromPem(pem) as Request;
  } catch (cause) {
    throw bad('is not a PKCS #10 request with an RSA key', cause);
  }
}

function isSigned(request: Request): boolean {
  try {
    return request.verify();
  } catch (cause) {
    throw bad('has a damaged signature', cause);
  }
}

function requestedKey(key: forge.pki.rsa.PublicKey): RequestedKey {
  const spki = Buffer.from(forge.asn1.toDer(forge.pki.publicKeyToAsn1(key)).getBytes(), 'binary');
  const keyHash = createHash('sha256').update(spki).digest('hex');
  return { publicKey: createPublicKey({ key: spki, format: 'der', type: 'spki' }), keyHash };
}

function bad(what: string, cause?: unknown): CodedError {
  return new CodedError('bad-csr', `The certificate request ${what}.`, [], cause);
}
