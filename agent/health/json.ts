/** What a program printed as JSON; undefined when it is none: output of other programs is never trusted. */
export function parseJson(words: string): unknown {
  try {
    return JSON.parse(words);
  } catch {
    return undefined;
  }
}

/** The value at a path of property names; undefined where the path leads nowhere. */
export function member(value: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>(
    (inner, name) =>
      typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[name] : undefined,
    value,
  );
}

/** The items when it is a list, else none. */
export function items(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
