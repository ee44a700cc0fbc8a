import type Type from 'typebox';
import { ErrorAnswer } from '../../shared/api/contract.ts';
import * as apiSchemas from '../../shared/api/schemas.ts';
import { AssignmentInput, Selector } from '../../shared/policy/selector.ts';
import { BrowserSettings } from '../../shared/profile/browser.ts';
import { ProfileSettings } from '../../shared/profile/registry.ts';
import { Upstream, WebFilterSettings } from '../../shared/profile/web-filter.ts';

/** The keywords our contracts use (JSON Schema 2020-12). */
export interface JsonSchema {
  $ref?: string;
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
  return Object.fromEntries(Object.entries(named).map(([name, schema]) => [name, referInside(schema)]));
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
  const name = nameOf.get(JSON.stringify(schema));
  return name === undefined ? referInside(schema) : { $ref: prefix + name };
}

function referInside(schema: JsonSchema): JsonSchema {
  const { properties, items, anyOf } = schema;
  return {
    ...schema,
    ...(properties ? { properties: mapped(properties) } : {}),
    ...(items ? { items: refer(items) } : {}),
    ...(anyOf ? { anyOf: anyOf.map(refer) } : {}),
  };
}

function mapped(properties: Record<string, JsonSchema>): Record<string, JsonSchema> {
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, refer(schema)]));
}
