import { domainTable } from '../../../../shared/filter/domain-table.ts';
import { NameHashes } from '../../../../shared/filter/hash.ts';
import { normaliseName } from '../../../../shared/filter/name.ts';
import { safeSearchTargets } from '../../../../shared/filter/safe-search.ts';
import type { WebFilterSection } from '../../../../shared/profile/web-filter.ts';

/*
 * The hosts file, hosts(5), is asked before any resolver: an entry there passes the filter by. Entries in the way are made
 * comments rather than removed, so that exactly they come back, whatever else is changed in the file meanwhile.
 */

const mark = '# rollcall-held: ';
/** Addresses that lead nowhere open nothing; the host's own name has one of them. */
const nowhere = /^(127\.|0\.0\.0\.0$|::1?$|::ffff:127\.|fe80::1%)/i;

/** Tells names that only the filter may answer: those it blocks or sends elsewhere by the section's own words, and essentials. */
export function guardedNames({ settings, essentials = [] }: WebFilterSection): (name: string) => boolean {
  const search = safeSearchTargets(settings.safeSearch ?? false, settings.youtube ?? 'off');
  const patterns = [...essentials, ...(settings.blockedDomains ?? [])];
  return guard(patterns, search);
}

/** The same for whoever knows no section: the hosts of search engines. */
export const searchHosts = guard([], safeSearchTargets(true, 'strict'));

function guard(patterns: readonly string[], exact: ReadonlyMap<string, unknown>): (name: string) => boolean {
  const table = domainTable(patterns, () => true);
  const hashes = new NameHashes();
  return (name) => {
    if (exact.has(name)) return true;
    if (table.empty) return false;
    hashes.of(name);
    return table.find(name, hashes) !== undefined;
  };
}

/** The guarded names that entries of a hosts file lead somewhere. */
export function redirected(content: string, isGuarded: (name: string) => boolean): string[] {
  return [...new Set(content.split('\n').flatMap((line) => guardedOf(line, isGuarded)))];
}

/** The text with those entries made comments; entries that are no longer guarded come back. */
export function held(content: string, isGuarded: (name: string) => boolean): string {
  const lines = released(content).split('\n');
  return lines.map((line) => (guardedOf(line, isGuarded).length > 0 ? mark + line : line)).join('\n');
}

/** The text as it would be without us. */
export function released(content: string): string {
  return content
    .split('\n')
    .map((line) => (line.startsWith(mark) ? line.slice(mark.length) : line))
    .join('\n');
}

function guardedOf(line: string, isGuarded: (name: string) => boolean): string[] {
  const [address = '', ...names] = line.replace(/#.*$/, '').trim().split(/\s+/);
  if (nowhere.test(address)) return [];
  return names.map((name) => normaliseName(name) ?? '').filter((name) => name !== '' && isGuarded(name));
}
