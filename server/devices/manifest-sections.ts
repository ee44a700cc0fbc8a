import type { Manifest, SignedManifest } from '../../shared/protocol/messages.ts';

/** Section → hash of a state this server signed itself. */
export function sectionsOf(signed: SignedManifest): Manifest['sections'] {
  return (JSON.parse(signed.manifest) as Manifest).sections;
}
