import { type FilterSchedule, SplitDomain } from '../../../shared/profile/web-filter.ts';
import { WifiNetwork, wifiProblems } from '../../../shared/profile/wifi.ts';
import { type FieldSchema, lengthProblem, textProblem } from './form-fields.ts';
import { domainsSchema } from './override-form.ts';
import { windowProblem, windowWords } from './window-words.ts';

/** Settings whose list holds things of several parts, each kind with a form of its own. */
export type EntryKind = 'schedule' | 'split-domain' | 'wifi';

/** Which form edits the entries of a list; undefined when this console knows none for them. */
export function entryKindOf(schema: FieldSchema): EntryKind | undefined {
  const parts = schema.items?.properties ?? {};
  if ('when' in parts && 'action' in parts) return 'schedule';
  if ('security' in parts) return 'wifi';
  return 'domain' in parts && 'servers' in parts ? 'split-domain' : undefined;
}

const isSchedule = (entry: unknown): entry is FilterSchedule =>
  typeof entry === 'object' && entry !== null && 'when' in entry && 'action' in entry;
const isSplitDomain = (entry: unknown): entry is SplitDomain =>
  typeof entry === 'object' && entry !== null && 'domain' in entry && 'servers' in entry;
const isWifi = (entry: unknown): entry is WifiNetwork =>
  typeof entry === 'object' && entry !== null && 'name' in entry && 'security' in entry;

export const wifiSecurityWords: Readonly<Record<WifiNetwork['security'], string>> = {
  open: 'Open',
  wpa2: 'WPA2 with a passphrase',
  wpa3: 'WPA3 with a passphrase',
  'wpa2-enterprise': 'WPA2 Enterprise (PEAP)',
};

/** One item of a list in words, without its secrets: what a schedule does and when, where a domain is asked, or the text itself. */
export function entryWords(entry: unknown): string {
  if (isSchedule(entry)) return scheduleWords(entry);
  if (isSplitDomain(entry)) return `${entry.domain || 'A domain'} at ${entry.servers.join(', ') || 'no server yet'}`;
  if (isWifi(entry)) return wifiWords(entry);
  return typeof entry === 'object' ? JSON.stringify(entry) : String(entry);
}

function wifiWords({ name, security, hidden }: WifiNetwork): string {
  return `${name || 'New network'} · ${wifiSecurityWords[security]}${hidden ? ' · hidden' : ''}`;
}

const placeSuffix = { anywhere: '', 'on-campus': ' on campus', 'off-campus': ' off campus' } as const;

/** `Social media at lunch: games, social.example open Mon–Fri 12:00–12:45 on campus`. */
export function scheduleWords({ title, action, categories, domains, when, place }: FilterSchedule): string {
  const names = [...categories, ...domains];
  const shown = names.slice(0, 3).join(', ') || 'nothing';
  const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
  const verb = action === 'allow' ? 'open' : 'blocked';
  return `${title || 'New schedule'}: ${shown}${more} ${verb} ${windowWords(when)}${placeSuffix[place]}`;
}

export const emptySchedule: FilterSchedule = {
  title: '',
  action: 'block',
  categories: [],
  domains: [],
  when: { kind: 'school-hours' },
  place: 'anywhere',
};

export const emptySplitDomain: SplitDomain = { domain: '', servers: [] };

export const emptyNetwork: WifiNetwork = { name: '', security: 'wpa2', hidden: false };

const splitSchemas: Readonly<Record<keyof SplitDomain, FieldSchema>> = { ...SplitDomain.properties };

/** What keeps one entry from being saved, in words. */
export function entryProblem(entry: unknown): string | undefined {
  if (isSchedule(entry)) return scheduleProblem(entry);
  if (isWifi(entry)) return wifiProblem(entry);
  return isSplitDomain(entry) ? splitDomainProblem(entry) : undefined;
}

function scheduleProblem({ title, categories, domains, when }: FilterSchedule): string | undefined {
  if (title.trim() === '') return 'It has no title.';
  const bad = domains.find((domain) => textProblem(domainsSchema.items ?? {}, domain) !== undefined);
  if (bad !== undefined) return `“${bad.slice(0, 80)}” is not of the expected form.`;
  if (categories.length + domains.length === 0) return 'Choose a category or name a domain.';
  return windowProblem(when);
}

const wifiProperties: object = WifiNetwork.properties;
const wifiSchemas = wifiProperties as Readonly<Record<string, FieldSchema>>;

function wifiProblem(network: WifiNetwork): string | undefined {
  if (network.name === '') return 'It has no name.';
  const bad = Object.entries(network).find(
    ([part, value]) => typeof value === 'string' && textProblem(wifiSchemas[part] ?? {}, value) !== undefined,
  );
  if (bad) return `Its ${wifiParts[bad[0]] ?? bad[0]} ${textProblem(wifiSchemas[bad[0]] ?? {}, String(bad[1]))}.`;
  return wifiProblems(network)[0];
}

const wifiParts: Readonly<Record<string, string>> = { serverName: 'name in the certificate', identity: 'account' };

function splitDomainProblem({ domain, servers }: SplitDomain): string | undefined {
  if (textProblem(splitSchemas.domain, domain) !== undefined)
    return domain === '' ? 'It has no domain.' : `“${domain.slice(0, 80)}” is not of the expected form.`;
  return lengthProblem(splitSchemas.servers, servers.length) && 'Give one to four servers.';
}

/** What is wrong with a list of entries, with the number of the first that is. */
export function entriesProblem(schema: FieldSchema, entries: readonly unknown[]): string | undefined {
  const place = entries.findIndex((entry) => entryProblem(entry) !== undefined);
  if (place < 0) return lengthProblem(schema, entries.length);
  return `Entry ${place + 1}: ${entryProblem(entries[place])}`;
}
