import type { MergeRule } from '../../../shared/profile/keywords.ts';
import { type CapabilityName, capabilities } from '../../../shared/profile/registry.ts';

/** The part of JSON Schema that settings use, with the words of `shared/profile/keywords.ts`. */
export interface FieldSchema {
  type?: string;
  const?: unknown;
  enum?: readonly string[];
  anyOf?: readonly FieldSchema[];
  items?: FieldSchema;
  properties?: Readonly<Record<string, FieldSchema>>;
  title?: string;
  description?: string;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  minimum?: number;
  maximum?: number;
  'x-merge'?: MergeRule;
  'x-group'?: string;
  'x-labels'?: readonly string[];
  'x-example'?: string;
  'x-source'?: 'categories';
  'x-secret'?: true;
}

export type FieldKind = 'switch' | 'choice' | 'categories' | 'lines' | 'entries' | 'number' | 'text' | 'variants';

export interface Field {
  name: string;
  schema: FieldSchema;
  kind: FieldKind;
  title: string;
}

/** How a setting is edited, from its schema alone: a new capability needs no form of its own. */
export function kindOf(schema: FieldSchema): FieldKind {
  if (schema.type === 'boolean') return 'switch';
  if (schema.enum) return 'choice';
  if (schema.anyOf) return 'variants';
  if (schema.type === 'array' && schema.items?.type === 'object') return 'entries';
  if (schema.type === 'array') return schema['x-source'] === 'categories' ? 'categories' : 'lines';
  return schema.type === 'number' || schema.type === 'integer' ? 'number' : 'text';
}

/** The settings of a capability by the group they are shown in, in the order they are declared. */
export function fieldGroups(capability: CapabilityName): { group: string; fields: Field[] }[] {
  const groups = new Map<string, Field[]>();
  for (const [name, schema] of Object.entries(schemasOf(capability))) {
    const group = schema['x-group'] ?? 'Settings';
    const field = { name, schema, kind: kindOf(schema), title: schema.title ?? name };
    groups.set(group, [...(groups.get(group) ?? []), field]);
  }
  return [...groups].map(([group, fields]) => ({ group, fields }));
}

/** The schema of one setting; undefined when this console is older than the server. */
export function fieldSchema(capability: string, setting: string): FieldSchema | undefined {
  return capability in capabilities ? schemasOf(capability as CapabilityName)[setting] : undefined;
}

function schemasOf(capability: CapabilityName): Readonly<Record<string, FieldSchema>> {
  const properties: object = capabilities[capability].settings.properties;
  return properties as Readonly<Record<string, FieldSchema>>;
}

/** What becomes of a setting that several profiles set on one device, in plain words. */
export function mergeText(schema: FieldSchema): string {
  switch (schema['x-merge']) {
    case 'strictest':
      return `Where profiles differ, the strictest holds: ${extremeOf(schema, 'smallest')}.`;
    case 'most-help':
      return `Where profiles differ, what helps the person most holds: ${extremeOf(schema, 'largest')}.`;
    case 'union':
      return 'Where several profiles set it, their lists are joined.';
    case 'replace':
      return 'Where profiles differ, one of them holds: the nearest to the person, then the higher priority.';
    default:
      return '';
  }
}

function extremeOf(schema: FieldSchema, number: 'smallest' | 'largest'): string {
  if (schema.type === 'boolean') return 'on';
  const last = (schema['x-labels'] ?? schema.enum)?.at(-1);
  return last === undefined ? `the ${number} number` : `“${last}” before the others`;
}

/** What is wrong with one text, in words; undefined when it is right. */
export function textProblem(schema: FieldSchema, text: string): string | undefined {
  if (schema.minLength !== undefined && text.length < schema.minLength) return 'is empty';
  if (schema.maxLength !== undefined && text.length > schema.maxLength)
    return `is longer than ${schema.maxLength} characters`;
  if (schema.pattern !== undefined && !new RegExp(schema.pattern, 'u').test(text)) return 'is not of the expected form';
  return undefined;
}

export interface LineProblem {
  /** 1-based, as an editor counts. */
  line: number;
  text: string;
  words: string;
}

/** Pasted text as list items: trimmed, without blank lines and repetitions. */
export function linesOf(text: string): string[] {
  return [
    ...new Set(
      text
        .split(/[\n\r,;\t]+/)
        .map((line) => line.trim())
        .filter((line) => line !== ''),
    ),
  ];
}

/** Every line that its list would refuse, with its place. */
export function lineProblems(schema: FieldSchema, text: string): LineProblem[] {
  const { items = {} } = schema;
  return text
    .split(/\r?\n/)
    .flatMap((line, index) => linesOf(line).map((item) => ({ item, line: index + 1 })))
    .flatMap(({ item, line }) => {
      const words = textProblem(items, item);
      return words ? [{ line, text: item, words }] : [];
    });
}

/** Too many or too few items, in words. */
export function lengthProblem(schema: FieldSchema, length: number): string | undefined {
  if (schema.maxItems !== undefined && length > schema.maxItems)
    return `At most ${schema.maxItems.toLocaleString('en')} entries; there are ${length.toLocaleString('en')}.`;
  if (schema.minItems !== undefined && length < schema.minItems)
    return schema.minItems === 1 ? 'At least one entry is needed.' : `At least ${schema.minItems} entries are needed.`;
  return undefined;
}
