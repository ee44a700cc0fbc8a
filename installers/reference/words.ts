import { type JsonSchema, nameIn } from '../../shared/api/json-schema.ts';
import { code } from './markdown.ts';

/** What a value is, in a few words; named types are links to their own table on the same page. */
export function typeWords(schema: JsonSchema): string {
  if (schema.$ref) return `[${nameIn(schema.$ref)}](#${nameIn(schema.$ref).toLowerCase()})`;
  if (schema.anyOf) return schema.anyOf.map(typeWords).join(' or ');
  if (schema.enum) return schema.enum.map(code).join(', ');
  if (schema.const !== undefined) return code(JSON.stringify(schema.const));
  if (schema.type === 'array') return `list of ${schema.items ? typeWords(schema.items) : 'anything'}`;
  if (schema.properties) return `{ ${Object.entries(schema.properties).map(fieldWords(schema.required)).join(', ')} }`;
  if (schema.patternProperties) return `map to ${Object.values(schema.patternProperties).map(typeWords).join(' or ')}`;
  return schema.type ?? 'anything';
}

/** The limits a value must keep; nothing when there are none. */
export function limitWords(schema: JsonSchema): string {
  const limits: [keyword: string, before: string, after: string][] = [
    ['minimum', 'at least', ''],
    ['maximum', 'at most', ''],
    ['minLength', 'at least', ' characters'],
    ['maxLength', 'at most', ' characters'],
    ['minItems', 'at least', ' items'],
    ['maxItems', 'at most', ' items'],
    ['default', 'usually', ''],
  ];
  return limits
    .filter(([keyword]) => typeof schema[keyword] === 'number')
    .map(([keyword, before, after]) => `${before} ${Number(schema[keyword]).toLocaleString('en')}${after}`)
    .join(', ');
}

function fieldWords(required: readonly string[] = []) {
  return ([name, schema]: [string, JsonSchema]) => `${name}${required.includes(name) ? '' : '?'}: ${typeWords(schema)}`;
}
