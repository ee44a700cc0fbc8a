import { createHash } from 'node:crypto';
import type { RowProblem } from '../../shared/api/schemas.ts';
import { compileNames } from '../../shared/filter/compiled.ts';
import { parseList } from '../../shared/filter/parse.ts';

/** A list as it is stored: its artefact, and what was learned on the way. */
export interface CompiledList {
  artifact: Uint8Array;
  /** SHA-256 of the artefact, by which devices fetch it. */
  hash: string;
  names: number;
  skipped: number;
  canary: string | null;
  problems: RowProblem[];
}

/** Reads and compiles a list; `bad-list` for what is none. */
export function compileList(content: Uint8Array, file: string): CompiledList {
  const { names, problems, skipped } = parseList(content, { file });
  const artifact = compileNames(names);
  const hash = createHash('sha256').update(artifact).digest('hex');
  return { artifact, hash, names: names.length, skipped, canary: pickCanary(names), problems };
}

/**
 * The name devices ask for to prove that the category is blocked: the same whatever the order of the list, and one that
 * no other rule is likely to touch: the first in the alphabet that has a dot, short enough for every message.
 */
export function pickCanary(names: readonly string[]): string | null {
  let first: string | null = null;
  for (const name of names) {
    if (name.includes('.') && name.length <= 253 && (first === null || name < first)) first = name;
  }
  return first;
}
