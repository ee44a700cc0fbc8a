/** Line breaks and the like part words; the rest (ESC, bidirectional overrides, halves of pairs) only steers and deceives. */
const breaks = /[\t\n\v\f\r\p{Zl}\p{Zp}]+/gu;
const unseen = /[\p{Cc}\p{Cf}\p{Cs}]/gu;
const notPlain = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/**
 * What a stranger wrote, fit for one line of a terminal, log or page: line breaks become spaces, control and formatting
 * characters and lone surrogates are removed, and nothing becomes `fallback`.
 */
export function plainText(said: string, fallback: string): string {
  return said.replace(breaks, ' ').replace(unseen, '').trim() || fallback;
}

/** The same for what may be missing. */
export function plainTextOrNull(said: string | undefined): string | null {
  return plainText(said ?? '', '') || null;
}

/** Every text within a JSON value made plain; the very same value when all were. Depth is the caller's limit. */
export function plainTexts<T>(value: T): T {
  return arePlain(value) ? value : (madePlain(value) as T);
}

/** As nearly all that devices say is: nothing is made to find that out. */
function arePlain(value: unknown): boolean {
  if (typeof value === 'string') return !notPlain.test(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.values(value).every(arePlain);
}

function madePlain(value: unknown): unknown {
  if (typeof value === 'string') return notPlain.test(value) ? plainText(value, '') : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(madePlain);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, madePlain(item)]));
}

/** Several lines for a terminal: the line breaks stay, whatever else would steer it goes. */
export function plainLines(words: string): string {
  return words.split('\n').map(withoutSteering).join('\n');
}

/** JSON text that prints as it is: what a terminal would obey is written as an escape, which means the same. */
export function plainJson(value: unknown): string {
  return (JSON.stringify(value, null, 2) ?? 'null').replace(unseenButBreaks, (sign) =>
    [...Array(sign.length).keys()].map((at) => `\\u${sign.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
  );
}

const unseenButBreaks = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const withoutSteering = (line: string) => line.replaceAll('\t', ' ').replace(unseenButBreaks, '');
