/* Files of `key = value` lines as pwquality.conf(5) and faillock.conf(5) have them. Of several lines the last one counts. */

export type Values = ReadonlyMap<string, number>;

/** The numbers in a file; `never` is what faillock.conf(5) also writes as 0. */
export function readValues(text: string): Map<string, number> {
  const lines = [...text.matchAll(/^[ \t]*([a-z_]+)[ \t]*=[ \t]*(-?\d+|never)[ \t]*$/gm)];
  return new Map(lines.map(([, key = '', value]) => [key, value === 'never' ? 0 : Number(value)]));
}

/** The same text with these values: in the lines that set them, else at the end. */
export function withValues(text: string, values: Values): string {
  const present = readValues(text);
  const changed = [...values].reduce((words, [key, value]) => setLines(words, key, `${key} = ${value}`), text);
  const added = [...values].filter(([key]) => !present.has(key)).map(([key, value]) => `${key} = ${value}\n`);
  const end = added.length > 0 && changed !== '' && !changed.endsWith('\n') ? '\n' : '';
  return `${changed}${end}${added.join('')}`;
}

/** The text with the values of before for some keys; what else was changed meanwhile stays. */
export function reverted(text: string, before: string, keys: readonly string[]): string {
  const values = readValues(before);
  return keys.reduce((words, key) => {
    const line = linesOf(before, key).at(-1);
    if (values.has(key) && line !== undefined) return setLines(words, key, line);
    return words.replace(new RegExp(`${active(key).source}\\n?`, 'gm'), '');
  }, text);
}

function setLines(text: string, key: string, line: string): string {
  return text.replace(active(key), () => line);
}

function linesOf(text: string, key: string): string[] {
  return text.match(active(key)) ?? [];
}

function active(key: string): RegExp {
  return new RegExp(`^[ \\t]*${key}[ \\t]*=.*$`, 'gm');
}
