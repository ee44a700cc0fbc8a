import type { CheckRow } from '../../../shared/api/schemas.ts';

/** The part of JSON Schema that parameters of checks use. */
export interface ParameterSchema {
  type?: string;
  title?: string;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  pattern?: string;
}

export interface Parameter {
  name: string;
  title: string;
  schema: ParameterSchema;
  /** The library’s value. */
  usual: unknown;
}

/** What of a check can be set, in the order of its schema. */
export function parametersOf({ parameters, defaults }: Pick<CheckRow, 'parameters' | 'defaults'>): Parameter[] {
  const properties = (parameters as { properties?: Record<string, ParameterSchema> }).properties ?? {};
  return Object.entries(properties).map(([name, schema]) => ({
    ...{ name, schema, title: schema.title ?? name },
    usual: defaults[name],
  }));
}

/** What is wrong with a value, in words; undefined when the server will take it, or when it is the library’s. */
export function parameterProblem({ schema }: Parameter, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  switch (schema.type) {
    case 'integer':
    case 'number':
      return numberProblem(schema, value);
    case 'string':
      return textFits(schema, value) ? undefined : 'Not of the expected form.';
    case 'object':
      return recordProblem(value);
    default:
      return undefined;
  }
}

function numberProblem({ type, minimum = 0, maximum = Number.MAX_SAFE_INTEGER }: ParameterSchema, value: unknown) {
  const isNumber = typeof value === 'number' && Number.isFinite(value);
  if (isNumber && value >= minimum && value <= maximum && (type !== 'integer' || Number.isInteger(value)))
    return undefined;
  return `Between ${minimum} and ${maximum}.`;
}

function textFits({ maxLength = 1000, pattern }: ParameterSchema, value: unknown): boolean {
  return typeof value === 'string' && value.length <= maxLength && (!pattern || new RegExp(pattern, 'u').test(value));
}

const dated = /^\d{4}-\d{2}-\d{2}$/;

function recordProblem(value: unknown): string | undefined {
  const bad = Object.entries(value as Record<string, unknown>).find(([, date]) => !dated.test(String(date)));
  return bad && `“${bad[0]}” needs a day, like ${bad[0] || 'Debian 12'} = 2028-06-30.`;
}

/** `Ubuntu 22.04 = 2032-04-01`, one a line. */
export function recordLines(value: unknown): string {
  return Object.entries((value ?? {}) as Record<string, unknown>)
    .map(([name, date]) => `${name} = ${String(date)}`)
    .join('\n');
}

/** What was written, line by line; a line without a day keeps its place and is a problem. */
export function recordOf(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return Object.fromEntries(
    lines.map((line) => {
      const [name = '', ...date] = line.split('=');
      return [name.trim(), date.join('=').trim()];
    }),
  );
}
