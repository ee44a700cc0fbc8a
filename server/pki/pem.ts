import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';

/** A private key with the certificate of its public half. */
export interface Keyed {
  key: KeyObject;
  certificate: X509Certificate;
}

/** The PEM blocks of one label (RFC 7468), in order. */
export function pemBlocks(text: string, label: 'CERTIFICATE' | 'PRIVATE KEY'): string[] {
  return text.match(new RegExp(`-----BEGIN ${label}-----[^-]+-----END ${label}-----\n?`, 'g')) ?? [];
}

/** Throws a sentence that names the file and the remedy when it holds no private key. */
export function readKey(path: string, pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw new Error(`${path} is not a private key. Restore it from the backup.`, { cause });
  }
}

/** Throws a sentence that names the file and the remedy when it holds no certificate. */
export function readCertificate(path: string, pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw new Error(`${path} is not a certificate. Restore it from the backup.`, { cause });
  }
}

export const privatePem = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }).toString();
