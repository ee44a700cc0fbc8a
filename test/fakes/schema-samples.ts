import { Value } from 'typebox/value';
import type { JsonSchema } from '../../shared/api/json-schema.ts';

/** Tried in turn where a text must have a form. */
const texts = [
  'x',
  'xxxxxxxxxxxxxxxx',
  '2026-11-20',
  '2026-11-20T08:00:00.000Z',
  'someone@example.org',
  'https://lists.example/hosts.txt',
  'example.org',
  'America/Chicago',
  'X',
  '08:00',
  'abcdef0123456789'.repeat(4),
  `sha256:${'0'.repeat(64)}`,
];

/** The smallest value a schema allows, so that a request gets as far as its rights. */
export function sampleOf(schema: object): unknown {
  const sample = pick(schema as JsonSchema);
  if (Value.Check(schema, sample)) return sample;
  throw new Error(`no sample fits ${JSON.stringify(schema).slice(0, 300)}: ${JSON.stringify(sample)}`);
}

function pick(schema: JsonSchema): unknown {
  // The one schema that holds itself.
  if (schema.$ref !== undefined || schema.$defs !== undefined) return { kind: 'everyone' };
  if ('const' in schema) return schema.const;
  if (schema.enum) return schema.enum[0];
  const choices = schema.anyOf;
  if (choices) return pick(choices[0] as JsonSchema);
  if (schema.type === 'object' || schema.properties) {
    const { properties = {}, required = [] } = schema;
    return Object.fromEntries(required.map((name) => [name, pick(properties[name] as JsonSchema)]));
  }
  if (schema.type === 'array')
    return Array.from({ length: Number(schema.minItems ?? 0) }, (_, index) =>
      uniquely(pick(schema.items as JsonSchema), index),
    );
  if (schema.type === 'integer' || schema.type === 'number') return Number(schema.minimum ?? 1);
  if (schema.type === 'boolean') return true;
  if (schema.type === 'null') return null;
  if (schema.type !== 'string') return {};
  return texts.find((text) => Value.Check(schema, text)) ?? 'x';
}

const uniquely = (value: unknown, index: number) =>
  typeof value === 'string' && index > 0 ? `${value}${index}` : value;
