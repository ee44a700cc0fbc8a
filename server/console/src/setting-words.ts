import { type CapabilityName, capabilities } from '../../../shared/profile/registry.ts';
import { entryWords } from './entries.ts';
import { fieldSchema } from './form-fields.ts';

const upstreamWords: Record<string, string> = {
  system: 'The resolver the device had before',
  plain: 'Plain DNS',
  dot: 'DNS over TLS',
  doh: 'DNS over HTTPS',
};

/** Name for the kind of a variant, such as a resolver's. */
export function variantWords(kind: string): string {
  return upstreamWords[kind] ?? kind;
}

/** A setting's value in words: one text, or a list's items. `undefined` means the setting is left alone. */
export function valueWords(capability: string, setting: string, value: unknown): string | readonly string[] {
  if (value === undefined || value === null) return 'Left alone';
  if (typeof value === 'boolean') return value ? 'On' : 'Off';
  if (Array.isArray(value)) return value.length === 0 ? 'Nothing' : value.map(entryWords);
  if (typeof value === 'string') return choiceLabel(capability, setting, value);
  if (typeof value === 'object') return variantText(value as Record<string, unknown>);
  return String(value);
}

function choiceLabel(capability: string, setting: string, value: string): string {
  const schema = fieldSchema(capability, setting);
  return schema?.['x-labels']?.[schema.enum?.indexOf(value) ?? -1] ?? value;
}

function variantText({ kind, ...rest }: Record<string, unknown>): string {
  const parts = Object.values(rest).flatMap((part) => (Array.isArray(part) ? part : [part]));
  return [variantWords(String(kind)), ...parts.map(String)].join(' · ');
}

/** What publishing does to a setting: for lists, only what comes and what goes. */
export type ChangeWords =
  | { kind: 'list'; added: readonly string[]; removed: readonly string[] }
  | { kind: 'value'; before: string; after: string };

export function changeWords(capability: string, setting: string, before: unknown, after: unknown): ChangeWords {
  const [was, becomes] = [listOf(before), listOf(after)];
  if (was && becomes && (Array.isArray(before) || Array.isArray(after))) {
    const [old, fresh] = [new Set(was), new Set(becomes)];
    return {
      kind: 'list',
      added: becomes.filter((item) => !old.has(item)),
      removed: was.filter((item) => !fresh.has(item)),
    };
  }
  const say = (value: unknown) => [valueWords(capability, setting, value)].flat().join(', ');
  return { kind: 'value', before: say(before), after: say(after) };
}

function listOf(value: unknown): string[] | undefined {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value.map(entryWords) : undefined;
}

/** Name of a capability for people; its own id when this console does not know it. */
export function capabilityTitle(name: string): string {
  return name in capabilities ? capabilities[name as CapabilityName].title : name;
}
