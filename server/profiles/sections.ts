import { createHash } from 'node:crypto';
import { categoriesOf } from '../../shared/filter/categories.ts';
import { domainTable } from '../../shared/filter/domain-table.ts';
import { NameHashes } from '../../shared/filter/hash.ts';
import { canonicalJson } from '../../shared/policy/canonical.ts';
import type { Merged } from '../../shared/policy/merge.ts';
import { originsOf } from '../../shared/policy/origins.ts';
import type { DiskEncryptionSection, DiskEncryptionSettings } from '../../shared/profile/disk-encryption.ts';
import { capabilityNames, type Sections } from '../../shared/profile/registry.ts';
import type { ListReference, WebFilterSection, WebFilterSettings } from '../../shared/profile/web-filter.ts';
import { withinCap } from '../filter/state-preset.ts';
import type { ListVersion } from '../services.ts';
import type { FilterContext, SectionEscrow } from './filter-context.ts';

/** One distinct desired state, before it is signed. */
export interface StateContent {
  /** SHA-256 over `sections`: equal for equal states. */
  hash: string;
  /** Section → hash of its content. */
  sections: Record<string, string>;
  /** Hash → content. */
  contents: ReadonlyMap<string, string>;
}

/** The most a section holds (`WebFilterSection`). */
const mostLists = 100;
const mostEssentials = 300;
/** Of `DiskEncryptionSection`. */
const mostShown = 16;

/** Turns resolved settings into the sections a device receives. */
export function buildState(merged: Merged, context: FilterContext): StateContent {
  const contents = new Map<string, string>();
  const hashes: Record<string, string> = {};
  const { approvers } = context;
  const sections = { ...buildSections(merged, context), ...(approvers && { approvers }) };
  for (const [section, value] of Object.entries(sections)) {
    const content = canonicalJson(value);
    const hash = sha256(content);
    contents.set(hash, content);
    hashes[section] = hash;
  }
  return { hash: sha256(canonicalJson(hashes)), sections: hashes, contents };
}

/** In the order people see capabilities. */
function buildSections(merged: Merged, context: FilterContext): Sections {
  const { webFilter: _settings, diskEncryption: encryption, ...rest } = merged.settings;
  const webFilter = webFilterSection(merged, context);
  const diskEncryption = encryption && diskEncryptionSection(encryption, context.escrow);
  const sections: Sections = { ...rest, ...(webFilter && { webFilter }), ...(diskEncryption && { diskEncryption }) };
  return Object.fromEntries(capabilityNames.flatMap((name) => (sections[name] ? [[name, sections[name]]] : [])));
}

/** Where keys are kept: whom to seal for, and which keys were read. */
function diskEncryptionSection(
  settings: DiskEncryptionSettings,
  escrow: SectionEscrow | undefined,
): DiskEncryptionSection {
  if (!settings.escrow || !escrow?.key) return settings;
  const shown = settings.rotate ? escrow.shown.slice(0, mostShown) : [];
  return { ...settings, escrowKey: escrow.key, ...(shown.length > 0 && { shown }) };
}

/** Undefined when no profile that reaches the device manages the web filter. What there is nothing of is left out. */
export function webFilterSection(merged: Merged, context: FilterContext): WebFilterSection | undefined {
  const wanted = merged.settings.webFilter;
  if (!wanted) return undefined;
  const { contact, district, calendar, campus, overrides, outcomes, cap, promises } = context;
  const settings = cap ? withinCap(wanted, cap) : wanted;
  const origins = originsOf(merged, 'webFilter');
  const essentials = context.essentials.slice(0, mostEssentials);
  const provable = provableNames(settings, essentials);
  return {
    settings,
    lists: categoriesOf(settings, overrides)
      .flatMap((category) => context.versions.get(category) ?? [])
      .slice(0, mostLists)
      .map((version) => referenceTo(version, provable)),
    contact,
    district,
    promises,
    ...(calendar && { calendar }),
    ...(campus.length > 0 && { campus: [...campus] }),
    ...(overrides.length > 0 && { overrides: [...overrides] }),
    ...(essentials.length > 0 && { essentials }),
    ...(outcomes.length > 0 && { outcomes: [...outcomes] }),
    ...(Object.keys(origins).length > 0 && { origins }),
  };
}

type IsProvable = (category: string, canary: string) => boolean;

function referenceTo(version: ListVersion, isProvable: IsProvable): ListReference {
  const { category, title, hash, bytes, names, canary } = version;
  const exceptions = [...version.exceptions];
  const isExcepted = canary !== null && covers(exceptions)(canary);
  const proves = canary !== null && !isExcepted && isProvable(category, canary);
  return {
    ...{ category, title, hash, bytes, names },
    ...(proves && { canary }),
    ...(exceptions.length > 0 && { exceptions }),
  };
}

/**
 * Whether a canary that resolves proves a leak: its category is blocked by itself, not only at times or by an override, and
 * nothing opens the name for good.
 */
function provableNames(settings: WebFilterSettings, essentials: readonly string[]): IsProvable {
  const { lockedCategories = [], blockedCategories = [], allowedDomains = [] } = settings;
  const [isEssential, isAllowed] = [covers(essentials), covers(allowedDomains)];
  const [locked, blocked] = [new Set(lockedCategories), new Set(blockedCategories)];
  return (category, canary) =>
    !isEssential(canary) && (locked.has(category) || (blocked.has(category) && !isAllowed(canary)));
}

const hashes = new NameHashes();

function covers(patterns: readonly string[]): (name: string) => boolean {
  const table = domainTable(patterns, () => true);
  return (name) => table.find(name, hashes.of(name)) !== undefined;
}

/** Lower-case hexadecimal, of the text's UTF-8 bytes. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
