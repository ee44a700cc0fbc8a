import { isDeepStrictEqual } from 'node:util';
import { CapabilityError } from '../capability.ts';
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

/** The text that is being read; undefined when a folder stands there, which no browser reads as policy. */
export async function unlessFolder(reading: Promise<string | undefined>): Promise<string | undefined> {
  try {
    return await reading;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EISDIR') return undefined;
    throw error;
  }
}

const remedies: Readonly<Record<string, string>> = {
  EACCES: 'run the agent as root',
  EPERM: 'run the agent as root, and see whether the file is marked immutable',
  EROFS: 'the disk is mounted read-only',
  ENOSPC: 'the disk is full: free some space',
  EISDIR: 'a folder stands where the file belongs: remove it',
  ENOTDIR: 'a file stands where a folder belongs: remove it',
  EEXIST: 'a file stands where a folder belongs: remove it',
};

/** Runs work on one file; what the host refuses becomes a failure that names the file and the remedy. */
export async function onFile<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined || !/^E[A-Z]+$/.test(code)) throw error;
    const words = `${path} could not be read or written (${code}); ${remedies[code] ?? 'see to the disk'}.`;
    throw new CapabilityError('browser-policy-file', words, error);
  }
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
