import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';

export interface KeyWithRequest {
  /** PKCS #8 PEM; never leaves the device. */
  key: string;
  /** PKCS #10 PEM (RFC 2986). Its subject is empty: the server names the device. */
  csr: string;
}

const newKeyPair = promisify(generateKeyPair);

/** A new RSA-2048 key and the request for its certificate. node-forge is loaded only for this. */
export async function newKeyWithRequest(): Promise<KeyWithRequest> {
  const { privateKey, publicKey } = await newKeyPair('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const { default: forge } = await import('node-forge');
  const request = forge.pki.createCertificationRequest();
  request.publicKey = forge.pki.publicKeyFromPem(publicKey);
  request.setSubject([{ shortName: 'CN', value: 'rollcall device' }]);
  request.sign(forge.pki.privateKeyFromPem(privateKey), forge.md.sha256.create());
  return { key: privateKey, csr: withoutCarriageReturns(forge.pki.certificationRequestToPem(request)) };
}

/** forge ends PEM lines with CRLF; the protocol's PEM has LF. */
function withoutCarriageReturns(pem: string): string {
  return pem.replaceAll('\r', '');
}
