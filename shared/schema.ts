import Type from 'typebox';
import type { TLocalizedValidationError } from 'typebox/error';
import { Build, type CheckFunction, Errors } from 'typebox/schema';

/** One schema value gives the static type, the validator and the documentation. */
export interface Validator<T> {
  check(value: unknown): value is T;
  /** The first problems in words, each naming its place: `/filter/upstream must be string`. Empty when valid. */
  problems(value: unknown): string[];
}

/** Private in typebox; its `Check` calls nothing else. */
const checkItself = 'check';
const problemLimit = 5;
/** Problems may quote names of properties that a stranger chose. */
const wordLimit = 300;

/**
 * Compiles a schema once, at its first use: a program pays only for what it meets (docs/decisions/0009), and keeps only the
 * check, not what it was built from, as typebox's own `Compile` would. Keep the result, never call this per message.
 */
export function validator<S extends Type.TSchema>(schema: S): Validator<Type.Static<S>> {
  let compiled: CheckFunction | undefined;
  const ready = () => {
    compiled ??= checkOf(schema);
    return compiled;
  };
  return {
    check: (value): value is Type.Static<S> => fits(ready(), value) === true,
    problems: (value) => {
      const outcome = fits(ready(), value);
      if (outcome === 'too-deep') return ['/ is nested too deep'];
      return outcome ? [] : inWords(Errors(schema, value)[1]);
    },
  };
}

/** What is evaluated keeps the text of the check as well, in pieces: 26,000 strings of a running agent. */
function checkOf(schema: Type.TSchema): CheckFunction {
  return Build(schema).Evaluate()[checkItself];
}

/** A schema that holds itself follows the value down as far as a stranger nests it. */
function fits(check: CheckFunction, value: unknown): boolean | 'too-deep' {
  try {
    return check(value);
  } catch (error) {
    if (error instanceof RangeError) return 'too-deep';
    throw error;
  }
}

/** Each unknown property is an error of its own beside the one that names them all; the latter is lost when they are many. */
function inWords(errors: readonly TLocalizedValidationError[]): string[] {
  const telling = errors.filter((error) => error.keyword !== 'boolean');
  return (telling.length > 0 ? telling : errors).slice(0, problemLimit).map((error) => {
    const words = error.keyword === 'boolean' ? 'is not known here' : error.message + namesIn(error.params);
    return `${error.instancePath || '/'} ${words}`.slice(0, wordLimit);
  });
}

function namesIn(params: object): string {
  const names = 'additionalProperties' in params ? params.additionalProperties : undefined;
  return Array.isArray(names) ? ` (${names.slice(0, problemLimit).join(', ')})` : '';
}

/** A union of string literals, kept as JSON Schema `enum` so that forms and documentation list the choices. */
export function choice<const T extends readonly string[]>(values: T, options: Type.TSchemaOptions = {}) {
  return Type.Unsafe<T[number]>({ type: 'string', enum: [...values], ...options });
}

/** An object that refuses properties it does not name: every boundary uses it. */
export function strictObject<P extends Type.TProperties>(properties: P, options: Type.TSchemaOptions = {}) {
  return Type.Object(properties, { additionalProperties: false, ...options });
}

/** Text with a length limit; the default suits names and labels. */
export function text(maxLength = 200, options: Type.TSchemaOptions = {}) {
  return Type.String({ maxLength, ...options });
}

/** 64 lower-case hexadecimal digits of a SHA-256. */
export const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });

/** Milliseconds since 1970-01-01T00:00Z; bounded to years 1970-2100 so that arithmetic on it stays exact. */
export const EpochMs = Type.Integer({ minimum: 0, maximum: 4_102_444_800_000 });
