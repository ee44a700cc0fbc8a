import { canonicalJson } from '../../shared/policy/canonical.ts';

const shown = 20;
const longestWords = 600;
const longestValue = 120;
const fewest = 5;

/**
 * How two documents differ, in words that name the place: `settings.webFilter.safeSearch: false → true`. Lists say what
 * comes and what goes. At most 20, the last of which says how many more there are.
 */
export function differencesOf(before: unknown, after: unknown): string[] {
  const all = [...differing('', before, after)];
  if (all.length <= shown) return all;
  return [...all.slice(0, shown - 1), `… and ${all.length - shown + 1} more`];
}

function* differing(path: string, before: unknown, after: unknown): Generator<string> {
  if (canonicalJson(before) === canonicalJson(after)) return;
  if (isRecord(before) && isRecord(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)]))
      yield* differing(path === '' ? key : `${path}.${key}`, before[key], after[key]);
  } else if (Array.isArray(before) && Array.isArray(after)) yield listWords(path, before, after);
  else yield cut(`${path}: ${valueWords(before)} → ${valueWords(after)}`);
}

function listWords(path: string, before: readonly unknown[], after: readonly unknown[]): string {
  const [were, are] = [before, after].map((list) => new Set(list.map((item) => canonicalJson(item)))) as [
    Set<string>,
    Set<string>,
  ];
  const gone = before.filter((item) => !are.has(canonicalJson(item)));
  const come = after.filter((item) => !were.has(canonicalJson(item)));
  if (gone.length + come.length === 0) return cut(`${path}: in another order`);
  return cut(`${path}: ${[...some('−', gone), ...some('+', come)].join(', ')}`);
}

function some(sign: string, items: readonly unknown[]): string[] {
  const words = items.slice(0, fewest).map((item) => `${sign}${valueWords(item)}`);
  return items.length > fewest ? [...words, `${sign}${items.length - fewest} more`] : words;
}

function valueWords(value: unknown): string {
  if (value === undefined) return 'nothing';
  const words = typeof value === 'string' ? value : JSON.stringify(value);
  return words.length > longestValue ? `${words.slice(0, longestValue - 1)}…` : words;
}

const cut = (words: string) => (words.length > longestWords ? `${words.slice(0, longestWords - 1)}…` : words);

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
