import type Type from 'typebox';
import type { PolicyKind } from '../../shared/api/schemas.ts';
import { policyKinds } from '../../shared/api/schemas.ts';
import { documentSchemas, documentWords } from './documents.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** File name → schema of each kind of document, for editors: JSON Schema 2020-12, whole in itself. */
export function policySchemas(): Map<string, string> {
  return new Map(policyKinds.map((kind) => [schemaFile(kind), `${JSON.stringify(schemaOf(kind), null, 2)}\n`]));
}

export const schemaFile = (kind: PolicyKind) => `${kind}.schema.json`;

export function schemaOf(kind: PolicyKind): Record<string, Json> {
  const definitions: Record<string, Json> = {};
  const schema = standard(plain(documentSchemas[kind]), definitions) as Record<string, Json>;
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: documentWords[kind],
    ...schema,
    ...(Object.keys(definitions).length > 0 && { $defs: definitions }),
  };
}

const plain = (schema: Type.TSchema): Json => JSON.parse(JSON.stringify(schema));

/** Our own keywords and names go; what refers to itself by name does so by `#/$defs/NAME`, with one definition at the root. */
function standard(schema: Json, definitions: Record<string, Json>): Json {
  if (Array.isArray(schema)) return schema.map((part) => standard(part, definitions));
  if (typeof schema !== 'object' || schema === null) return schema;
  const { $defs, ...rest } = schema;
  for (const [name, definition] of Object.entries(($defs ?? {}) as Record<string, Json>)) {
    if (name in definitions) continue;
    definitions[name] = null;
    definitions[name] = standard(definition, definitions);
  }
  return Object.fromEntries(
    Object.entries(rest).flatMap(([key, value]) => {
      if (key.startsWith('x-') || key === '$id') return [];
      return [[key, key === '$ref' ? `#/$defs/${String(value)}` : standard(value, definitions)]];
    }),
  );
}
