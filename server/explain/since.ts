import { canonicalJson } from '../../shared/policy/canonical.ts';
import type { CapabilityName } from '../../shared/profile/registry.ts';
import type { RevisionRecord } from '../store/profiles.ts';

/**
 * The revision in which a profile came to set a setting as one of its revisions does: back from that one through all that
 * set it so. `revisions` are newest first. Undefined when there is no such revision. Pure.
 */
export function setSince(
  revisions: readonly RevisionRecord[],
  number: number,
  { capability, setting }: { capability: CapabilityName; setting: string },
): RevisionRecord | undefined {
  const valueIn = ({ settings }: RevisionRecord) =>
    canonicalJson((settings[capability] as Record<string, unknown> | undefined)?.[setting]);
  const back = revisions.slice(revisions.findIndex((revision) => revision.number === number));
  const [held] = back;
  if (!held || held.number !== number) return undefined;
  const before = back.findIndex((revision) => valueIn(revision) !== valueIn(held));
  return before < 0 ? back.at(-1) : back[before - 1];
}
