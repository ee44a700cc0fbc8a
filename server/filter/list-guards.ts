import { CodedError } from '../../shared/errors/catalogue.ts';
import { openCompiled } from '../../shared/filter/compiled.ts';
import { normaliseName } from '../../shared/filter/name.ts';
import { isExcepted } from './compile.ts';

/** A refreshed list that keeps less than this share of its names was probably cut short at its source. */
export const suspiciousShare = 0.5;
const shownNames = 5;
/** A name has at most 253 characters, and words about it must fit where they are shown. */
const shownOfName = 80;

/** Of the essentials (`name`, `*.name`, `=name`) those an artefact would block although these names are taken out of it. */
export function blockedEssentials(
  artifact: Uint8Array,
  exceptions: readonly string[],
  essentials: readonly string[],
): string[] {
  const list = openCompiled(artifact);
  const names = essentials.flatMap((pattern) => normaliseName(pattern.replace(/^(\*\.|=)/, '')) ?? []);
  return [...new Set(names)].filter((name) => list.has(name) && !isExcepted(name, exceptions));
}

/** For an answer to the person who imports. */
export function blocksEssentials(title: string, names: readonly string[]): CodedError {
  const words = `The list “${title}” would block ${some(names)}, which the district cannot do without. Take them out of the list or out of the essentials. The earlier list stays in force.`;
  return new CodedError('list-blocks-essentials', words, names.slice(0, 50));
}

/** Why a refreshed list waits for a person; undefined: it does not. */
export function reasonToHold(blocked: readonly string[], names: number, earlier: number): string | undefined {
  if (blocked.length > 0) return `It would block ${some(blocked)}, which the district cannot do without.`;
  if (names >= earlier * suspiciousShare) return undefined;
  return `It has ${names} names; the earlier one has ${earlier}. Was it cut short?`;
}

function some(names: readonly string[]): string {
  const more = names.length - shownNames;
  const shown = names.slice(0, shownNames).map((name) => name.slice(-shownOfName));
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
