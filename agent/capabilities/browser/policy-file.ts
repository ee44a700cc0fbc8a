import { isDeepStrictEqual } from 'node:util';
import type { Policies } from './policies.ts';

/** The text of a policy file; undefined when there is no policy to write. */
export function fileText(policies: Policies, whole: object = policies): string | undefined {
  return Object.keys(policies).length === 0 ? undefined : `${JSON.stringify(whole, null, 2)}\n`;
}

/** What stands in a policy file, or undefined when that is not a JSON object. */
export function parsePolicyFile(text: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return isObject(parsed) ? parsed : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The policies that both name, with different values. */
export function conflicts(ours: Policies, theirs: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(ours).filter(
    (name) => Object.hasOwn(theirs, name) && !isDeepStrictEqual(ours[name], theirs[name]),
  );
}

/** The policies that are not there, or with another value. */
export function missingOrChanged(ours: Policies, found: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(ours).filter((name) => !Object.hasOwn(found, name) || !isDeepStrictEqual(ours[name], found[name]));
}
