// Issues certificates through the product's own authority and says so when it is done. Arguments: folder, numbers of files.
import { createHash, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { Authority } from '../../../server/pki/authority.ts';
import { type Credential, Credentials, deviceIdOf, perFile } from './credentials.ts';

const together = 16;
const newKey = promisify(generateKeyPair);

/** P-256: a simulated device signs in 30 µs, where RSA takes a millisecond of the machine that is measured. */
async function issue(authority: Authority, index: number): Promise<Credential> {
  const deviceId = deviceIdOf(index);
  const { publicKey, privateKey } = await newKey('ec', { namedCurve: 'P-256' });
  const { chain, ...issued } = await authority.issueDevice(deviceId, publicKey);
  const certificate = chain.slice(0, chain.indexOf('-----BEGIN', 1));
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { deviceId, ...issued, keyHash: hashOf(privateKey), certificate, key };
}

function hashOf(key: KeyObject): string {
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(spki).digest('hex');
}

const [, , folder, files = ''] = process.argv;
const credentials = new Credentials(folder);
const authority = await credentials.authority();
for (const file of files.split(',').map(Number)) {
  const made: Credential[] = [];
  for (let at = 0; at < perFile; at += together) {
    const some = Array.from({ length: Math.min(together, perFile - at) }, (_, each) => file * perFile + at + each);
    made.push(...(await Promise.all(some.map((index) => issue(authority, index)))));
  }
  credentials.keep(file, made);
}
authority.stop();
process.send?.({ done: true });
