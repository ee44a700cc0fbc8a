import type { Place, ProblemLog } from './problems.ts';
import { quoted } from './problems.ts';
import type { TableSpec } from './table.ts';

/** Misspellings met in exports of real systems, folded → what is meant. */
const misspellings: Readonly<Record<string, string>> = {
  datalastmodified: 'dateLastModified',
  datelastmodifed: 'dateLastModified',
  prefferedgivenname: 'preferredGivenName',
  prefferedmiddlename: 'preferredMiddleName',
  prefferedfamilyname: 'preferredFamilyName',
  sourceid: 'sourcedId',
  orgsourcedid: 'orgSourcedIds',
  orgsourceids: 'orgSourcedIds',
  termsourcedid: 'termSourcedIds',
  agentsourcedid: 'agentSourcedIds',
  parentsourceid: 'parentSourcedId',
  schoolsourceid: 'schoolSourcedId',
  coursesourceid: 'courseSourcedId',
  classsourceid: 'classSourcedId',
  usersourceid: 'userSourcedId',
  orgsourceid: 'orgSourcedId',
  primaryorgsourceid: 'primaryOrgSourcedId',
  grade: 'grades',
};

const mostColumns = 500;

/**
 * Kept column → its index; undefined when the file cannot be read by this header. Exact in strict mode; lenient mode
 * forgives case, spaces, a byte-order mark, known misspellings and columns it does not know. Extension columns
 * (`metadata.…`) are part of the standard and ignored in both.
 */
export function matchHeader(
  file: string,
  cells: readonly string[],
  spec: TableSpec,
  log: ProblemLog,
): ReadonlyMap<string, number> | undefined {
  const place = (column: string | null): Place => ({ file, row: 1, column });
  if (cells.length > mostColumns) {
    log.error(place(null), `The header has more than ${mostColumns} columns. Is it a roster?`);
    return undefined;
  }
  const found = new Map<string, number>();
  for (const [index, written] of cells.entries()) {
    const column = recognise(written, spec);
    if (column === undefined) noteUnknown(written, place(quotedColumn(written)), log);
    else if (found.has(column)) log.forgive(place(column), 'The column appears twice; the first is used.');
    else {
      found.set(column, index);
      if (column !== written && lookUp(spec.aliases, written) !== column)
        log.forgive(place(column), `The column is spelt ${quoted(written)}. Write ${column}.`);
    }
  }
  return demandColumns(found, spec, place, log);
}

function demandColumns(
  found: Map<string, number>,
  spec: TableSpec,
  place: (column: string | null) => Place,
  log: ProblemLog,
): ReadonlyMap<string, number> | undefined {
  for (const column of spec.required.filter((name) => !found.has(name))) {
    const words = `The column ${column} is missing. Add it to the header.`;
    if (spec.essential.includes(column)) log.error(place(column), words);
    else log.forgive(place(column), words);
  }
  if (spec.essential.some((name) => !found.has(name))) return undefined;
  return new Map([...found].filter(([column]) => spec.kept.includes(column)));
}

function recognise(written: string, spec: TableSpec): string | undefined {
  if (spec.columns.includes(written)) return written;
  const alias = lookUp(spec.aliases, written);
  if (alias !== undefined) return alias;
  const folded = fold(written);
  const meant = lookUp(spec.misspellings ?? misspellings, folded);
  return spec.columns.find((column) => fold(column) === folded) ?? spec.columns.find((column) => column === meant);
}

function noteUnknown(written: string, place: Place, log: ProblemLog): void {
  if (written.startsWith('metadata.')) return;
  log.forgive(place, 'The standard has no such column; it was ignored.');
}

const fold = (name: string) => name.toLowerCase().replaceAll(/[\s_.-]/g, '');
const quotedColumn = (name: string) => (name.trim() === '' ? null : name.slice(0, 100).replaceAll(/\p{Cc}/gu, '?'));

/** A header may hold any word, `constructor` too. */
const lookUp = (names: Readonly<Record<string, string>> | undefined, word: string) =>
  names && Object.hasOwn(names, word) ? names[word] : undefined;
