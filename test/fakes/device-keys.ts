import { createPrivateKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import forge from 'node-forge';

/** An RSA key of a device with a request for it. */
export interface DeviceKey {
  key: KeyObject;
  pem: string;
  csr: string;
}

export async function makeDeviceKey(bits = 2048): Promise<DeviceKey> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: bits });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { key: createPrivateKey(pem), pem, csr: requestFor(pem) };
}

/** A PKCS #10 request; `commonName` is what the sender would like to be called. */
export function requestFor(pem: string, commonName = 'somebody'): string {
  const privateKey = forge.pki.privateKeyFromPem(pem);
  const request = forge.pki.createCertificationRequest();
  request.publicKey = forge.pki.setRsaPublicKey(privateKey.n, privateKey.e);
  request.setSubject([{ name: 'commonName', value: commonName }]);
  request.sign(privateKey, forge.md.sha256.create());
  return forge.pki.certificationRequestToPem(request).replaceAll('\r\n', '\n');
}
