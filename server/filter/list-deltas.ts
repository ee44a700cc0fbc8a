import { readFile } from 'node:fs/promises';
import type { DeltaCounts } from '../../shared/filter/delta.ts';
import type { Artifacts } from './artifacts.ts';
import { makeDeltaAside } from './delta-aside.ts';

/** A delta larger than this share of the artefact is not worth a second way to get it. */
const worthShare = 0.5;
/** Devices that were away while some versions came still take a delta to the newest. */
const versionsBack = 7;

/**
 * Makes the deltas to an artefact from those that devices may hold: `earlier`, and what led to them. They lie beside the
 * artefacts. Returns what changed since the first of `earlier`; undefined when that is no longer there.
 */
export async function makeDeltas(
  artifacts: Artifacts,
  earlier: readonly string[],
  to: { hash: string; artifact: Uint8Array },
): Promise<DeltaCounts | undefined> {
  const before = (await Promise.all(earlier.map((hash) => artifacts.startsOf(hash)))).flat();
  const starts = [...new Set([...earlier, ...before])].filter((hash) => hash !== to.hash).slice(0, versionsBack);
  let counts: DeltaCounts | undefined;
  for (const from of starts) {
    const path = await artifacts.find(from);
    if (path === undefined) continue;
    const { delta, added, removed } = await makeDeltaAside(await readFile(path), to.artifact);
    if (from === earlier[0]) counts = { added, removed };
    if (delta.byteLength <= to.artifact.byteLength * worthShare) await artifacts.writeDelta(from, to.hash, delta);
  }
  return counts;
}
