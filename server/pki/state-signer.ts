import { createHash, createPrivateKey, createPublicKey, generateKeyPair, type KeyObject, sign } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readIfThere, writeSecret } from './secret-files.ts';

/**
 * Signs desired states (Ed25519, RFC 8032). The key is apart from the CA: who can issue certificates cannot make policy,
 * and the CA can be replaced without touching what devices hold.
 */
export interface StateSigner {
  /** First 32 hexadecimal digits of the SHA-256 of the public key (SPKI DER). */
  keyId: string;
  /** SPKI PEM, as devices pin it. */
  publicKeyPem: string;
  /** Signature over the text's UTF-8 bytes, base64. */
  sign(text: string): string;
}

const file = 'state.key';

/** Opens the key in `HOME/pki/state.key`, made at first start. Throws a sentence with the remedy when it is damaged. */
export async function openStateSigner(home: string): Promise<StateSigner> {
  const path = join(home, 'pki', file);
  const pem = (await readIfThere(path)) ?? (await makeKey(path));
  const key = readKey(pem, path);
  const publicKey = createPublicKey(key);
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  return {
    keyId: createHash('sha256').update(spki).digest('hex').slice(0, 32),
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    sign: (text) => sign(null, Buffer.from(text, 'utf8'), key).toString('base64'),
  };
}

async function makeKey(path: string): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  await writeSecret(path, pem);
  return pem;
}

function readKey(pem: string, path: string): KeyObject {
  const remedy = `${path} is not an Ed25519 private key. Restore it from the backup: devices accept no other.`;
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (cause) {
    throw new Error(remedy, { cause });
  }
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(remedy);
  return key;
}
