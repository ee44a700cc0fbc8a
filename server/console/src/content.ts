import type { ProfileContent } from '../../../shared/api/schemas.ts';
import { type CapabilityName, capabilities, capabilityNames } from '../../../shared/profile/registry.ts';
import { entriesProblem } from './entries.ts';
import { type FieldSchema, fieldGroups, kindOf, lengthProblem, textProblem } from './form-fields.ts';

type Settings = ProfileContent['settings'];
type Loose = Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;

/** One setting's value; undefined when the profile leaves it alone. */
export function settingOf(settings: Settings, capability: CapabilityName, name: string): unknown {
  return (settings as Loose)[capability]?.[name];
}

/** The settings with one of them changed; undefined (or an empty list or text) leaves it alone again. */
export function withSetting(settings: Settings, capability: CapabilityName, name: string, value: unknown): Settings {
  const { [capability]: section = {}, ...others } = settings as Loose;
  const { [name]: _, ...rest } = section;
  const changed = isNothing(value) ? rest : { ...rest, [name]: value };
  return (Object.keys(changed).length === 0 ? others : { ...others, [capability]: changed }) as Settings;
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}

/** Whether two contents say the same, whatever the order of their keys. */
export function sameContent(a: object, b: object): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, part]) => part !== undefined);
  return `{${entries
    .sort(([x], [y]) => (x < y ? -1 : 1))
    .map(([key, part]) => `${JSON.stringify(key)}:${canonical(part)}`)
    .join(',')}}`;
}

/** Number of settings a profile sets in one capability. */
export function settingCount(settings: Settings, capability: CapabilityName): number {
  return Object.keys((settings as Loose)[capability] ?? {}).length;
}

/** Names of the settings a profile sets in one capability. */
export function setNames(settings: Settings, capability: CapabilityName): string[] {
  return Object.keys((settings as Loose)[capability] ?? {});
}

/** Whether a capability sets something but leaves the agent only looking. */
export function onlyLooks(settings: Settings, capability: CapabilityName): boolean {
  const hasMode = 'mode' in capabilities[capability].settings.properties;
  const others = setNames(settings, capability).filter((name) => name !== 'mode');
  return hasMode && others.length > 0 && settingOf(settings, capability, 'mode') !== 'enforce';
}

/** What is wrong with one value by its schema, in words; undefined when the server will take it. */
export function valueProblem(schema: FieldSchema, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  switch (kindOf(schema)) {
    case 'lines':
    case 'categories':
      return listProblem(schema, value as readonly string[]);
    case 'entries':
      return entriesProblem(schema, value as readonly unknown[]);
    case 'text':
      return describe(textProblem(schema, String(value)), String(value));
    case 'number':
      return numberProblem(schema, Number(value));
    case 'variants':
      return variantProblem(schema, value as Readonly<Record<string, unknown>>);
    default:
      return undefined;
  }
}

function describe(words: string | undefined, text: string): string | undefined {
  return words && (text === '' ? 'It is empty.' : `“${text.slice(0, 80)}” ${words}.`);
}

/** What is wrong with a list of texts, in words; undefined when it is right. */
export function listProblem(schema: FieldSchema, items: readonly string[]): string | undefined {
  const bad = items.filter((item) => textProblem(schema.items ?? {}, item) !== undefined);
  const [first] = bad;
  if (first === undefined) return lengthProblem(schema, items.length);
  const others = bad.length > 1 ? ` ${bad.length - 1} more like it.` : '';
  return `${describe(textProblem(schema.items ?? {}, first), first)}${others}`;
}

function numberProblem({ type, minimum, maximum }: FieldSchema, value: number): string | undefined {
  if (type === 'integer' && !Number.isInteger(value)) return 'A whole number.';
  if (minimum !== undefined && value < minimum) return `At least ${minimum}.`;
  return maximum !== undefined && value > maximum ? `At most ${maximum}.` : undefined;
}

/** The variant a value is of, by its `kind`. */
export function variantOf(schema: FieldSchema, kind: unknown): FieldSchema | undefined {
  return schema.anyOf?.find((variant) => variant.properties?.kind?.const === kind);
}

function variantProblem(schema: FieldSchema, value: Readonly<Record<string, unknown>>): string | undefined {
  const variant = variantOf(schema, value.kind);
  if (!variant) return 'Choose one.';
  return Object.entries(variant.properties ?? {})
    .filter(([name]) => name !== 'kind')
    .map(([name, part]) => {
      const empty = part.type === 'array' ? [] : '';
      const given = value[name] ?? empty;
      return given === '' ? 'It is not filled in yet.' : valueProblem(part, given);
    })
    .find((words) => words !== undefined);
}

export interface SettingProblem {
  capability: CapabilityName;
  setting: string;
  /** The setting's name for people, with its capability. */
  place: string;
  words: string;
}

/** Everything the server would refuse in these settings. */
export function contentProblems(settings: Settings): SettingProblem[] {
  return capabilityNames.flatMap((capability) =>
    fieldGroups(capability)
      .flatMap((group) => group.fields)
      .flatMap(({ name, schema, title }) => {
        const words = valueProblem(schema, settingOf(settings, capability, name));
        const place = `${capabilities[capability].title}: ${title}`;
        return words ? [{ capability, setting: name, place, words }] : [];
      }),
  );
}
