import type Type from 'typebox';
import { AssignmentInput, Selector } from '../policy/selector.ts';
import { BrowserSettings } from '../profile/browser.ts';
import { ProfileSettings } from '../profile/registry.ts';
import { Upstream, WebFilterSettings } from '../profile/web-filter.ts';
import { ErrorAnswer } from './contract.ts';
import * as apiSchemas from './schemas.ts';

/** The keywords our contracts use (JSON Schema 2020-12). */
export interface JsonSchema {
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
  type?: string;
  title?: string;
  description?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  enum?: string[];
  const?: unknown;
  patternProperties?: Record<string, JsonSchema>;
  additionalProperties?: boolean | JsonSchema;
  [keyword: string]: unknown;
}

const prefix = '#/components/schemas/';
/** Schemas that have a name of their own: written once, and referred to. */
const named = plainAll({
  ...{ ErrorAnswer, Selector, AssignmentInput, Upstream, BrowserSettings, WebFilterSettings, ProfileSettings },
  ...apiSchemas,
});
const nameOf = new Map(Object.entries(named).map(([name, schema]) => [JSON.stringify(schema), name]));

/** A schema as JSON, with every named schema in it as a reference. */
export function referring(schema: Type.TSchema): JsonSchema {
  return refer(plain(schema));
}

/** Every named schema that something may refer to. */
export function components(): Record<string, JsonSchema> {
  return Object.fromEntries(Object.entries(named).map(([name, schema]) => [name, referInside(unrolled(schema))]));
}

/** The name a reference points at. */
export function nameIn(reference: string): string {
  return reference.slice(prefix.length);
}

function plainAll(schemas: Record<string, Type.TSchema>): Record<string, JsonSchema> {
  const names = Object.keys(schemas).sort();
  return Object.fromEntries(names.map((name) => [name, plain(schemas[name] as Type.TSchema)]));
}

function plain(schema: Type.TSchema): JsonSchema {
  return JSON.parse(JSON.stringify(schema));
}

function refer(schema: JsonSchema): JsonSchema {
  const name = nameOf.get(JSON.stringify(schema)) ?? ownName(schema);
  return name === undefined ? referInside(schema) : { $ref: prefix + name };
}

/** A schema that holds itself names itself: as a whole by `$defs` and `$ref`, further in by `$ref` alone. */
function ownName({ $ref }: JsonSchema): string | undefined {
  if ($ref === undefined || $ref in named) return $ref;
  throw new Error(`A schema refers to ${$ref}, which is none of the named schemas.`);
}

function unrolled(schema: JsonSchema): JsonSchema {
  const { $defs = {}, $ref = '' } = schema;
  const { $id, ...whole } = $defs[$ref] ?? schema;
  return whole;
}

function referInside(schema: JsonSchema): JsonSchema {
  const { properties, patternProperties, additionalProperties, items, anyOf } = schema;
  return {
    ...schema,
    ...(properties ? { properties: mapped(properties) } : {}),
    ...(patternProperties ? { patternProperties: mapped(patternProperties) } : {}),
    ...(typeof additionalProperties === 'object' ? { additionalProperties: refer(additionalProperties) } : {}),
    ...(items ? { items: refer(items) } : {}),
    ...(anyOf ? { anyOf: anyOf.map(refer) } : {}),
  };
}

function mapped(properties: Record<string, JsonSchema>): Record<string, JsonSchema> {
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, refer(schema)]));
}
