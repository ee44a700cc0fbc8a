import { inRange, type ParsedRange } from '../../shared/filter/range.ts';
import { plainLines } from '../../shared/plain-text.ts';
import { withoutActs } from './redact-acts.ts';
import { withoutAddresses } from './redact-addresses.ts';
import { withoutHomes, withoutMail, withoutUsers } from './redact-people.ts';
import { withoutSecrets, withoutWebAddresses } from './redact-secrets.ts';

/** What may be told although it looks private, and what is known to be private although nothing shows it. */
export interface RedactionContext {
  /** The district's own networks: their addresses are told. */
  networks: readonly ParsedRange[];
  /** Of the district's gateways and access points: `aa:bb:cc:dd:ee:ff`, lower case. */
  hardwareAddresses: ReadonlySet<string>;
  /** Names of the school's Wi-Fi. */
  ssids: ReadonlySet<string>;
  /** Names of other networks this device knows. */
  otherSsids: readonly string[];
  /** Hosts of the district's servers. */
  hosts: ReadonlySet<string>;
  /** Names of accounts and people of this device. */
  users: readonly string[];
}

/** Nothing is known of the district or the device: whatever looks private goes. */
export const nothingKnown: RedactionContext = {
  networks: [],
  hardwareAddresses: new Set(),
  ssids: new Set(),
  otherSsids: [],
  hosts: new Set(),
  users: [],
};

/**
 * A text as it may leave the device: home folders with what lies in them, names of users, e-mail addresses, network
 * addresses that are not the district's, secrets and tokens, web addresses of others, and names of networks that are not
 * the school's are replaced by words in brackets. In doubt it goes. Pure; line breaks stay.
 */
export function redact(text: string, context: RedactionContext): string {
  const steps: ((text: string) => string)[] = [
    plainLines,
    (words) => withoutNetworkNames(words, context),
    (words) => withoutActs(words, context.hosts),
    (words) => withoutWebAddresses(words, context.hosts),
    withoutSecrets,
    withoutHomes,
    withoutMail,
    (words) => withoutAddresses(words, (address) => isTold(address, context)),
    (words) => withoutUsers(words, context.users),
  ];
  return steps.reduce((words, step) => step(words), text);
}

/** Every text within a value of JSON form. */
export function redactAll<T>(value: T, context: RedactionContext): T {
  if (typeof value === 'string') return redact(value, context) as T;
  if (Array.isArray(value)) return value.map((item: unknown) => redactAll(item, context)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, redactAll(item, context)])) as T;
}

function isTold(address: string, { networks, hardwareAddresses }: RedactionContext): boolean {
  return hardwareAddresses.has(address.toLowerCase()) || networks.some((range) => inRange(address, range));
}

const anotherNetwork = '[another network]';
/** As iw, wpa_supplicant, NetworkManager, netsh and system_profiler write them. Names may hold quotes: the last one ends it. */
const named =
  /\b(E?SSID(?:\s*Name)?|Wi-?Fi network|(?:to|from|join(?:ed|ing)?) network|Current (?:Wi-Fi|AirPort) Network)(\s*[:=]?\s*)(?:"(.*)"|'(.*)'|([^\s'"].*))/gi;
const connection = /\b(connection|access point)(\s*[:=]?\s*)(?:"(.*)"|'(.*)')/gi;
/** NetworkManager's own audit. */
const audited = /\b(op="(?:connection|device)[^\n]*? name=)"([^"\n]*)"/g;

function withoutNetworkNames(text: string, { ssids, otherSsids }: RedactionContext): string {
  const known = otherSsids
    .filter((name) => name !== '' && !ssids.has(name))
    .sort((a, b) => b.length - a.length)
    .reduce((words, name) => words.replaceAll(name, anotherNetwork), text);
  const judged = (whole: string, name: string | undefined, told: string) =>
    name === undefined || ssids.has(name.trim()) ? whole : told;
  return known
    .replace(named, (whole, label: string, between: string, double?: string, single?: string, bare?: string) =>
      judged(whole, double ?? single ?? bare, `${label}${between || ' '}${anotherNetwork}`),
    )
    .replace(connection, (whole, label: string, between: string, double?: string, single?: string) =>
      judged(whole, double ?? single, `${label}${between}${anotherNetwork}`),
    )
    .replace(audited, (whole, before: string, name: string) => judged(whole, name, `${before}${anotherNetwork}`));
}
