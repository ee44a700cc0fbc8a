/**
 * What a program loads without being asked to: a front process must stay small, and know nothing. Imports of types are
 * erased and `import()` waits until it is called, so neither counts.
 */
const loading = /^\s*(?:import|export)\s+(?!type\b)(?:[^'";]*?\bfrom\s*)?['"]([^'"]+)['"]/gm;

/** `resolve` turns an import of a file into a path from the top; `read` gives a file's text. */
export interface Sources {
  resolve(file: string, specifier: string): string;
  read(file: string): string;
}

/** Every file and package that `program` loads when it starts, itself included. */
export function loadedBy(program: string, { resolve, read }: Sources, seen = new Set<string>()): Set<string> {
  if (seen.has(program)) return seen;
  seen.add(program);
  if (!program.endsWith('.ts')) return seen;
  for (const [, specifier = ''] of read(program).matchAll(loading)) {
    loadedBy(resolve(program, specifier), { resolve, read }, seen);
  }
  return seen;
}

/** Words for what keeps a store from working, which refusals are made of; it loads nothing itself. */
const harmless = 'server/store/trouble.ts';
const forbidden: [RegExp, string][] = [
  [/^(better-sqlite3|kysely|pg)(\/|$)|^server\/store\//, 'the store'],
  [/^server\/[\w/-]*services?\.ts$/, 'a service'],
  [/^typebox(\/|$)|^shared\/protocol\/(messages|codec)\.ts$/, 'schemas of messages'],
];

/** What of it has no business in a front process, as `name: words`. */
export function strangersAtTheFront(loaded: Iterable<string>): string[] {
  return [...loaded].flatMap((name) => {
    const words = name === harmless ? undefined : forbidden.find(([pattern]) => pattern.test(name))?.[1];
    return words ? [`${name}: a front process loads ${words}`] : [];
  });
}
