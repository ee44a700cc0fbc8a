import type { TSchema } from 'typebox';

type Parts = { properties?: Record<string, TSchema>; items?: TSchema; anyOf?: TSchema[] };

/**
 * The value without the properties its schema does not name, at any depth: a newer sender may say more than this reader
 * knows (docs/decisions/0037). Nothing is promised about the rest; check it.
 */
export function knownFields(schema: TSchema, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const { properties, items, anyOf } = schema as Parts;
  if (anyOf) return knownFields(likeliest(anyOf.flatMap(alternativesOf), value), value);
  if (Array.isArray(value)) return items ? value.map((item) => knownFields(items, item)) : value;
  if (!properties) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, item]) => {
      const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
      return property ? [[name, knownFields(property, item)]] : [];
    }),
  );
}

function alternativesOf(schema: TSchema): TSchema[] {
  return (schema as Parts).anyOf?.flatMap(alternativesOf) ?? [schema];
}

/** Of alternatives the one with the most constants in common with the value: its kind, mostly. */
function likeliest(alternatives: readonly TSchema[], value: object): TSchema {
  const scored = alternatives.map((schema) => ({ schema, score: constantsIn(schema, value) }));
  return scored.reduce((best, next) => (next.score > best.score ? next : best), { schema: {}, score: -1 }).schema;
}

/** How many of the schema's constants the value has; -1 when it has another. */
function constantsIn(schema: TSchema, value: object): number {
  const constants = Object.entries((schema as Parts).properties ?? {}).filter(([, property]) => 'const' in property);
  const isLike = constants.every(
    ([name, property]) => (value as Record<string, unknown>)[name] === (property as { const?: unknown }).const,
  );
  return isLike ? constants.length : -1;
}
