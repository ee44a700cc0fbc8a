import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';

/** A key with the certificate chain that was issued for it; PEM, leaf first. */
export interface Credential {
  key: string;
  certificateChain: string;
}

const day = 86_400_000;
const renewFromAge = 60 * day;
const jitterWindow = 14 * day;

/** The certificates of a PEM text, in its order. Throws when one of them is damaged. */
export function readChain(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => new X509Certificate(block));
}

/** SHA-256 of a certificate's DER in lower-case hexadecimal: how a district's root is named. */
export function fingerprint(pem: string): string {
  return new X509Certificate(pem).fingerprint256.replaceAll(':', '').toLowerCase();
}

/** Why this credential cannot be the district's for this key, in words; undefined when it is. Dates are not judged. */
export function credentialProblem({ key, certificateChain }: Credential, root: string): string | undefined {
  let chain: X509Certificate[];
  try {
    chain = readChain(certificateChain);
  } catch (error) {
    return `the certificate cannot be read (${(error as Error).message})`;
  }
  const [leaf] = chain;
  if (!leaf) return 'there is no certificate';
  if (!leaf.checkPrivateKey(createPrivateKey(key))) return 'the certificate does not belong to the private key';
  const path = [...chain, new X509Certificate(root)];
  const isIssued = path.slice(1).every((issuer, index) => {
    const subject = path[index];
    return subject?.checkIssued(issuer) && subject.verify(issuer.publicKey);
  });
  return isIssued ? undefined : "the certificate was not issued by the district's authority";
}

/** When the leaf stops being valid, milliseconds since 1970. */
export function expiryOf(certificateChain: string): number {
  return leafOf(certificateChain).validToDate.getTime();
}

export function notBeforeOf(certificateChain: string): number {
  return leafOf(certificateChain).validFromDate.getTime();
}

/** The leaf alone, as PEM. */
export function leafPem(certificateChain: string): string {
  return leafOf(certificateChain).toString();
}

/**
 * From when the leaf is to be renewed: 60 days of age, plus up to 14 days that its fingerprint decides, so that a fleet
 * enrolled in one week does not renew in one hour.
 */
export function renewalDueAt(certificateChain: string): number {
  const leaf = leafOf(certificateChain);
  const share = Number.parseInt(leaf.fingerprint256.replaceAll(':', '').slice(0, 8), 16) / 2 ** 32;
  return leaf.validFromDate.getTime() + renewFromAge + Math.floor(share * jitterWindow);
}

/** True when both keys are halves of one pair. */
export function sameKey(privateKey: string, publicKey: string): boolean {
  const spki = (key: ReturnType<typeof createPublicKey>) => key.export({ type: 'spki', format: 'pem' });
  return spki(createPublicKey(privateKey)) === spki(createPublicKey(publicKey));
}

function leafOf(certificateChain: string): X509Certificate {
  const [leaf] = readChain(certificateChain);
  if (!leaf) throw new Error('There is no certificate in the chain.');
  return leaf;
}
