import { createHash } from 'node:crypto';
import { canonicalJson } from '../../shared/policy/canonical.ts';
import type { ProfileSettings, Sections } from '../../shared/profile/registry.ts';
import type { ListReference, WebFilterSection, WebFilterSettings } from '../../shared/profile/web-filter.ts';
import type { ListRecord } from '../store/lists.ts';

/** What is the same in every device's sections. */
export interface SectionContext {
  /** By category. */
  lists: ReadonlyMap<string, ListRecord>;
  /** Whom the person asks for help: shown on the block page. */
  contact: string;
}

/** One distinct desired state, before it is signed. */
export interface StateContent {
  /** SHA-256 over `sections`: equal for equal states. */
  hash: string;
  /** Section → hash of its content. */
  sections: Record<string, string>;
  /** Hash → content. */
  contents: ReadonlyMap<string, string>;
}

/** Turns resolved settings into the sections a device receives. */
export function buildState(settings: ProfileSettings, context: SectionContext): StateContent {
  const contents = new Map<string, string>();
  const hashes: Record<string, string> = {};
  for (const [section, value] of Object.entries(buildSections(settings, context))) {
    const content = canonicalJson(value);
    const hash = sha256(content);
    contents.set(hash, content);
    hashes[section] = hash;
  }
  return { hash: sha256(canonicalJson(hashes)), sections: hashes, contents };
}

function buildSections(settings: ProfileSettings, context: SectionContext): Sections {
  const { webFilter, browser } = settings;
  return { ...(webFilter && { webFilter: webFilterSection(webFilter, context) }), ...(browser && { browser }) };
}

function webFilterSection(settings: WebFilterSettings, { lists, contact }: SectionContext): WebFilterSection {
  const blocked = (settings.blockedCategories ?? []).flatMap((category) => lists.get(category) ?? []);
  return { settings, lists: blocked.map((list) => referenceTo(list, settings)), contact };
}

function referenceTo(list: ListRecord, settings: WebFilterSettings): ListReference {
  const { category, title, hash, bytes, names, canary } = list;
  const provable = canary !== null && !(settings.allowedDomains ?? []).some((pattern) => covers(pattern, canary));
  return { category, title, hash, bytes, names, ...(provable ? { canary } : {}) };
}

/** Does an allowed domain (`name`, `*.name`, `=name`) make the canary reachable? Then it proves nothing. */
function covers(pattern: string, name: string): boolean {
  const bare = pattern
    .replace(/^(\*\.|=)/, '')
    .replace(/\.$/, '')
    .toLowerCase();
  return name === bare || name.endsWith(`.${bare}`);
}

/** Lower-case hexadecimal, of the text's UTF-8 bytes. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
