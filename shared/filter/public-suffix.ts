import { getPublicSuffix } from 'tldts';
import { normaliseName } from './name.ts';

/** Names come in comparable form: there is no host to look for, and nothing to check again. */
const plain = { extractHostname: false, validateHostname: false };

/**
 * What is wrong with a pattern (`name`, `*.name`, `=name`) that names a public suffix, in one sentence; undefined when
 * nothing is. Only the registries' part of https://publicsuffix.org counts: what companies let people register below
 * (`duckdns.org`) is often meant. `=name` means one host alone and is never wrong.
 */
export function publicSuffixProblem(pattern: string): string | undefined {
  if (pattern.startsWith('=')) return undefined;
  const name = normaliseName(pattern.startsWith('*.') ? pattern.slice(2) : pattern);
  return name !== undefined && isPublicSuffix(name)
    ? `"${name}" is a public suffix: it would reach every site that ends in it. Name the sites.`
    : undefined;
}

/** For a name in comparable form. */
export function isPublicSuffix(name: string): boolean {
  return getPublicSuffix(name, plain) === name;
}
