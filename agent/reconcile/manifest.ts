import type { Trust } from '../../shared/protocol/enrolment.ts';
import { Manifest, type SignedManifest } from '../../shared/protocol/messages.ts';
import { validator } from '../../shared/schema.ts';
import { isSignedBy } from '../identity/signed-text.ts';
import { parseJson } from '../store/durable-file.ts';

export type RefusalCode =
  | 'unknown-key'
  | 'retired-key'
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

/** A verified state with the key that signed it. */
export interface VerifiedManifest {
  manifest: Manifest;
  keyId: string;
}

/**
 * Decides whether a signed state may replace the one in force. The signature is checked before the text is read; the
 * generation only ever grows, so that a replayed older state changes nothing. A newer key's first state replaces the
 * older key's last one whatever its generation, and from then on the older key counts for nothing: what a stolen key
 * could do ends there.
 */
export function verifyManifest(signed: SignedManifest, trust: Trust, inForce?: VerifiedManifest): ManifestVerdict {
  const key = trust.stateKeys.find(({ id }) => id === signed.keyId);
  if (!key) return refused('unknown-key', `signed with the key ${signed.keyId}, which this device does not trust`);
  if (!isSignedBy(signed.manifest, signed.signature, key.publicKey))
    return refused('bad-signature', 'the signature does not fit the text');
  const manifest = parseJson(signed.manifest);
  if (!schema.check(manifest)) return refused('bad-manifest', schema.problems(manifest).join('; '));
  if (manifest.audience !== trust.district) return refused('other-audience', 'it is for another district');
  if (!inForce) return { kind: 'new', manifest };
  const [age, ageInForce] = [ageOf(signed.keyId, trust), ageOf(inForce.keyId, trust)];
  if (age < ageInForce) return { kind: 'new', manifest };
  if (ageInForce >= 0 && age > ageInForce)
    return refused('retired-key', `signed with the key ${signed.keyId}, which ${inForce.keyId} has replaced`);
  return compare(manifest, inForce.manifest);
}

/** 0 for the newest key, -1 for one that is not trusted. */
function ageOf(keyId: string, { stateKeys }: Trust): number {
  return stateKeys.findIndex(({ id }) => id === keyId);
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

function refused(code: RefusalCode, words: string): ManifestVerdict {
  return { kind: 'refused', code, words };
}
