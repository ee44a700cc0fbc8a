import type { BrowserSettings } from '../../../shared/profile/browser.ts';
import type { Evidence } from '../../../shared/protocol/messages.ts';
import { ownPagesName } from '../../filter/special-names.ts';

/** Policies of one browser, as its JSON policy file holds them: name → value. */
export type Policies = Readonly<Record<string, PolicyValue>>;
export type PolicyValue = boolean | number | string | readonly string[] | { readonly [name: string]: PolicyValue };

/** What one operating system does to bring policies to its browsers. */
export interface HostPolicies {
  observe(settings: BrowserSettings): Promise<Evidence[]>;
  apply(settings: BrowserSettings): Promise<void>;
  remove(): Promise<void>;
  watched(): string[];
}

/** Where the agent explains itself to the person: the name leads to this device alone. */
export const devicePage = `http://${ownPagesName}/`;

/** Under this name the host keeps what stood in our places before. */
export const owner = 'browser';

/** The item of the evidence on policies that `apply` writes; whatever else is seen, only people can put right. */
export function policyItem(browser: string, place: string): string {
  return `${browser} policies in ${place}`;
}

/** True for evidence that another `apply` can put right. */
export function isOurs(line: Evidence): boolean {
  return /^\S+ policies in /.test(line.item);
}

/** Compares what was found with what is desired, naming the policies and never their long values. */
export function compared(item: string, desired: Policies, differing: readonly string[], failure?: string): Evidence {
  const expected = Object.keys(desired).join(', ') || 'no policy of this agent';
  const seen = failure ?? (differing.length === 0 ? 'as expected' : `different or missing: ${differing.join(', ')}`);
  return evidence(item, expected, seen, failure === undefined && differing.length === 0);
}

/** A line of evidence, cut to the lengths the protocol carries. */
export function evidence(item: string, expected: string, seen: string, ok: boolean): Evidence {
  return { item: cut(item, 300), expected: cut(expected, 500), seen: cut(seen, 500), ok };
}

function cut(words: string, length: number): string {
  return words.length <= length ? words : `${words.slice(0, length - 1)}…`;
}
