import { type DeltaCounts, deltaCounts, makeDelta } from '../../shared/filter/delta.ts';
import { runAside } from './aside.ts';

export interface MadeDelta extends DeltaCounts {
  delta: Uint8Array;
}

/** Artefacts larger than this (about 30,000 names) are compared in a thread of their own. */
const largestInline = 262_144;
const program = new URL('./delta-worker.ts', import.meta.url);

/** `makeDelta` without holding up everything else. */
export async function makeDeltaAside(from: Uint8Array, to: Uint8Array): Promise<MadeDelta> {
  if (from.byteLength + to.byteLength <= largestInline) return compareLists(from, to);
  return await runAside<MadeDelta>(program, { from, to });
}

export function compareLists(from: Uint8Array, to: Uint8Array): MadeDelta {
  const delta = makeDelta(from, to);
  return { delta, ...deltaCounts(delta) };
}
