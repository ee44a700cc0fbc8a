import Type from 'typebox';
import { strictObject } from '../schema.ts';

const longestPath = 200;
const longestValue = 400;
const mostDifferences = 100;

/** One place at which a thing is otherwise than before; null: there was, or is, nothing. */
export const Difference = strictObject({
  /** Such as `schools.0.name`; empty: the thing itself. */
  path: Type.String({ maxLength: longestPath }),
  before: Type.Union([Type.String({ maxLength: longestValue + 1 }), Type.Null()]),
  after: Type.Union([Type.String({ maxLength: longestValue + 1 }), Type.Null()]),
});
export type Difference = Type.Static<typeof Difference>;

/** No secret gets into the log, whoever hands it in. */
const secret = /secret|password|passphrase|private|token|hash|credential/i;

/**
 * What is otherwise, place by place, in the order of the properties. Values are shortened and bounded in number: the last
 * entry then says how many more there are. Members of lists are compared by their `id`, `name` or `code` where they have
 * one, else a list of plain values as a set.
 */
export function differences(before: unknown, after: unknown): Difference[] {
  const found = [...compared('', before, after)];
  if (found.length <= mostDifferences) return found;
  const more = `${found.length - mostDifferences + 1} more`;
  return [...found.slice(0, mostDifferences - 1), { path: '…', before: null, after: more }];
}

function* compared(path: string, before: unknown, after: unknown): Generator<Difference> {
  if (same(before, after)) return;
  if (secret.test(path)) {
    yield { path: cut(path, longestPath), before: hidden(before), after: hidden(after) };
    return;
  }
  const [old, young] = [membersOf(before), membersOf(after)];
  if (old && young)
    for (const key of new Set([...old.keys(), ...young.keys()]))
      yield* compared(path === '' ? key : `${path}.${key}`, old.get(key), young.get(key));
  else yield { path: cut(path, longestPath), before: wordsOf(before), after: wordsOf(after) };
}

function same(one: unknown, other: unknown): boolean {
  return (one ?? null) === (other ?? null) || JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
}

/** The parts of an object or a list by name; undefined: it is one value. */
function membersOf(value: unknown): Map<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!Array.isArray(value)) return new Map(Object.entries(value));
  if (value.length === 0 || !value.every((one) => nameOf(one) !== undefined)) return undefined;
  return new Map(value.map((one) => [nameOf(one) as string, one]));
}

function nameOf(member: unknown): string | undefined {
  if (typeof member !== 'object' || member === null) return undefined;
  const { id, name, code } = member as Record<string, unknown>;
  return [id, name, code].find((one) => typeof one === 'string') as string | undefined;
}

function wordsOf(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object')) return cut(value.join(', '), longestValue);
  return cut(typeof value === 'string' ? value : JSON.stringify(redacted(value)), longestValue);
}

function redacted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redacted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, secret.test(key) ? hidden(one) : redacted(one)]),
  );
}

function hidden(value: unknown): string | null {
  return value === undefined || value === null ? null : '(not kept)';
}

function cut(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}
