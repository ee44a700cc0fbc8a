import type { Policies, PolicyValue } from './policies.ts';

/** One preference of macOS: the domain's path without `.plist`, its key, and its value as JSON. */
export interface Preference {
  domain: string;
  key: string;
  value: unknown;
}

export function preferenceId(domain: string, key: string): string {
  return `${domain} ${key}`;
}

export function preferences(domain: string, values: Readonly<Record<string, unknown>>): Map<string, Preference> {
  return new Map(
    Object.entries(values).map(([key, value]) => [preferenceId(domain, key), { domain, key, value }] as const),
  );
}

/**
 * Firefox reads nested policies from keys joined by `__`, once EnterprisePoliciesEnabled is set; the free-form
 * ExtensionSettings is taken as JSON text. https://github.com/mozilla/policy-templates/blob/master/mac/README.md
 */
export function firefoxPreferences(policies: Policies): Record<string, PolicyValue> {
  const flat: [string, PolicyValue][] = Object.entries(policies).flatMap(([name, value]) => flattened(name, value));
  return flat.length === 0 ? {} : { EnterprisePoliciesEnabled: true, ...Object.fromEntries(flat) };
}

function flattened(name: string, value: PolicyValue): [string, PolicyValue][] {
  if (name === 'ExtensionSettings') return [[name, JSON.stringify(value)]];
  if (typeof value !== 'object' || Array.isArray(value)) return [[name, value]];
  return Object.entries(value).flatMap(([key, inner]) => flattened(`${name}__${key}`, inner));
}

/** Arguments of `/usr/bin/defaults` that set a preference. Values are typed: `defaults` would guess otherwise. */
export function writeArguments({ domain, key, value }: Preference): string[] {
  return ['write', domain, key, ...typed(value)];
}

/** Arguments of `/usr/bin/defaults` that delete one preference, or with no key the whole domain. */
export function deleteArguments(domain: string, key?: string): string[] {
  return ['delete', domain, ...(key === undefined ? [] : [key])];
}

/** Arguments of `/usr/bin/plutil` that print a domain's file as JSON. */
export function readArguments(domain: string): string[] {
  return ['-convert', 'json', '-o', '-', `${domain}.plist`];
}

function typed(value: unknown): string[] {
  if (typeof value === 'boolean') return ['-bool', value ? 'TRUE' : 'FALSE'];
  if (typeof value === 'number') return [Number.isInteger(value) ? '-int' : '-float', String(value)];
  if (typeof value === 'string') return ['-string', value];
  return [plist(value)];
}

/** Lists and dictionaries go as a fragment of an XML property list, which keeps the types of what they hold. */
function plist(value: unknown): string {
  if (typeof value === 'boolean') return value ? '<true/>' : '<false/>';
  if (typeof value === 'number')
    return Number.isInteger(value) ? `<integer>${value}</integer>` : `<real>${value}</real>`;
  if (Array.isArray(value)) return `<array>${value.map(plist).join('')}</array>`;
  if (typeof value !== 'object' || value === null) return `<string>${escaped(String(value))}</string>`;
  const entries = Object.entries(value).map(([key, item]) => `<key>${escaped(key)}</key>${plist(item)}`);
  return `<dict>${entries.join('')}</dict>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
