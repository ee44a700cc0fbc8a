import type { Settings, SettingsRules } from './kept-settings.ts';
import type { Policies, PolicyValue } from './policies.ts';
import { isObject } from './policy-file.ts';

/** One value of the Windows registry, as `reg query` prints it: numbers of REG_DWORD, everything else as text. */
export interface RegistryValue {
  key: string;
  name: string;
  type: string;
  content: string | number;
}

export interface RegistryPolicies {
  values: Settings<RegistryValue>;
  /** Keys that hold the entries `1`, `2`, … of a list: what else stands in them would be read as part of it. */
  lists: ReadonlySet<string>;
}

/** Names in the registry differ by more than case, never by case alone. */
export function registryId(key: string, name: string): string {
  return `${key}\\${name}`.toLowerCase();
}

/** Taken as JSON text; a list of objects or a free-form object has no other form in the registry. */
const asJson = new Set(['ExtensionSettings', 'ProxySettings']);

/**
 * Policies → registry values: booleans and numbers REG_DWORD, text REG_SZ, lists a key with values 1, 2, …
 * https://chromeenterprise.google/policies/ and https://firefox-admin-docs.mozilla.org/guides/windows-gpo/
 */
export function registryPolicies(root: string, policies: Policies): RegistryPolicies {
  const values = new Map<string, RegistryValue>();
  const lists = new Set<string>();
  const put = (key: string, name: string, type: string, content: string | number) =>
    values.set(registryId(key, name), { key, name, type, content });
  const visit = (key: string, name: string, value: PolicyValue): void => {
    if (typeof value === 'boolean' || typeof value === 'number') put(key, name, 'REG_DWORD', Number(value));
    else if (typeof value === 'string') put(key, name, 'REG_SZ', value);
    else if (asJson.has(name)) put(key, name, 'REG_SZ', JSON.stringify(value));
    else if (Array.isArray(value)) {
      lists.add(`${key}\\${name}`.toLowerCase());
      for (const [index, item] of value.entries()) visit(`${key}\\${name}`, String(index + 1), item);
    } else for (const [inner, item] of Object.entries(value)) visit(`${key}\\${name}`, inner, item);
  };
  for (const [name, value] of Object.entries(policies)) visit(root, name, value);
  return { values, lists };
}

/** What stands directly in one of the lists is ours; spelling of keys and names is no difference. */
export function registryRules(lists: ReadonlySet<string>): SettingsRules<RegistryValue> {
  return {
    owned: (id) => lists.has(id.slice(0, id.lastIndexOf('\\'))),
    equal: (one, other) => one?.type === other?.type && one?.content === other?.content,
  };
}

/**
 * Reads `reg query KEY /s`. Only what no language of Windows translates is looked at: names of hives and of types,
 * and the four blanks between columns.
 */
export function parseRegistry(output: string): Map<string, RegistryValue> {
  const values = new Map<string, RegistryValue>();
  let key = '';
  for (const line of output.split(/\r?\n/)) {
    if (/^HKEY_[A-Z_]+\\/.test(line)) key = line.trim();
    const [, name, type, text = ''] = /^ {4}(.+?) {4}(REG_[A-Z_]+)(?: {4}(.*))?$/.exec(line) ?? [];
    // The unnamed value of a key is printed as (Default), in the language of Windows; no policy uses it.
    if (!name || !type || key === '' || /^\(.*\)$/.test(name)) continue;
    const content = type === 'REG_DWORD' ? Number.parseInt(text, 16) : text;
    values.set(registryId(key, name), { key, name, type, content });
  }
  return values;
}

export function isRegistryValue(value: unknown): value is RegistryValue {
  return (
    isObject(value) &&
    typeof value.key === 'string' &&
    typeof value.name === 'string' &&
    typeof value.type === 'string' &&
    ['string', 'number'].includes(typeof value.content)
  );
}

/**
 * The text of a file for `reg import`: one process however many values there are, and no limit of a command line.
 * Plain ASCII, so that it means the same in every code page.
 * https://support.microsoft.com/help/310516 (.reg format)
 */
export function registryFile(
  writes: ReadonlyMap<string, RegistryValue | undefined>,
  present: Settings<RegistryValue>,
  roots: readonly string[],
): string {
  const lines = ['Windows Registry Editor Version 5.00'];
  for (const [id, value] of writes) {
    const place = value ?? present.get(id);
    if (place) lines.push('', `[${place.key}]`, `${quoted(place.name)}=${value ? encoded(value) : '-'}`);
  }
  for (const key of emptied(writes, present, roots)) lines.push('', `[-${key}]`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** Keys that lose their last value by these writes: an empty key left behind would be read as an empty list. */
function emptied(
  writes: ReadonlyMap<string, RegistryValue | undefined>,
  present: Settings<RegistryValue>,
  roots: readonly string[],
): string[] {
  const after = new Set([...present.keys(), ...writes.keys()].filter((id) => !writes.has(id) || writes.get(id)));
  const lost = [...writes].flatMap(([id, value]) => (value ? [] : (present.get(id)?.key ?? [])));
  const keys = new Set(lost.flatMap((key) => keyAndParents(key, roots)));
  return [...keys].filter((key) => ![...after].some((id) => id.startsWith(`${key.toLowerCase()}\\`)));
}

/** The key and those above it, up to the browser's own. */
function keyAndParents(key: string, roots: readonly string[]): string[] {
  const root = roots.find((top) => key.toLowerCase().startsWith(top.toLowerCase()));
  if (root === undefined) return [];
  const parts = key.split('\\');
  return parts.map((_, index) => parts.slice(0, index + 1).join('\\')).filter((part) => part.length >= root.length);
}

const hexTypes: Readonly<Record<string, string>> = {
  REG_SZ: 'hex(1)',
  REG_EXPAND_SZ: 'hex(2)',
  REG_BINARY: 'hex',
  REG_MULTI_SZ: 'hex(7)',
};

function encoded({ type, content }: RegistryValue): string {
  if (typeof content === 'number') return `dword:${content.toString(16).padStart(8, '0')}`;
  if (type === 'REG_SZ' && /^[\x20-\x7e]*$/.test(content)) return quoted(content);
  return `${hexTypes[type] ?? 'hex(1)'}:${bytes(type, content)
    .toString('hex')
    .replace(/..(?=.)/g, '$&,')}`;
}

function bytes(type: string, content: string): Buffer {
  if (type === 'REG_BINARY') return Buffer.from(content, 'hex');
  // `reg query` prints the ends of a multi-string's items as \0.
  const text = type === 'REG_MULTI_SZ' ? `${content.replaceAll('\\0', '\0')}\0` : content;
  return Buffer.from(`${text}\0`, 'utf16le');
}

function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&')}"`;
}
