/** The address's search part as plain texts: `?grade=06` stays `06`, unlike in JSON. */
export function parseSearch(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search));
}

/** Empty and missing values leave no trace in the address. */
export function stringifySearch(search: Readonly<Record<string, unknown>>): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) {
    if (value !== undefined && value !== null && value !== '') params.set(key, String(value));
  }
  return params.size > 0 ? `?${params}` : '';
}

/** One of the allowed words, or undefined: an address typed by hand never breaks a page. */
export function oneOf<const T extends readonly string[]>(allowed: T, value: unknown): T[number] | undefined {
  return allowed.find((word) => word === value);
}

/** A non-empty text of at most `limit` characters, or undefined. */
export function textOf(value: unknown, limit = 200): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, limit) : undefined;
}

/** The place to return to after signing in: a path of this console, never another site's address. */
export function returnPath(value: unknown): string {
  const path = textOf(value, 2000);
  return path && /^\/(?![/\\])/.test(path) && !path.startsWith('/sign-in') ? path : '/';
}
