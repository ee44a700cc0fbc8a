import { createHash } from 'node:crypto';
import type { RowProblem } from '../../shared/api/schemas.ts';
import { compileNames } from '../../shared/filter/compiled.ts';
import { parseList } from '../../shared/filter/parse.ts';
import type { RowFormat } from '../../shared/filter/row.ts';

/** A list as it is stored: its artefact, and what was learned on the way. */
export interface CompiledList {
  artifact: Uint8Array;
  /** SHA-256 of the artefact, by which devices fetch it. */
  hash: string;
  names: number;
  skipped: number;
  canary: string | null;
  format: RowFormat;
  /** Names below listed ones that the list takes out. */
  exceptions: string[];
  problems: RowProblem[];
}

/** As many as a device takes with a list (`ListReference`). */
export const mostExceptions = 500;

/** Reads and compiles a list from which the district takes `taken` out; `bad-list` for what is none. */
export function compileList(content: Uint8Array, file: string, taken: readonly string[] = []): CompiledList {
  const { names, exceptions, problems, skipped, format } = parseList(content, { file });
  const artifact = compileNames(names);
  const hash = createHash('sha256').update(artifact).digest('hex');
  return {
    ...{ artifact, hash, names: names.length, skipped, canary: pickCanary(names, [...taken, ...exceptions]), format },
    exceptions: exceptions.slice(0, mostExceptions),
    problems: [...tooManyExceptions(exceptions.length, file), ...problems],
  };
}

function tooManyExceptions(count: number, file: string): RowProblem[] {
  if (count <= mostExceptions) return [];
  const words = `The list has ${count} exceptions below its own names; the first ${mostExceptions} are kept.`;
  return [{ severity: 'warning', file, row: null, column: null, words }];
}

/**
 * The name devices ask for to prove that the category is blocked: the same whatever the order of the list, and one that
 * no other rule is likely to touch: the first in the alphabet that has a dot, short enough for every message, and that
 * is not taken out.
 */
export function pickCanary(names: readonly string[], taken: readonly string[] = []): string | null {
  let first: string | null = null;
  for (const name of names) {
    const isBetter = (first === null || name < first) && name.includes('.') && name.length <= 253;
    if (isBetter && !isExcepted(name, taken)) first = name;
  }
  return first;
}

/** Is the name one of these, or below one? */
export function isExcepted(name: string, exceptions: readonly string[]): boolean {
  return exceptions.some((excepted) => name === excepted || name.endsWith(`.${excepted}`));
}
