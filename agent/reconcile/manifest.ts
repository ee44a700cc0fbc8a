import { createPublicKey, verify } from 'node:crypto';
import type { Trust } from '../../shared/protocol/enrolment.ts';
import { Manifest, type SignedManifest } from '../../shared/protocol/messages.ts';
import { validator } from '../../shared/schema.ts';
import { parseJson } from '../store/durable-file.ts';

export type RefusalCode =
  | 'unknown-key'
  | 'bad-signature'
  | 'bad-manifest'
  | 'other-audience'
  | 'older-generation'
  | 'changed-generation'
  | 'section-hash'
  | 'not-kept';

export type ManifestVerdict =
  | { kind: 'new'; manifest: Manifest }
  | { kind: 'unchanged' }
  | { kind: 'refused'; code: RefusalCode; words: string };

const schema = validator(Manifest);

/**
 * Decides whether a signed state may replace the one in force. The signature is checked before the text is read; the
 * generation only ever grows, so that a replayed older state changes nothing.
 */
export function verifyManifest(signed: SignedManifest, trust: Trust, inForce?: Manifest): ManifestVerdict {
  const key = trust.stateKeys.find((item) => item.id === signed.keyId);
  if (!key) return refused('unknown-key', `signed with the key ${signed.keyId}, which this device does not trust`);
  if (!isSignedBy(signed, key.publicKey)) return refused('bad-signature', 'the signature does not fit the text');
  const manifest = parseJson(signed.manifest);
  if (!schema.check(manifest)) return refused('bad-manifest', schema.problems(manifest).join('; '));
  if (manifest.audience !== trust.district) return refused('other-audience', 'it is for another district');
  return inForce ? compare(manifest, inForce) : { kind: 'new', manifest };
}

function compare(manifest: Manifest, inForce: Manifest): ManifestVerdict {
  if (manifest.generation > inForce.generation) return { kind: 'new', manifest };
  const words = `generation ${manifest.generation}, while ${inForce.generation} is in force`;
  if (manifest.generation < inForce.generation) return refused('older-generation', words);
  return sameSections(manifest.sections, inForce.sections)
    ? { kind: 'unchanged' }
    : refused('changed-generation', `${words} with other content`);
}

function sameSections(a: Manifest['sections'], b: Manifest['sections']): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && a[name] === b[name]);
}

function isSignedBy({ manifest, signature }: SignedManifest, publicKey: string): boolean {
  const key = createPublicKey(publicKey);
  // RFC 8032: Ed25519 signs the text itself; another kind of key must never pass for it.
  if (key.asymmetricKeyType !== 'ed25519') return false;
  return verify(null, Buffer.from(manifest, 'utf8'), key, Buffer.from(signature, 'base64'));
}

function refused(code: RefusalCode, words: string): ManifestVerdict {
  return { kind: 'refused', code, words };
}
